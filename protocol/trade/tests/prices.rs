//! A price is that of so many of such units, in every dialect, or it is told and not carried.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use rust_decimal::Decimal;
use trade::edi::validate;
use trade::{
    Document, Kind, Left, Line, Mapped, from_edifact, from_x12, to_edifact_of, to_x12,
    without,
};

/// An order in X12 of one line: quantity, unit, price and basis, and what follows it.
fn x12_order(line: &str) -> Mapped<Document> {
    let count = 3 + line.matches('~').count();
    let text = format!(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261122*1830*U*00401\
         *000000001*0*T*>~GS*PO*ACME*NORDWIND*20261122*1830*1*X*004010~ST*850*0001~\
         BEG*00*SA*PO-1**20261122~PO1*1*{line}SE*{count}*0001~GE*1*1~IEA*1*000000001~"
    );
    let faults = validate(text.as_bytes()).faults;
    assert!(faults.is_empty(), "{line}: {faults:?}");
    let all = x12::read(text.as_bytes()).unwrap();
    from_x12(&all[0].groups[0].sets[0]).unwrap()
}

fn edifact_order(segments: &str) -> Mapped<Document> {
    let count = 6 + segments.matches('\'').count();
    let text = format!(
        "UNB+UNOC:3+ACME:ZZZ+NORDWIND:ZZZ+261122:1830+1'UNH+1+ORDERS:D:96A:UN'BGM+220+PO-1+9'\
         DTM+137:20261122:102'LIN+1'{segments}UNS+S'UNT+{count}+1'UNZ+1+1'"
    );
    let faults = validate(text.as_bytes()).faults;
    assert!(faults.is_empty(), "{segments}: {faults:?}");
    let all = edifact::read(text.as_bytes()).unwrap();
    from_edifact(&all[0].groups[0].sets[0]).unwrap()
}

/// Price, how many, of what; and what was told.
fn price(read: &Mapped<Document>) -> (String, Vec<&str>) {
    let line = &read.outcome.lines[0];
    let text = |number: Option<Decimal>| {
        number.map_or_else(|| "-".to_owned(), |number| number.to_string())
    };
    let unit = line.price_unit.clone().unwrap_or_else(|| "-".to_owned());
    let told = read.left.iter().map(|left| left.what.as_str()).collect();
    (format!("{} {} {unit}", text(line.price), text(line.price_per)), told)
}

#[test]
fn the_basis_of_a_price_in_x12_is_read_or_told_with_the_price() {
    let table: [(&str, &str, &[&str]); 17] = [
        ("24*CA*18.375*PE~", "18.375 - EA", &[]),
        ("24*CA*18.375*UM~", "18.375 - -", &[]),
        ("24*CA*18.375~", "18.375 - -", &[]),
        ("24*EA*18.375*PE~", "18.375 - -", &[]),
        ("24*PC*18.375*PE~", "18.375 - -", &[]),
        ("24*EA*4.5*HP~", "4.5 100 -", &[]),
        ("24*FT*4.5*TP~", "4.5 1000 -", &[]),
        ("24*CA*4.5*HP~", "- - -", &["PO1 (order line): 4.5, HP"]),
        ("24*EA*4.5*PD~", "4.5 - DZN", &[]),
        ("24*DZ*4.5*PD~", "4.5 - -", &[]),
        ("24*DZ*4.5*PE~", "4.5 - EA", &[]),
        ("24*LB*4.5*PK~", "4.5 - KGM", &[]),
        ("24*CA*2.99*RE~", "- - -", &["PO1 (order line): 2.99, RE"]),
        ("24*EA*2.99*NC~", "- - -", &["PO1 (order line): 2.99, NC"]),
        ("24*EA*2.99*TE~", "2.99 - -", &["PO1 (order line): TE"]),
        ("24*CA*2.99*LE~", "2.99 - EA", &["PO1 (order line): LE"]),
        ("24*EA*2.99*TM~", "2.99 1000 -", &["PO1 (order line): TM"]),
    ];

    for (line, expected, told) in table {
        let read = x12_order(line);
        let (found, left) = price(&read);
        assert_eq!(found, expected, "{line}");
        assert_eq!(left, told, "{line}");
        // Nothing but the price may be lost with it.
        assert_eq!(read.outcome.lines[0].quantity, Some(Decimal::from(24)), "{line}");
    }
}

