use segments::{
    Broken, Charset, Faults, Flaw, Grouping, Level, Marks, Plan, Release, Rules, Segment,
    Shells, Standard, Tag,
};

use super::{Endpoint, Group, GroupHead, Header, Message, MessageHead, marks};
use crate::check::{release, shell};
use crate::totals::Totals;

/// UN/EDIFACT, as far as its envelopes go.
///
/// Source: ISO 9735 part 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Edifact;

impl Standard for Edifact {
    type Header = Header;
    type GroupHead = GroupHead;
    type SetHead = MessageHead;
    type Totals = Totals;

    const SHELLS: Shells = Shells {
        opens: Tag::of(b"UNH"),
        closes: Tag::of(b"UNT"),
        groups: [Tag::of(b"UNG"), Tag::of(b"UNE")],
        begins: Tag::of(b"UNB"),
        leads: Some(Tag::of(b"UNA")),
        ends: Tag::of(b"UNZ"),
    };
    const STARTS: &'static [&'static [u8]] = &[b"UNA", b"UNB"];
    const ASIDE: Option<Tag> = None;
    const GROUPING: Grouping = Grouping::Optional;
    const CONTROLS: [usize; 2] = [5, 1];
    const KIND: usize = 2;

    fn marks(file: &[u8], at: usize) -> Result<(Marks, usize), Broken> {
        marks::marks(file, at)
    }

    fn header(unb: &Segment<'_, '_>, faults: &mut Faults) -> (Header, Vec<Broken>) {
        let value = |element: usize, part: usize| text(unb, element, part);
        let header = Header {
            syntax: value(1, 1),
            version: value(1, 2).parse().unwrap_or_default(),
            sender: Endpoint { address: value(2, 3), ..endpoint(unb, 2) },
            receiver: Endpoint { address: value(3, 3), ..endpoint(unb, 3) },
            date: value(4, 1),
            time: value(4, 2),
            control: value(5, 1),
            application: value(7, 1),
            asks_for_receipt: value(9, 1) == "1",
            is_test: value(11, 1) == "1",
        };
        if header.version == 0 || header.version > 4 {
            let flaw = Flaw::HeaderValue(Level::Interchange);
            faults.push(Broken::in_element(flaw, unb, 1));
        }
        if header.control.is_empty() {
            let flaw = Flaw::ControlInvalid(Level::Interchange);
            faults.push(Broken::in_element(flaw, unb, 5));
        }
        let own = shell(unb, header.version);
        (header, own)
    }

    fn group(ung: &Segment<'_, '_>) -> GroupHead {
        GroupHead {
            kind: ung.text(1).trim().to_owned(),
            sender: endpoint(ung, 2),
            receiver: endpoint(ung, 3),
        }
    }

    fn set(unh: &Segment<'_, '_>) -> (String, MessageHead) {
        let value = |part: usize| text(unh, 2, part);
        let (version, release, agency) = (value(2), value(3), value(4));
        (value(1), MessageHead { version, release, agency, association: value(5) })
    }

    fn shell(segment: &Segment<'_, '_>, header: &Header, faults: &mut Faults) {
        for broken in shell(segment, header.version) {
            faults.push(broken);
        }
    }

    fn is_kind(_: &str) -> bool {
        true
    }

    fn is_control(_: Level, control: &str) -> bool {
        !control.is_empty()
    }

    fn agrees(_: Level, said: &str, control: &str) -> bool {
        said == control
    }

    fn announces(group: &GroupHead, kind: &str) -> bool {
        group.kind == kind
    }

    /// CONTRL belongs to the syntax that it names, not to a directory.
    fn tables<'r>(
        rules: &Rules<'r>,
        header: &Header,
        _: &Group<'_>,
        message: &Message<'_>,
    ) -> Option<&'r Release> {
        let MessageHead { version, release: directory, .. } = &message.head;
        let named = format!("{version}{directory}");
        let found = rules.find(&named, &message.kind).map(|(release, _)| release);
        found.or_else(|| {
            let own = match (message.kind.as_str(), version.as_str()) {
                ("CONTRL", "4") => release("96A", 4),
                ("CONTRL", _) => release("96A", header.version),
                _ => release(directory, header.version),
            };
            own.filter(|release| release.plan(&message.kind).is_some())
        })
    }

    fn carries(_: &GroupHead, _: &Plan) -> bool {
        true
    }

    /// Source: ISO 9735 part 1, character repertoires.
    fn charset(header: &Header) -> Charset {
        match header.syntax.as_str() {
            "UNOA" => Charset::LevelA,
            "UNOB" => Charset::LevelB,
            _ => Charset::Any,
        }
    }

    fn is_fatal(flaw: &Flaw) -> bool {
        !flaw.is_of_element()
    }
}

fn text(segment: &Segment<'_, '_>, element: usize, part: usize) -> String {
    segment.part(element, part).trim().to_owned()
}

/// S002 and S003, S006 and S007, without an address.
fn endpoint(segment: &Segment<'_, '_>, element: usize) -> Endpoint {
    let (id, qualifier) = (text(segment, element, 1), text(segment, element, 2));
    Endpoint { id, qualifier, address: String::new() }
}
