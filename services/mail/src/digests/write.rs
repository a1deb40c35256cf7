//! What stands in a letter to a member. It is written anew for each attempt, by what may be told
//! at that moment, under the same Message-ID: a server that has it already shows it once.

use gate::House;
use kernel::{Fault, Id, Letter, MailSeat, Membership, Moment};
use store::Tx;

use super::{
    rules::Zone,
    section::{self, Said, Section},
    sql::{self, Addressee},
    words,
};
use crate::{
    letters::{
        Draft, SENDER,
        words::{marker, speaker},
    },
    text::escaped,
    token::{Purpose, Signer, address},
};

/// A letter as its job finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'l> {
    pub(crate) letter: Id<Letter>,
    pub(crate) membership: Id<Membership>,
    /// The place at the one room that it was queued about, if it was one.
    pub(crate) seat: Option<Id<MailSeat>>,
    pub(crate) message_id: &'l str,
    pub(crate) at: Moment,
}

/// A room, with its ways out of the letter.
struct Shown {
    section: Section,
    answer: String,
    stop: String,
    link: String,
}

/// What a letter says now, and of which rooms; none if there is nothing to tell any more.
pub(crate) async fn draft(
    house: &House,
    about: &About<'_>,
) -> Result<Option<(Draft, Vec<Id<MailSeat>>)>, Fault> {
    let mut conn = house.db.read().await?;
    let Some(who) = sql::addressee(&mut conn, about.membership).await? else {
        return Ok(None);
    };
    let signer = Signer::new(&house.settings.secret);
    let (domain, url) = (&house.settings.mail_domain, &house.settings.public_url);
    let mut shown = Vec::new();
    for place in sql::of_letter(&mut conn, about.letter).await? {
        let Some(section) = section::of(&mut conn, &who, &place).await? else { continue };
        let (Some(id), Some(secret)) = (place.seat_id, place.secret) else { continue };
        let stop = signer.quiet_seat(id, &secret).text();
        let seat = sql::LiveSeat {
            id,
            room_id: place.room_id,
            membership_id: who.membership_id,
            party_id: place.party_id,
            email: who.email.clone(),
            secret,
        };
        shown.push(Shown {
            answer: address(Purpose::Member, &signer.of_seat(&seat), domain),
            stop: format!("{url}/api/v1/mail/unsubscribe/{stop}"),
            link: format!("{url}{}", section.path),
            section,
        });
    }
    if shown.is_empty() {
        return Ok(None);
    }
    let seats = (about.seat, about.membership);
    let mut earlier = sql::earlier(&mut conn, seats, about.letter, about.at).await?;
    drop(conn);
    let is_first = earlier.is_empty();
    let root = match about.seat {
        Some(seat) => seat.to_string(),
        None => about.membership.to_string(),
    };
    earlier.insert(0, format!("{root}@{domain}"));
    let page = Page { who: &who, shown: &shown, alone: about.seat.is_some(), url };
    let quiet = signer.about_letter(Purpose::Quiet, about.letter).text();
    let told = shown.iter().filter_map(|it| it.section.seat).collect();
    let draft = Draft {
        from: page.from(),
        address: format!("{SENDER}@{domain}"),
        to: who.email.clone(),
        to_name: Some(who.name.clone()),
        subject: page.subject(is_first),
        message_id: about.message_id.to_owned(),
        earlier,
        reply_to: about.seat.and(shown.first()).map(|it| it.answer.clone()),
        unsubscribe: Some(format!("{url}/api/v1/mail/unsubscribe/{quiet}")),
        automatic: true,
        text: page.text(),
        html: Some(page.html()),
        files: Vec::new(),
    };
    Ok(Some((draft, told)))
}

/// The letter's bytes tell of these rooms, and of no others.
pub(crate) async fn written(
    tx: &mut Tx,
    letter: Id<Letter>,
    told: &[Id<MailSeat>],
) -> Result<(), Fault> {
    tx.run(sql::UNTELL).bind(letter).execute().await?;
    for seat in told {
        tx.run(sql::TELL).bind(letter).bind(*seat).execute().await?;
    }
    Ok(())
}

/// A letter as it is read.
struct Page<'p> {
    who: &'p Addressee,
    shown: &'p [Shown],
    /// Whether an answer to the letter itself leads into the one room.
    alone: bool,
    url: &'p str,
}

