//! Documents as people read them, and where each value of theirs stands in the file.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use proptest::prelude::*;
use trade::edi::{Language, inspect_in};
use trade::{Span, View};

/// One file for each kind of document.
const FILES: [&str; 10] = [
    "840_rfq_two_lines",
    "843_quote_answer",
    "850_nodex12",
    "855_changes",
    "860_mock_in",
    "865_mock",
    "856_mock",
    "810_mock",
    "ORDRSP_mock",
    "INVOIC_d01b_own",
];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn sample(name: &str) -> Vec<u8> {
    let own = tests().join(format!("readings/{name}.edi"));
    let shared = tests().join(format!("samples/{name}.edi"));
    fs::read(own).or_else(|_| fs::read(shared)).unwrap()
}

fn views(file: &[u8], language: Language) -> Vec<View> {
    let inspection = inspect_in(file, language).unwrap();
    inspection.sets.into_iter().filter_map(|set| set.document).collect()
}

/// With `VIEWS=write` in the environment the texts are written anew, for a person to judge.
#[test]
fn a_document_of_each_kind_is_told_in_each_language() {
    let mut wrong = Vec::new();
    for name in FILES {
        let file = sample(name);
        for language in Language::ALL {
            let texts: Vec<String> =
                views(&file, language).iter().map(ToString::to_string).collect();
            let path = tests().join(format!("views/{name}.{}.txt", language.tag()));
            let text = texts.join("\n");
            if env::var("VIEWS").is_ok_and(|told| told == "write") {
                fs::write(&path, &text).unwrap();
            }
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                wrong.push(format!("{}\n{text}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The bytes of spans, without release characters and line ends.
fn bytes(file: &[u8], spans: &[Span]) -> String {
    let texts = spans.iter().map(|span| {
        let raw = &file[span.at..span.at + span.length];
        let text: String = raw.iter().map(|byte| char::from(*byte)).collect();
        text.replace(['?', '\n', '\r'], "").trim().to_owned()
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn each_number_name_and_quantity_points_at_its_bytes() {
    let mut tried = 0;
    for name in FILES {
        let file = sample(name);
        for view in views(&file, Language::English) {
            let rows = view.sections.iter().flat_map(|section| &section.rows);
            let rows = rows.flat_map(|row| [row].into_iter().chain(&row.under));
            for cell in rows.flat_map(|row| &row.cells) {
                // What is told with nothing around it stands in the file as it is told.
                let plain = ["/description", "/products", "/name", "/number"];
                let is_plain = |path: &String| plain.iter().any(|own| path.contains(own));
                let [path, ..] = cell.paths.as_slice() else { continue };
                if !is_plain(path) || cell.text.is_empty() || cell.text.contains(" of ") {
                    continue;
                }
                let found = bytes(&file, &cell.spans);
                let first = cell.text.split(", ").next().unwrap();
                assert!(
                    found.is_empty() || found.contains(first) || first.contains(&found),
                    "{name} {path}: {:?} points at {found:?}",
                    cell.text
                );
                tried += usize::from(!found.is_empty());
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn a_line_of_an_order_points_at_its_quantity_unit_and_price() {
    let file = sample("850_mock_in");
    let view = views(&file, Language::French).remove(0);

    let lines = view.sections.iter().find(|section| section.key == "lines").unwrap();
    let shown = |place: usize| {
        let cell = &lines.rows[0].cells[place];
        (cell.text.as_str(), bytes(&file, &cell.spans))
    };
    assert_eq!(shown(0), ("1", "1".into()));
    assert_eq!(shown(1), ("Widget, blue", "Widget, blue".into()));
    assert_eq!(shown(2), ("100 pièces", "100 EA".into()));
    assert_eq!(shown(3).0, "12,50");
    assert!(shown(3).1.starts_with("12.5"), "{:?}", shown(3));
    assert_eq!(shown(4), ("1\u{202f}250,00", String::new()));
}

#[test]
fn segments_are_told_in_the_language_too() {
    let told = |name: &str, language| {
        format!("{:#}", inspect_in(&sample(name), language).unwrap())
    };
    let french = told("850_mock_in", Language::French);
    for said in
        ["850 commande 0001", "BY (Acheteur)", "EA (pièce)", "002 (Livraison demandée)"]
    {
        assert!(french.contains(said), "{said}: {french}");
    }
    let spanish = told("ORDRSP_mock", Language::Spanish);
    for said in ["ORDRSP respuesta al pedido", "(Proveedor)", "21:100:PCE (Pedido)"] {
        assert!(spanish.contains(said), "{said}: {spanish}");
    }
    let english = told("850_mock_in", Language::English);
    assert!(english.contains("BY (buyer)"), "{english}");
}

proptest! {
    /// Any sample, with some bytes changed, cut out or doubled.
    #[test]
    fn property_no_damage_makes_a_view_panic_or_point_outside(
        which in 0..FILES.len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut file = sample(FILES[which]);
        for (place, byte, how) in damage {
            let place = place.index(file.len());
            match how {
                0 => file[place] = byte,
                1 => {
                    file.remove(place);
                }
                _ => file.insert(place, byte),
            }
        }
        for language in Language::ALL {
            let Ok(inspection) = inspect_in(&file, language) else { continue };
            for view in inspection.sets.iter().filter_map(|set| set.document.as_ref()) {
                let rows = view.sections.iter().flat_map(|section| &section.rows);
                let rows = rows.flat_map(|row| [row].into_iter().chain(&row.under));
                for span in rows.flat_map(|row| &row.cells).flat_map(|cell| &cell.spans) {
                    prop_assert!(span.at + span.length <= file.len());
                }
            }
            drop(inspection.to_string());
        }
    }
}
