use proptest::prelude::*;

use super::{MOST_WORDS, Near, Spelled, WORD, alike, paired, telling};

fn near(one: (&str, Option<&str>), two: (&str, Option<&str>)) -> Option<Near> {
    Spelled::new(one.0, one.1).near(&Spelled::new(two.0, two.1))
}

#[test]
fn legal_forms_small_words_and_accents_tell_nothing() {
    assert_eq!(telling("Société Générale, S.A."), ["societe", "generale"]);
    assert_eq!(telling("Müller & Söhne GmbH & Co. KG"), ["muller", "sohne"]);
    assert_eq!(telling("A.P. Møller Holding A/S"), ["ap", "moller", "holding"]);
    assert_eq!(telling("The Company"), ["the", "company"], "there is nothing else");
}

#[test]
fn another_spelling_of_a_customer_is_near() {
    for (one, two) in [
        ("Hafen Bremen GmbH", "HAFEN BREMEN"),
        ("Müller Maschinenbau AG", "Mueller Maschinenbau"),
        ("Ville de Lyon", "Lyon, Ville"),
        ("TechnoPump Ltd", "Techno Pump Limited"),
        ("Meyer Werft", "Meier-Werft GmbH"),
    ] {
        assert!(near((one, None), (two, None)).is_some(), "{one} / {two}");
    }
}

#[test]
fn other_customers_are_not() {
    for (one, two) in [
        ("Hafen Bremen", "Hafen Hamburg"),
        ("Acme Pumps", "Acme Valves"),
        ("Ville de Lyon", "Ville de Nice"),
        ("", ""),
    ] {
        assert_eq!(near((one, None), (two, None)), None, "{one} / {two}");
    }
    let (lyon, nice) = (Some("Lyon"), Some("Nice"));
    assert_eq!(near(("Hotel Central", lyon), ("Hotel Central", nice)), None);
    let same = near(("Hotel Centrale", lyon), ("Hotel Central", Some("LYON")));
    assert!(same.unwrap().same_city);
}

/// Levenshtein's distance by its definition.
fn naive_distance(one: &[char], two: &[char]) -> u32 {
    match (one, two) {
        ([], rest) | (rest, []) => u32::try_from(rest.len()).unwrap(),
        ([a, one @ ..], [b, two @ ..]) => {
            let changed = naive_distance(one, two) + u32::from(a != b);
            let mut left_out = vec![*b];
            left_out.extend(two);
            let mut put_in = vec![*a];
            put_in.extend(one);
            let fewer = naive_distance(one, &left_out) + 1;
            changed.min(fewer).min(naive_distance(&put_in, two) + 1)
        }
    }
}

fn naive_gain(one: &[char], two: &[char]) -> u32 {
    let (a, b) = (u32::try_from(one.len()).unwrap(), u32::try_from(two.len()).unwrap());
    let percent = (a.max(b) - naive_distance(one, two)) * 100 / a.max(b);
    if percent < WORD { 0 } else { percent * (a + b) }
}

/// Every pairing there is, tried one after the other.
fn naive_best(one: &[Vec<char>], two: &[Vec<char>]) -> u32 {
    let Some((word, rest)) = one.split_first() else { return 0 };
    let mut best = naive_best(rest, two);
    for place in 0..two.len() {
        let mut left = two.to_vec();
        let other = left.remove(place);
        best = best.max(naive_gain(word, &other) + naive_best(rest, &left));
    }
    best
}

fn some_words() -> impl Strategy<Value = Vec<Vec<char>>> {
    let letter = prop::sample::select(vec!['a', 'b', 'e', 'm']);
    prop::collection::vec(prop::collection::vec(letter, 1..5), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn words_are_paired_as_the_naive_oracle_pairs_them(one in some_words(), two in some_words()) {
        let letters: usize = one.iter().chain(&two).map(Vec::len).sum();
        let all = u32::try_from(letters).unwrap();
        let expected = naive_best(&one, &two).checked_div(all).unwrap_or(0);
        prop_assert_eq!(paired(&one, &two), expected);
    }

    #[test]
    fn nearness_does_not_depend_on_who_is_asked(one in "\\PC{0,24}", two in "\\PC{0,24}") {
        let (a, b) = (Spelled::new(&one, None), Spelled::new(&two, None));
        prop_assert_eq!(a.near(&b), b.near(&a));
        prop_assert!(a.words.len() <= MOST_WORDS);
    }

    #[test]
    fn a_name_is_its_own(name in "[A-Za-zÀ-ü]{1,12}( [a-z]{1,8}){0,3}") {
        let spelled = Spelled::new(&name, Some("Lyon"));
        let told = spelled.near(&spelled).map(|near| near.percent);
        prop_assert_eq!(told, Some(100));
        prop_assert_eq!(alike(&[], &[]), 0);
    }
}