#[test]
fn a_price_break_is_for_as_many_units_as_the_price_of_its_line_or_is_told() {
    let read = x12_order("500*EA*12*HP~CTP**PBQ*11.5*1000*EA****HP~CTP***9*5000*EA~");
    let breaks = &read.outcome.lines[0].breaks;
    assert_eq!(breaks.len(), 1, "{breaks:?}");
    assert_eq!(breaks[0].price.to_string(), "11.5");
    let told: Vec<&str> = read.left.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(told, ["CTP (price): 9, 5000, EA"]);

    let read = edifact_order(
        "QTY+21:5:CS'PRI+AAA:12:::1:EA'PRI+AAA:11:::1:EA'RNG+4+EA:50'PRI+AAB:15'",
    );
    let line = &read.outcome.lines[0];
    assert_eq!(line.breaks.len(), 1);
    assert_eq!((line.price, line.breaks[0].price), (Some(12.into()), 11.into()));
    let told: Vec<&str> = read.left.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(told, ["PRI (price): AAB, 15"]);
}

#[test]
fn the_basis_of_a_price_in_edifact_is_read() {
    for (segments, expected) in [
        ("QTY+21:24:CS'PRI+AAA:18.375'", "18.375 - -"),
        ("QTY+21:24:CS'PRI+AAA:18.375:::1:EA'", "18.375 - EA"),
        ("QTY+21:24:CS'PRI+AAA:18.375:::12:CS'", "18.375 12 -"),
        ("QTY+21:24:KGM'PRI+AAA:180:::100'", "180 100 -"),
        ("QTY+21:24:KGM'PRI+AAA:180:::1:TNE'", "180 - TNE"),
    ] {
        let read = edifact_order(segments);
        let (found, told) = price(&read);
        assert_eq!((found.as_str(), told), (expected, vec![]), "{segments}");
    }
    let read = edifact_order("QTY+21:24:KGM'PRI+AAA:180:::0:KGM'");
    assert_eq!(price(&read), ("- - -".into(), vec!["PRI (price): 180, 0, KGM"]));
}

fn order(unit: &str, price: &str, per: Option<i64>, of: Option<&str>) -> Document {
    Document {
        kind: Kind::Order,
        number: "PO-1".into(),
        date: Some("2026-11-22".into()),
        lines: vec![Line {
            number: "1".into(),
            quantity: Some(24.into()),
            unit: unit.into(),
            price: price.parse().ok(),
            price_per: per.map(Decimal::from),
            price_unit: of.map(str::to_owned),
            ..Line::default()
        }],
        ..Document::default()
    }
}

fn x12_envelope() -> x12::Envelope {
    let endpoint = |id: &str| x12::Endpoint { qualifier: "ZZ".into(), id: id.into() };
    x12::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        group_sender: "ACME".into(),
        group_receiver: "NORDWIND".into(),
        version: "004010".into(),
        usage: x12::Usage::Test,
        numbers: x12::Numbers { interchange: 1, group: 1, set: 1 },
        stamp: x12::Stamp { date: "20261122".into(), time: "1830".into() },
    }
}

fn edifact_envelope() -> edifact::Envelope {
    let endpoint = |id: &str| edifact::Endpoint {
        id: id.into(),
        qualifier: "ZZZ".into(),
        address: String::new(),
    };
    edifact::Envelope {
        sender: endpoint("ACME"),
        receiver: endpoint("NORDWIND"),
        control: "1".into(),
        is_test: true,
        stamp: edifact::Stamp { date: "20261122".into(), time: "1830".into() },
    }
}

/// The segment of a tag, and what was told.
fn segment(written: &Mapped<Vec<u8>>, tag: &str, end: char) -> (String, Vec<Left>) {
    let text = String::from_utf8_lossy(&written.outcome).into_owned();
    let found = text.split(end).find(|segment| segment.trim().starts_with(tag));
    (found.unwrap_or_default().trim().to_owned(), written.left.clone())
}

