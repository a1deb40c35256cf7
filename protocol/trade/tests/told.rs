//! Five files that are wrong, and what we say of them: `protocol/FAULTS.md` is made from this.
//!
//! `ENTENTE_WRITE_PAGES=1` writes the page anew; read what has changed before you keep it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use segments::Weight;
use trade::edi::{Language, Report, validate};

const ORDER: &str = "\
ISA*00*          *00*          *ZZ*ATELIER        *ZZ*NORDWIND       *261122*1015*U*00401*000000007*0*P*>~
GS*PO*ATELIER*NORDWIND*20261122*1015*7*X*004010~
ST*850*0001~
BEG*00*SA*PO-7**20261122~
DTM*002*20261204~
N1*ST*ATELIER SUD*92*0042~
N3*12 RUE DU PORT~
N4*MARSEILLE**13002*FR~
PO1*1*3*EA*245.00**VP*W-100~
PID*F****WINDOW FRAME, OAK~
PO1*2*50*EA*4.25**VP*S-8~
CTT*2~
SE*11*0001~
GE*1*7~
IEA*1*000000007~
";

const ORDERS: &str = "\
UNA:+.? '
UNB+UNOC:3+5412345000013:14+4012345500004:14+261122:1015+B7'
UNH+1+ORDERS:D:96A:UN'
BGM+220+PO-7+9'
DTM+137:20261122:102'
DTM+2:20261204:102'
NAD+BY+5412345000013::9'
NAD+SU+4012345500004::9'
CUX+2:EUR:9'
LIN+1++4012345600018:EN'
IMD+F++:::Window frame, oak'
QTY+21:3:PCE'
PRI+AAA:245.00'
UNS+S'
CNT+2:1'
UNT+14+1'
UNZ+1+B7'
";

/// What went wrong, the file before, the change.
const WRONG: [(&str, &str, [&str; 2]); 5] = [
    ("A date that the calendar does not have", ORDER, ["20261204", "20261304"]),
    ("A unit in words, and a price with a comma", ORDER, ["EA*245.00", "EACH*245,00"]),
    ("A product number that was forgotten", ORDER, ["**VP*W-100", "**VP"]),
    ("A line that was lost on the way", ORDER, ["PO1*2*50*EA*4.25**VP*S-8~\n", ""]),
    ("An apostrophe in a text", ORDERS, ["Window frame, oak", "Window frame, 4' x 3"]),
];

fn broken(file: &str, [before, after]: [&str; 2]) -> String {
    assert_eq!(file.matches(before).count(), 1, "{before}");
    file.replace(before, after)
}

fn told(report: &Report) -> Vec<String> {
    let faults = report.faults.iter();
    faults.map(|told| told.text.clone()).collect()
}

fn page() -> String {
    let mut page = String::from(
        "# Five files that are wrong, and what we say\n\n\
         Made by `trade/tests/told.rs` from the words in `segments/tables/words.txt`; \
         `entente edi validate --lang fr FILE` says the same.\n",
    );
    for (title, file, change) in WRONG {
        let file = broken(file, change);
        let report = validate(file.as_bytes());
        write!(page, "\n## {title}\n").unwrap();
        for language in Language::ALL {
            let report = report.clone().told_in(language);
            write!(page, "\n**{}**\n\n", language.tag()).unwrap();
            let mut before = "";
            for (fault, text) in report.faults.iter().zip(told(&report)) {
                let at = fault.broken.place.at;
                let line = file.get(..at).unwrap().matches('\n').count();
                let line = file.lines().nth(line).unwrap_or_default();
                if language == Language::English && line != before {
                    write!(page, "\n    {line}\n\n").unwrap();
                }
                before = line;
                writeln!(page, "- {text}").unwrap();
            }
        }
    }
    page.replace("\n\n\n", "\n\n")
}

#[test]
fn the_page_of_five_wrong_files_says_what_we_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../FAULTS.md");
    let page = page();
    if std::env::var_os("ENTENTE_WRITE_PAGES").is_some() {
        fs::write(&path, &page).unwrap();
    }

    let kept = fs::read_to_string(&path).unwrap();

    assert!(kept == page, "protocol/FAULTS.md should say:\n{page}");
}

#[test]
fn both_files_are_right_before_they_are_made_wrong_and_wrong_after() {
    for file in [ORDER, ORDERS] {
        assert_eq!(told(&validate(file.as_bytes())), [""; 0]);
    }
    for (title, file, change) in WRONG {
        let report = validate(broken(file, change).as_bytes());
        let errors = report.faults.iter();
        let errors = errors.filter(|told| told.broken.weight == Weight::Error).count();
        assert!((1..4).contains(&errors), "{title}: {report}");
    }
}
