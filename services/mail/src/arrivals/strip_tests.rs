use proptest::prelude::{prop, proptest};

use super::{reply, steps};

#[test]
fn a_quotation_with_its_line_above_is_folded_away() {
    for above in [
        "On Mon, Nov 22, 2026 at 10:00 AM Ana Lima <post@hub.test> wrote:",
        "On Mon, Nov 22, 2026 at 10:00 AM Ana Lima\n<post@hub.test> wrote:",
        "On Mon, Nov 22, 2026 at 10:00 AM\nAna Lima (Vendor)\n<post@hub.test> wrote:",
        "Le lun. 22 nov. 2026 à 10:00, Ana Lima <post@hub.test> a écrit :",
        "Le lun. 22 nov. 2026 à 10:00, Ana Lima <post@hub.test> a\nécrit\u{a0}:",
        "El lun, 22 nov 2026 a las 10:00, Ana Lima (<post@hub.test>) escribió:",
        "Am 22.11.26 um 10:00 schrieb Ana Lima:",
        "2026-11-22 10:00 GMT+01:00 Ana Lima <post@hub.test>:",
    ] {
        let mail = format!(
            "Yes, Friday is good.\n\nBest\nXavier\n\n{above}\n\n> Is Friday good?\n> \n> Ana\n"
        );
        assert_eq!(reply(&mail), "Yes, Friday is good.\n\nBest\nXavier", "{above}");
    }
}

#[test]
fn our_own_line_comes_first() {
    let mail = "Bien reçu.\r\n\r\nLe 22/11/2026 à 10:00, Ana a écrit :\r\n\r\n##- Répondez au-dessus de cette ligne -##\r\n\r\nAna:\r\nhello\r\n";
    assert_eq!(reply(mail), "Bien reçu.");
    let quoted = "Vale.\n\n> ##- Responda por encima de esta línea -##\n>\n> Hola\n";
    assert_eq!(reply(quoted), "Vale.");
}

#[test]
fn the_header_of_outlook_starts_a_quotation() {
    for header in [
        "From: Ana Lima <post@hub.test>\nSent: Monday, November 22, 2026 10:00\nTo: X\nSubject: Price",
        "*From:* Ana Lima <post@hub.test>\n*Sent:* Monday\n*To:* X\n*Subject:* Price",
        "De : Ana Lima <post@hub.test>\nEnvoyé : lundi 22 novembre 2026 10:00\nÀ : X\nObjet : Prix",
        "________________________________\nDe: Ana Lima\nEnviado: lunes\nPara: X\nAsunto: Precio",
        "-----Original Message-----\nFrom: Ana Lima\nSent: Monday\nTo: X",
    ] {
        let mail = format!("We take two.\n\n{header}\n\nHow many?\n");
        assert_eq!(reply(&mail), "We take two.", "{header}");
    }
}

#[test]
fn answers_between_or_below_the_quoted_lines_keep_all() {
    let between =
        "On 22 Nov 2026, Ana wrote:\n> Is Friday good?\nYes.\n> And Monday?\nNo.";
    assert_eq!(reply(between), between);
    let below = "On 22 Nov 2026, Ana wrote:\n> Is Friday good?\n\nYes, it is.";
    assert_eq!(reply(below), below);
    let greeting = "Hello Ana,\n\n> Is Friday good?\n\nYes, it is.";
    assert_eq!(reply(greeting), greeting);
    let only = "> Is Friday good?";
    assert_eq!(reply(only), only);
}

#[test]
fn signatures_go_and_names_stay() {
    assert_eq!(reply("Fine.\nXavier\n-- \nXavier Roy\n+33 1 23"), "Fine.\nXavier");
    assert_eq!(reply("Fine.\n\nSent from my iPhone"), "Fine.");
    assert_eq!(
        reply(
            "D'accord.\n\nEnvoyé de mon iPhone\n\nLe 22 nov. 2026 à 10:00, Ana <a@b.test> a écrit :\n\n> Oui ?"
        ),
        "D'accord."
    );
    assert_eq!(reply("Vale\n-- \nX\n\nOn 22 Nov 2026, Ana wrote:\n> ok?\n"), "Vale");
    assert_eq!(reply("-- \nonly a signature"), "--\nonly a signature");
}

#[test]
fn a_quotation_that_nothing_marks_goes_by_its_line_above() {
    let above = "On Wed, May 18, 2016 at 11:10 PM Ana Lima <post@hub.test>\nwrote:";
    assert_eq!(reply(&format!("Yes.\n\n{above}\n\n\nIs Friday good?\n")), "Yes.");
    let between = format!("Hello\n\n{above}\n> Friday?\nyes\n> Monday?\nno");
    assert_eq!(reply(&between), between);
}

#[test]
fn what_a_mailing_list_puts_below_is_no_answer() {
    let list = "_______________________________\nlist mailing list\nlist@x.test";
    let mail = format!("Thanks.\n\nOn 22 Nov 2026, Ana wrote:\n> ok?\n\n{list}");
    assert_eq!(reply(&mail), "Thanks.");
}

#[test]
fn plain_words_are_left_alone() {
    for text in [
        "As we wrote: the price is 12.",
        "From: us\nwith love",
        "a -- b",
        "Look:\n\nSent from my desk, not from my phone.",
        "Two points:\n- one\n- two",
        "",
        "The order 4711 was confirmed, as Ana wrote:\nyes.",
    ] {
        assert_eq!(reply(text), text);
    }
}

proptest! {
    #[test]
    fn property_no_text_makes_it_panic_or_grow(lines in prop::collection::vec(prop::sample::select(vec![
        "", "> ", "> a", "words", "On 1 Jan, A wrote:", "wrote:", "-- ", "From: a", "Sent: b", "To: c",
        "##- Reply above this line -##", "________________________", "-----Original Message-----",
        "Sent from my iPhone", "\u{a0}", "é\r", ">>>>",
    ]), 0..40)) {
        let text = lines.join("\n");
        assert!(reply(&text).len() <= text.len());
    }

    #[test]
    fn property_any_characters_will_do(text in "\\PC{0,400}") {
        assert!(reply(&text).len() <= text.len());
    }
}

/// Ten times the text takes about ten times the work, not a hundred times.
#[test]
fn hostile_text_takes_work_in_proportion_to_its_length() {
    let hostile = [
        "On 1 Jan, A wrote:\n",
        "> a\n",
        "From: a\nSent: b\n",
        "On ",
        ">",
        "wrote:",
        "--\n",
        "_",
        "\n",
        "a\r",
        "On On On wrote\n",
        "> ##- Reply above this line -##\n",
        "-- -- --\n",
    ];
    for piece in hostile {
        let work = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len());
            steps::TAKEN.set(0);
            drop(reply(&text));
            steps::TAKEN.get()
        };
        let (one, ten) = (work(25_000), work(250_000));
        assert!(ten <= one * 11, "{piece:?}: {one} bytes looked at, then {ten}");
        assert!(ten <= 250_000 * 40, "{piece:?}: {ten} bytes looked at");
    }
}
