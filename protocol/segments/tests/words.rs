//! Everything that people see has words in every language.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene has failed")]

use std::collections::BTreeSet;

use segments::{
    Broken, Flaw, Form, GuideRule, Language, Level, Narrowing, Release, Slot, Syntax,
    facts,
};

fn releases() -> Vec<(Syntax, Release)> {
    let x12 = facts::X12.iter().map(|(_, texts)| (Syntax::X12, *texts));
    let edifact = facts::EDIFACT.iter().map(|(_, _, texts)| (Syntax::Edifact, *texts));
    let all = x12.chain(edifact);
    all.map(|(syntax, texts)| (syntax, Release::read(texts).unwrap())).collect()
}

fn references(slots: &[Slot], into: &mut BTreeSet<String>) {
    for slot in slots {
        into.insert(slot.reference.to_string());
        if let Form::Composite(parts) = &slot.form {
            references(parts, into);
        }
    }
}

#[test]
fn every_segment_and_element_of_the_tables_has_a_name_in_every_language() {
    let mut nameless = BTreeSet::new();
    let mut seen = 0;
    for (syntax, release) in releases() {
        let mut elements = BTreeSet::new();
        for layout in release.layouts() {
            references(&layout.slots, &mut elements);
            for language in Language::ALL {
                let name = language.words().name(&layout.tag.to_string());
                if name.is_none_or(str::is_empty) {
                    nameless.insert(format!("{language:?} {}", layout.tag));
                }
            }
        }
        for element in elements {
            seen += 1;
            for language in Language::ALL {
                let name = language.words().element(syntax, &element);
                if name.is_none_or(str::is_empty) {
                    nameless.insert(format!("{language:?} {syntax:?} {element}"));
                }
            }
        }
    }
    assert_eq!(nameless, BTreeSet::new());
    assert!(seen > 1000, "{seen}");
}

#[test]
fn every_rule_of_a_guide_has_words_in_every_language() {
    let narrowing = |rule| Narrowing {
        rule,
        tag: "N1".into(),
        when: Some((vec!["ST".into(), "DP".into()], "01".into())),
        limit: "17".into(),
    };
    for rule in GuideRule::ALL {
        let told = Language::ALL.map(|own| own.words().narrowed(&narrowing(rule)));
        let mends = Language::ALL.map(|own| own.words().widened(&narrowing(rule)));
        for all in [&told, &mends] {
            let different: BTreeSet<&String> = all.iter().collect();
            assert_eq!(different.len(), 3, "{rule:?}: {all:?}");
        }
        for text in told.iter().chain(&mends) {
            assert!(!text.starts_with("guide.") && !text.contains('{'), "{text}");
        }
    }
    let told = Language::French.words().narrowed(&narrowing(GuideRule::Repeated));
    assert_eq!(told, "ce partenaire accepte N1 avec ST ou DP en 01 17 fois au plus");
}