impl Page<'_> {
    /// Who speaks, where one does; else the house.
    fn from(&self) -> String {
        let mut all = self.shown.iter().flat_map(|it| &it.section.said);
        match (all.next(), all.next()) {
            (Some(said), None) => speaker(&said.name, said.organisation.as_deref()),
            _ => "Entente".to_owned(),
        }
    }

    fn subject(&self, is_first: bool) -> String {
        let locale = self.who.locale;
        let (rooms, many) =
            (self.shown.len(), |it: &Shown| it.section.said.len() + it.section.more);
        match self.shown {
            [one] if self.alone => {
                let re = if is_first { "" } else { "Re: " };
                format!("{re}{}", self.title(&one.section))
            }
            all => words::several(locale, rooms, all.iter().map(many).sum()),
        }
    }

    fn title<'t>(&self, section: &'t Section) -> &'t str {
        Some(&*section.title)
            .filter(|it| !it.is_empty())
            .unwrap_or(words::untitled(self.who.locale))
    }

    fn head(&self, said: &Said) -> (String, String) {
        let name = speaker(&said.name, said.organisation.as_deref());
        (name, Zone::kept(&self.who.zone).told(said.at))
    }

    fn text(&self) -> String {
        let locale = self.who.locale;
        let mut page = String::new();
        if self.alone {
            page.extend([marker(locale), "\n\n"]);
        }
        for Shown { section, answer, stop, link } in self.shown {
            page.extend(["== ", self.title(section), "\n"]);
            let kind = words::kind(locale, section.kind, &self.who.organisation_name);
            page.extend(kind.iter().flat_map(|kind| [kind.as_str(), "\n"]));
            for said in &section.said {
                let (name, at) = self.head(said);
                page.extend(["\n", &*name, ", ", &*at, "\n", &*said.body, "\n"]);
                page.extend(said.files.iter().flat_map(|it| ["[", it.as_str(), "]\n"]));
            }
            if section.more > 0 {
                page.extend(["\n", &*words::more(locale, section.more), "\n"]);
            }
            page.extend(["\n", words::open(locale), ": ", link, "\n"]);
            if !self.alone {
                page.extend([words::answer(locale), ": ", answer, "\n"]);
            }
            page.extend([words::stop(locale), ": ", stop, "\n\n"]);
        }
        let how = if self.alone { words::alone } else { words::together };
        let reason = words::reason(locale, &self.who.organisation_name);
        page.extend(["-- \n", how(locale), "\n", &*reason, "\n"]);
        page.extend([words::settings(locale), ": ", self.url, "/settings?part=mail\n"]);
        page
    }

    fn html(&self) -> String {
        let locale = self.who.locale;
        let mut page = format!(
            "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"></head>\
             <body style=\"margin:0;padding:16px;background:#ffffff;color:#1a1d21;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5\">\
             <div style=\"max-width:600px;margin:0 auto\">",
            locale.code()
        );
        if self.alone {
            let line = escaped(marker(locale));
            page.extend(["<div style=\"", FAINT, "\">", &*line, "</div>"]);
        }
        for shown in self.shown {
            self.room(shown, &mut page);
        }
        let how = if self.alone { words::alone } else { words::together };
        let reason = escaped(&words::reason(locale, &self.who.organisation_name));
        let url = escaped(self.url);
        page.extend(["<div style=\"margin-top:28px;", FAINT, "\">", how(locale), "<br>"]);
        page.extend([&*reason, "<br><a style=\"color:#5b6470\" href=\"", &*url]);
        page.extend(["/settings?part=mail\">", words::settings(locale), "</a></div>"]);
        page.push_str("</div></body></html>");
        page
    }

    fn room(&self, shown: &Shown, page: &mut String) {
        let locale = self.who.locale;
        let Shown { section, answer, stop, link } = shown;
        let (title, link) = (escaped(self.title(section)), escaped(link));
        page.extend(["<div style=\"margin-top:20px;border:1px solid #dfe3e8;border-radius:8px;padding:14px 16px\">"]);
        page.extend(["<div style=\"font-size:17px;font-weight:600\"><a style=\"color:#1a1d21;text-decoration:none\" href=\"", &*link, "\">", &*title, "</a></div>"]);
        if let Some(kind) = words::kind(locale, section.kind, &self.who.organisation_name)
        {
            let kind = escaped(&kind);
            page.extend(["<div style=\"margin-top:6px;padding:4px 10px;border-left:3px solid #b7791f;background:#fdf6e3;color:#5f3d0a;font-size:13px\">", &*kind, "</div>"]);
        }
        for said in &section.said {
            let (name, at) = self.head(said);
            let (name, at) = (escaped(&name), escaped(&at));
            page.extend([
                "<div style=\"margin-top:14px\"><b>",
                &*name,
                "</b> <span style=\"",
                FAINT,
                "\">",
                &*at,
                "</span></div>",
            ]);
            for paragraph in said.body.split("\n\n") {
                let lines: Vec<String> = paragraph.split('\n').map(escaped).collect();
                let lines = lines.join("<br>");
                page.extend([
                    "<p style=\"margin:4px 0 0;overflow-wrap:anywhere\">",
                    &*lines,
                    "</p>",
                ]);
            }
            for file in &said.files {
                page.extend([
                    "<div style=\"",
                    FAINT,
                    "\">\u{1f4ce} ",
                    &*escaped(file),
                    "</div>",
                ]);
            }
        }
        if section.more > 0 {
            let more = words::more(locale, section.more);
            page.extend([
                "<div style=\"margin-top:10px;",
                FAINT,
                "\">",
                &*more,
                "</div>",
            ]);
        }
        page.extend(["<div style=\"margin-top:14px;font-size:13px\"><a style=\"color:#1f5fbf\" href=\"", &*link, "\">", words::open(locale), "</a>"]);
        if !self.alone {
            let answer = escaped(answer);
            page.extend([
                " &nbsp;·&nbsp; <a style=\"color:#1f5fbf\" href=\"mailto:",
                &*answer,
                "\">",
                words::answer(locale),
                "</a>",
            ]);
        }
        let stop = escaped(stop);
        page.extend([
            " &nbsp;·&nbsp; <a style=\"color:#5b6470\" href=\"",
            &*stop,
            "\">",
            words::stop(locale),
            "</a></div></div>",
        ]);
    }
}

/// What is not the words themselves.
const FAINT: &str = "color:#5b6470;font-size:12px";
