//! Mails of others, whose meaning is known. They are fetched, never kept here: see
//! `tests/peers/mail/corpora.py`.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use mail_parser::MessageParser;
use serde_json::Value;

use super::{
    bounce::Lasting,
    html,
    rules::{Nature, judge},
    strip,
};

/// The cases, or nothing where there is no Python to fetch them; in CI there must be.
fn cases() -> Option<Vec<Value>> {
    let Ok(python) = std::env::var("ENTENTE_TEST_PYTHON") else {
        assert!(std::env::var_os("CI").is_none(), "CI must set ENTENTE_TEST_PYTHON");
        eprintln!("skipped: ENTENTE_TEST_PYTHON is not set");
        return None;
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let home = root.join(".tools/corpora");
    let ran = Command::new(python)
        .arg(root.join("tests/peers/mail/corpora.py"))
        .arg(&home)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let told = fs::read(home.join("cases.json")).unwrap();
    Some(serde_json::from_slice(&told).unwrap())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

fn is_wanted(want: &Value, text: &str) -> bool {
    if let Some(exact) = want["exact"].as_str() {
        return squeezed(text) == squeezed(exact);
    }
    let all = |name: &str| want[name].as_array().cloned().unwrap_or_default();
    let stands = |it: &Value| text.contains(it.as_str().unwrap());
    all("has").iter().all(stands) && !all("lacks").iter().any(stands)
}

/// From whom it came, as far as a mail without its envelope tells.
fn sender(raw: &[u8]) -> String {
    let mail = MessageParser::default().parse(raw);
    let from = mail.as_ref().and_then(|mail| mail.from()?.first()?.address());
    from.unwrap_or_default().to_owned()
}

fn is_right(case: &Value, raw: &[u8]) -> bool {
    let text = || String::from_utf8_lossy(raw).into_owned();
    let (want, sender) = (&case["want"], sender(raw));
    match case["kind"].as_str().unwrap() {
        "text" => is_wanted(want, &strip::reply(&text())),
        "html" => is_wanted(want, &strip::reply(&html::to_text(&text()))),
        "reply" => match judge(raw, &sender, false) {
            Nature::Words(words) => is_wanted(want, &words.reply),
            Nature::Automatic(_) | Nature::Bounce(_) | Nature::Nonsense => false,
        },
        "bounce" => matches!(judge(raw, "", true), Nature::Bounce(_)),
        "bounce class" => match judge(raw, "", true) {
            Nature::Bounce(failure) => match failure.lasting {
                Lasting::Permanent => want == "permanent",
                Lasting::Passing => want == "passing",
            },
            Nature::Automatic(_) | Nature::Words(_) | Nature::Nonsense => false,
        },
        "automatic" => match judge(raw, &sender, false) {
            Nature::Automatic(_) => want == "automatic",
            Nature::Bounce(it) => want == "automatic" && it.lasting == Lasting::Passing,
            Nature::Words(_) => want == "words",
            Nature::Nonsense => false,
        },
        "any" => {
            judge(raw, &sender, true);
            judge(raw, &sender, false);
            true
        }
        other => panic!("what is {other}?"),
    }
}

/// How many cases there are, how many of them we read rightly, and each rival.
type Row<'c> = (usize, usize, BTreeMap<&'c str, (usize, usize)>);

/// Prints how many of each corpus are read rightly, by us and by the packages that do the same,
/// and demands that none of them is better.
#[test]
fn the_mails_of_others_are_read_at_least_as_well_as_by_others() {
    let Some(cases) = cases() else { return };
    // (kind, corpus) → (cases, right, of each rival: (cases, right))
    let mut tally: BTreeMap<_, Row<'_>> = BTreeMap::new();
    let mut posted = Vec::new();
    for case in &cases {
        let raw = fs::read(case["path"].as_str().unwrap()).unwrap();
        let right = is_right(case, &raw);
        let key = (case["kind"].as_str().unwrap(), case["corpus"].as_str().unwrap());
        if !right {
            let nature =
                format!("{:.200?}", judge(&raw, "", key.0.starts_with("bounce")));
            eprintln!("wrong: {key:?} {} {}: {nature:.200}", case["name"], case["want"]);
        }
        let row = tally.entry(key).or_default();
        row.0 += 1;
        row.1 += usize::from(right);
        for (name, was_right) in case["rivals"].as_object().unwrap() {
            let rival = row.2.entry(name.as_str()).or_default();
            rival.0 += 1;
            rival.1 += usize::from(was_right == true);
        }
        let nature = judge(&raw, "", false);
        if key.0 == "bounce" && matches!(nature, Nature::Words(_)) {
            posted.push(case["name"].to_string());
        }
    }
    println!("{:<12} {:<20} {:>9}  others", "kind", "corpus", "ours");
    for ((kind, corpus), (all, right, rivals)) in &tally {
        let told: Vec<_> = rivals
            .iter()
            .map(|(name, (all, right))| format!("{name}: {right}/{all}"))
            .collect();
        println!(
            "{kind:<12} {corpus:<20} {:>9}  {}",
            format!("{right}/{all}"),
            told.join(", ")
        );
    }
    for ((kind, corpus), (_, right, rivals)) in &tally {
        let best = rivals.values().map(|(_, right)| *right).max().unwrap_or(0);
        assert!(*right >= best, "{kind} {corpus}: {right}, and others have {best}");
    }
    assert!(
        posted.is_empty(),
        "reports that would be posted as a guest's words: {posted:?}"
    );
}