fn every_flaw() -> Vec<Flaw> {
    let level = Level::Group;
    let condition = || "P0405".to_owned();
    vec![
        Flaw::AmbiguousMarks,
        Flaw::HeaderWidth { wanted: 15, found: 12 },
        Flaw::HeaderWidth { wanted: 12, found: 15 },
        Flaw::HeaderMissing(level),
        Flaw::TrailerMissing(level),
        Flaw::HeaderValue(level),
        Flaw::ControlMismatch { level, header: "77".into() },
        Flaw::ControlInvalid(level),
        Flaw::ControlRepeated(level),
        Flaw::CountMismatch { level, found: 3 },
        Flaw::Empty(level),
        Flaw::CutOff,
        Flaw::Stray,
        Flaw::SetNotSupported,
        Flaw::WrongGroup,
        Flaw::SegmentUnknown,
        Flaw::SegmentNotInSet,
        Flaw::SegmentMisplaced,
        Flaw::SegmentMissing { tag: "BEG".into() },
        Flaw::SegmentRepeated { most: 2 },
        Flaw::LoopRepeated { most: 2 },
        Flaw::SegmentEmpty,
        Flaw::SegmentTooLong,
        Flaw::ElementMissing,
        Flaw::ConditionMissing { condition: condition() },
        Flaw::ConditionMissing { condition: "R0203".into() },
        Flaw::ConditionExcluded { condition: condition() },
        Flaw::TooManyElements { most: 2 },
        Flaw::TooManyComponents { most: 2 },
        Flaw::TooManyRepetitions { most: 2 },
        Flaw::TooShort { least: 2 },
        Flaw::TooLong { most: 2 },
        Flaw::BadCharacter,
        Flaw::OutsideCharset,
        Flaw::NotANumber,
        Flaw::CodeUnknown,
        Flaw::DateInvalid,
        Flaw::TimeInvalid,
        Flaw::MarkInText,
        Flaw::TrailingEmpty,
        Flaw::TotalMismatch { found: "4".into() },
    ]
}

#[test]
fn every_flaw_is_told_with_its_place_and_its_mend_in_every_language() {
    for flaw in every_flaw() {
        let broken = Broken::in_bytes(flaw.clone(), 7, b"x");
        let mut told = BTreeSet::new();
        for language in Language::ALL {
            let words = language.words();
            let (what, mend) = (words.what(&broken), words.mend(&broken));
            for text in [&what, &mend] {
                let is_key = text.starts_with("rule.") || text.starts_with("mend.");
                assert!(!text.is_empty() && !is_key, "{language:?} {flaw:?}: {text}");
                assert!(!text.contains(['{', '}']), "{language:?} {flaw:?}: {text}");
            }
            let sentence = words.tell(&broken);
            assert!(sentence.contains(&what) && sentence.contains(&mend), "{sentence}");
            assert!(sentence.contains('7'), "{sentence}");
            told.insert(sentence);
        }
        assert_eq!(told.len(), 3, "{flaw:?} is told alike in two languages");
    }
}

#[test]
fn a_condition_names_the_elements_that_it_is_about() {
    let told = |element: usize, condition: &str| {
        let condition = condition.to_owned();
        let mut broken = Broken::in_bytes(Flaw::ConditionMissing { condition }, 7, b"x");
        broken.place.segment = "PO1".into();
        broken.place.element = element;
        Language::English.words().what(&broken)
    };

    assert_eq!(told(7, "P0607"), "is missing, and must stand with PO106 (rule P0607)");
    let one = "is missing, and so is PO103: one must be there (rule R0203)";
    assert_eq!(told(2, "R0203"), one);
    let listed = "is missing, and so is PO104: one must be there (rule L020304)";
    assert_eq!(told(3, "L020304"), listed);
}

#[test]
fn every_line_has_the_same_places_in_every_language() {
    let mut keys = BTreeSet::new();
    for line in facts::WORDS.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').collect();
        let (key, texts) = cells.split_first().unwrap();
        assert_eq!(texts.len(), 3, "{line}");
        assert!(keys.insert(*key), "{key} stands twice");
        let places = |text: &str| -> BTreeSet<String> {
            let places = text.split('{').skip(1);
            places.map(|place| place.split('}').next().unwrap().to_owned()).collect()
        };
        for text in texts {
            assert!(!text.trim().is_empty(), "{line}");
            assert_eq!(places(text), places(texts[0]), "{line}");
        }
    }
}

#[test]
fn a_language_is_known_by_its_tag_or_locale() {
    assert_eq!(Language::read("fr_CA.UTF-8"), Some(Language::French));
    assert_eq!(Language::read("ES-mx"), Some(Language::Spanish));
    assert_eq!(Language::read("C.UTF-8"), Some(Language::English));
    assert_eq!(Language::read("de_DE"), None);
    assert_eq!(Language::French.tag(), "fr");
}