#[test]
fn a_basis_that_x12_has_no_code_for_becomes_the_price_of_one_or_stays_behind() {
    type Case = (
        &'static str,
        &'static str,
        Option<i64>,
        Option<&'static str>,
        &'static str,
        &'static [&'static str],
    );
    let table: [Case; 10] = [
        ("EA", "9.25", None, None, "PO1*1*24*EA*9.25*PE", &[]),
        ("CS", "9.25", None, None, "PO1*1*24*CA*9.25*UM", &[]),
        ("CS", "9.25", None, Some("EA"), "PO1*1*24*CA*9.25*PE", &[]),
        ("EA", "9.25", Some(100), None, "PO1*1*24*EA*9.25*HP", &[]),
        ("FOT", "9.25", Some(100), None, "PO1*1*24*FT*9.25*HP", &[]),
        // Exactly the price of one: it is told that it was said otherwise.
        ("CS", "9.25", Some(100), None, "PO1*1*24*CA*.0925*UM", &["price", "price_per"]),
        (
            "DZN",
            "6",
            Some(12),
            Some("EA"),
            "PO1*1*24*DZ*6*UM",
            &["price_per", "price_unit"],
        ),
        ("KGM", "40", None, Some("TNE"), "PO1*1*24*KG*.04*UM", &["price", "price_unit"]),
        // A third of a cent does not end, and nobody knows what a case holds.
        ("CS", "10", Some(3), None, "PO1*1*24*CA", &["price", "price_per"]),
        ("CS", "10", None, Some("KAR"), "PO1*1*24*CA", &["price", "price_unit"]),
    ];
    for (unit, price, per, of, expected, told) in table {
        let document = order(unit, price, per, of);

        let (found, left) = segment(&to_x12(&document, &x12_envelope()), "PO1", '~');

        let expected = expected.replace("*.0", "*0.0");
        assert_eq!(found, expected, "{price} {per:?} {of:?} {unit}");
        let mut paths: Vec<&str> =
            left.iter().map(|left| left.path.trim_start_matches("lines[0].")).collect();
        paths.sort_unstable();
        let mut told = told.to_vec();
        if price == "6" {
            told.insert(0, "price");
        }
        assert_eq!(paths, told, "{found}: {left:?}");
    }
}

#[test]
fn a_price_for_each_on_a_line_in_cases_crosses_into_edifact_and_back() {
    let read = x12_order("24*CA*18.375*PE~").outcome;

    let written = to_edifact_of(&read, &edifact_envelope(), "96A");

    assert_eq!(segment(&written, "PRI", '\''), ("PRI+AAA:18.375:::1:EA".into(), vec![]));
    let all = edifact::read(&written.outcome).unwrap();
    let back = from_edifact(&all[0].groups[0].sets[0]).unwrap().outcome;
    assert_eq!(back.lines, without(&read, &written.left).unwrap().lines);
    let again = segment(&to_x12(&back, &x12_envelope()), "PO1", '~').0;
    assert_eq!(again, "PO1*1*24*CA*18.375*PE");
}

#[test]
fn a_unit_that_edifact_does_not_know_takes_the_price_with_it() {
    let document = order("CS", "12", None, Some("x12:HC"));
    let (found, left) =
        segment(&to_edifact_of(&document, &edifact_envelope(), "96A"), "PRI", '\'');
    assert_eq!(found, "");
    let told: Vec<&str> = left.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(told, ["lines[0].price: 12", "lines[0].price_unit: x12:HC"]);
    assert!(left.iter().all(|left| left.becomes.is_none()), "{left:?}");
}

#[test]
fn what_a_line_is_worth_is_exact_or_not_known() {
    let worth = |unit: &str, price: &str, per: Option<i64>, of: Option<&str>| {
        let document = order(unit, price, per, of);
        let line = &document.lines[0];
        let text = |number: Option<Decimal>| number.map(|number| number.to_string());
        (text(line.worth(2)), text(line.unit_price()), document.sum().is_whole)
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        worth("EA", "0.045", Some(100), None),
        (some("0.01"), some("0.00045"), true)
    );
    assert_eq!(worth("DZN", "0.5", None, Some("EA")), (some("144.0"), some("6"), true));
    assert_eq!(worth("KGM", "1000", None, Some("TNE")), (some("24"), some("1"), true));
    assert_eq!(worth("CS", "18.375", None, Some("EA")), (None, None, false));
}

#[test]
fn the_price_of_one_unit_is_known_from_the_codes_of_x12_or_it_is_not() {
    let price = |basis, unit| {
        trade::x12_unit_price("4.5".parse().unwrap(), basis, unit)
            .map(|price| price.to_string())
    };
    assert_eq!(price(None, "CA"), Some("4.5".into()));
    assert_eq!(price(Some("PE"), "EA"), Some("4.5".into()));
    assert_eq!(price(Some("HP"), "EA"), Some("0.045".into()));
    assert_eq!(price(Some("PE"), "DZ"), Some("54".into()));
    assert_eq!(price(Some("PE"), "CA"), None);
    assert_eq!(price(Some("HP"), "CA"), None);
    assert_eq!(price(Some("RE"), "EA"), None);
}

#[test]
fn an_invoice_whose_total_cannot_be_added_up_says_so() {
    let mut invoice = order("CS", "18.375", None, Some("EA"));
    invoice.kind = Kind::Invoice;
    let written = to_x12(&invoice, &x12_envelope());
    let told = written.left.iter().find(|left| left.path == "amounts").unwrap();
    assert!(told.why.contains("other units"), "{}", told.why);
}
