//! The mails that bring people in, in the language of who reads them.

mod en;
mod es;
mod fr;

use gate::Role;
use kernel::{Id, Organisation};

use crate::{Locale, outbox::Mail};

/// What a letter is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Letter<'l> {
    /// Its language.
    pub(crate) locale: Locale,
    /// Who invites.
    pub(crate) organisation: &'l str,
    /// What they wrote; may be empty.
    pub(crate) message: &'l str,
    /// Where to answer.
    pub(crate) link: &'l str,
}

/// The words of one letter in one language.
struct Words {
    subject: String,
    lead: String,
    /// Before what the other side wrote.
    wrote: &'static str,
    /// On the button.
    act: &'static str,
    /// Small, at the end.
    foot: &'static str,
}

/// A letter that only lacks its reader.
pub(crate) struct Written {
    subject: String,
    text: String,
    html: String,
}

/// To the people of an organisation that is here: another one wants to sell with them.
pub(crate) fn proposal(letter: &Letter<'_>) -> Written {
    let words = match letter.locale {
        Locale::En => en::proposal(letter.organisation),
        Locale::Fr => fr::proposal(letter.organisation),
        Locale::Es => es::proposal(letter.organisation),
    };
    write(letter, &words)
}

/// To somebody of an organisation that is not here: another one wants to sell with it.
pub(crate) fn partner(letter: &Letter<'_>, domain: &str) -> Written {
    let words = match letter.locale {
        Locale::En => en::partner(letter.organisation, domain),
        Locale::Fr => fr::partner(letter.organisation, domain),
        Locale::Es => es::partner(letter.organisation, domain),
    };
    write(letter, &words)
}

/// To a colleague who is to come in.
pub(crate) fn member(letter: &Letter<'_>, role: Role) -> Written {
    let words = match letter.locale {
        Locale::En => en::member(letter.organisation, en::role(role)),
        Locale::Fr => fr::member(letter.organisation, fr::role(role)),
        Locale::Es => es::member(letter.organisation, es::role(role)),
    };
    write(letter, &words)
}

impl Written {
    /// Addressed; `organisation` says whose administrators see it in their outbox.
    pub(crate) fn to(self, to: String, organisation: Option<Id<Organisation>>) -> Mail {
        let Self { subject, text, html } = self;
        Mail { to, subject, text, html, organisation }
    }
}

fn write(letter: &Letter<'_>, words: &Words) -> Written {
    let Words { subject, lead, wrote, act, foot } = words;
    let (message, link) = (letter.message, letter.link);
    let (mut told, mut shown) = (String::new(), String::new());
    if !message.is_empty() {
        let quoted: Vec<String> =
            message.lines().map(|line| format!("> {line}")).collect();
        told = format!("\n{wrote}\n{}\n", quoted.join("\n"));
        let broken = escape(message).replace('\n', "<br>\n");
        shown = format!("<p>{}</p>\n<blockquote>{broken}</blockquote>\n", escape(wrote));
    }
    let text = format!("{lead}\n{told}\n{act}:\n{link}\n\n-- \n{foot}\n");
    let (link, act, foot, lead) = (escape(link), escape(act), escape(foot), escape(lead));
    let code = letter.locale.code();
    let html = format!(
        "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\"></head>\n\
         <body style=\"font:16px/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em\">\n\
         <p>{lead}</p>\n{shown}<p><a href=\"{link}\">{act}</a></p>\n\
         <p style=\"color:#666;font-size:13px\">{foot}<br>{link}</p>\n</body></html>\n"
    );
    Written { subject: subject.clone(), text, html }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            plain => safe.push(plain),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use gate::Role;

    use super::{Letter, member, partner, proposal};
    use crate::Locale;

    fn letter(locale: Locale) -> Letter<'static> {
        Letter {
            locale,
            organisation: "Nord & <b>Söhne</b>",
            message: "Hello\n<script>",
            link: "https://hub.example/join?token=abc",
        }
    }

    #[test]
    fn what_people_typed_is_never_markup() {
        let written = proposal(&letter(Locale::En));
        assert!(written.html.contains("Nord &amp; &lt;b&gt;Söhne"));
        assert!(
            !written.html.contains("<script>") && written.text.contains("> <script>")
        );
    }

    #[test]
    fn every_language_tells_who_invites_and_where_to_answer() {
        for locale in Locale::ALL {
            let letter = letter(locale);
            let all = [
                proposal(&letter),
                partner(&letter, "acme.example"),
                member(&letter, Role::EdiOperator),
            ];
            for written in all {
                assert!(written.subject.contains("Nord & <b>Söhne</b>"));
                assert!(!written.subject.contains('\n'));
                assert!(
                    written.text.contains(letter.link)
                        && written.html.contains(letter.link)
                );
            }
        }
    }

    #[test]
    fn a_letter_reads_like_this() {
        let written = member(&Letter { message: "", ..letter(Locale::Fr) }, Role::Seller);
        assert_eq!(written.subject, "Nord & <b>Söhne</b> vous invite dans Entente");
        assert!(written.text.starts_with(
            "Nord & <b>Söhne</b> vous invite à travailler dans Entente, comme commercial.\n"
        ));
    }
}
