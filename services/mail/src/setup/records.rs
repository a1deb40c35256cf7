//! What the DNS must say for mail to and from our domain. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of record.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DnsKind)]
pub(crate) enum Kind {
    /// Where mail for the domain goes (RFC 5321 § 5.1).
    Mx,
    /// Who may send for it (RFC 7208).
    Spf,
    /// The key that signs (RFC 6376 § 3.6).
    Dkim,
    /// What others do with what proves nothing (RFC 7489 § 6.3).
    Dmarc,
}

/// What was found of a record.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DnsState)]
pub(crate) enum State {
    /// It is there.
    Right,
    /// There is none.
    Missing,
    /// There is another one.
    Other,
    /// The DNS did not answer.
    Unknown,
    /// Nobody is asked, by the setting `mail_dns`.
    Unasked,
}

/// What the DNS answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Found {
    /// These texts; none, if there is no such record.
    Texts(Vec<String>),
    /// Nothing.
    Silence,
    /// It was not asked.
    Unasked,
}

/// A record that is to be published.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Wanted {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) text: String,
}

/// A record that is to be published, beside what there is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = DnsRecord)]
pub(super) struct Record {
    pub(super) kind: Kind,
    /// Under which name.
    pub(super) name: String,
    /// What to publish there.
    pub(super) wanted: String,
    /// What stands there now.
    pub(super) found: Vec<String>,
    pub(super) state: State,
}

/// What is to be published. Mail comes to `host`; `key` is the name and text of the DKIM record.
pub(super) fn wanted(
    domain: &str,
    host: &str,
    key: Option<(String, String)>,
) -> Vec<Wanted> {
    let record = |kind, name: String, text: String| Wanted { kind, name, text };
    let mut all = vec![
        record(Kind::Mx, domain.to_owned(), format!("10 {host}.")),
        record(Kind::Spf, domain.to_owned(), "v=spf1 mx -all".to_owned()),
    ];
    all.extend(key.map(|(name, text)| record(Kind::Dkim, name, text)));
    let policy = "v=DMARC1; p=quarantine".to_owned();
    all.push(record(Kind::Dmarc, format!("_dmarc.{domain}"), policy));
    all
}

impl Wanted {
    /// What was found, judged. The key must be ours; of the other records any will do, since
    /// only who runs the domain knows all who send for it.
    pub(super) fn compared(self, found: Found) -> Record {
        let Self { kind, name, text: wanted } = self;
        let (found, state) = match found {
            Found::Unasked => (Vec::new(), State::Unasked),
            Found::Silence => (Vec::new(), State::Unknown),
            Found::Texts(texts) => {
                let of_kind: Vec<String> =
                    texts.into_iter().filter(|text| is_of(kind, text)).collect();
                let state = judged(kind, &wanted, &of_kind);
                (of_kind, state)
            }
        };
        Record { kind, name, wanted, found, state }
    }
}

fn is_of(kind: Kind, text: &str) -> bool {
    let start = match kind {
        Kind::Mx => return true,
        Kind::Spf => "v=spf1",
        Kind::Dkim => return text.contains("p="),
        Kind::Dmarc => "v=dmarc1",
    };
    text.trim().to_ascii_lowercase().starts_with(start)
}

fn judged(kind: Kind, wanted: &str, found: &[String]) -> State {
    let key = |text: &str| {
        let text: String = text.split_whitespace().collect();
        text.split(';').find_map(|part| part.strip_prefix("p=").map(str::to_owned))
    };
    match (kind, found) {
        (_, []) => State::Missing,
        (Kind::Dkim, [one]) if key(one) == key(wanted) => State::Right,
        // RFC 7208 § 3.2 and RFC 7489 § 6.6.3: two are as bad as none.
        (Kind::Mx, _) | (Kind::Spf | Kind::Dmarc, [_]) => State::Right,
        (Kind::Spf | Kind::Dmarc | Kind::Dkim, _) => State::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Kind, State, Wanted, wanted};

    fn state(kind: Kind, found: &[&str]) -> State {
        let key = Some((
            "s._domainkey.hub.test".to_owned(),
            "v=DKIM1; k=rsa; p=AB+C".to_owned(),
        ));
        let all = wanted("hub.test", "mx.hub.test", key);
        let one: Wanted = all.into_iter().find(|it| it.kind == kind).unwrap();
        one.compared(Found::Texts(found.iter().map(|it| (*it).to_owned()).collect()))
            .state
    }

    #[test]
    fn what_is_published_is_compared_with_what_is_needed() {
        assert_eq!(state(Kind::Mx, &[]), State::Missing);
        assert_eq!(state(Kind::Mx, &["10 other.test."]), State::Right);
        assert_eq!(state(Kind::Spf, &["google-site-verification=x"]), State::Missing);
        assert_eq!(state(Kind::Spf, &["v=spf1 include:x.test -all"]), State::Right);
        assert_eq!(state(Kind::Spf, &["v=spf1 -all", "v=spf1 mx -all"]), State::Other);
        assert_eq!(state(Kind::Dkim, &["v=DKIM1; k=rsa; p=AB +C"]), State::Right);
        assert_eq!(state(Kind::Dkim, &["v=DKIM1; p=OLD"]), State::Other);
        assert_eq!(state(Kind::Dmarc, &["V=DMARC1; p=none"]), State::Right);
        assert_eq!(state(Kind::Dmarc, &["v=spf1 -all"]), State::Missing);
    }
}
