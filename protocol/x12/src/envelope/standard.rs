use segments::{
    Broken, Charset, Faults, Flaw, Grouping, Level, Marks, Plan, Release, Rules, Segment,
    Shells, Standard, Tag,
};

use super::{Group, GroupHead, Header, Set, head};
use crate::release;
use crate::totals::Totals;

const GS: Tag = Tag::of(b"GS ");

/// ASC X12, as far as its envelopes go.
///
/// Source: ASC X12.5 (ISA, IEA, TA1), X12.6 3.3 and the layouts of GS, GE, ST and SE.
#[derive(Clone, Copy, Debug, Default)]
pub struct X12;

impl Standard for X12 {
    type Header = Header;
    type GroupHead = GroupHead;
    type SetHead = ();
    type Totals = Totals;

    const SHELLS: Shells = Shells {
        opens: Tag::of(b"ST "),
        closes: Tag::of(b"SE "),
        groups: [GS, Tag::of(b"GE ")],
        begins: Tag::of(b"ISA"),
        leads: None,
        ends: Tag::of(b"IEA"),
    };
    const STARTS: &'static [&'static [u8]] = &[b"ISA"];
    const ASIDE: Option<Tag> = Some(Tag::of(b"TA1"));
    const GROUPING: Grouping = Grouping::Required;
    const CONTROLS: [usize; 2] = [6, 2];
    const KIND: usize = 1;

    fn marks(file: &[u8], at: usize) -> Result<(Marks, usize), Broken> {
        head::marks(file, at).map(|marks| (marks, at))
    }

    fn header(isa: &Segment<'_, '_>, faults: &mut Faults) -> (Header, Vec<Broken>) {
        (head::header(isa, faults), Vec::new())
    }

    fn group(gs: &Segment<'_, '_>) -> GroupHead {
        let value = |element: usize| gs.text(element).trim().to_owned();
        let (code, sender, receiver) = (value(1), value(2), value(3));
        GroupHead { code, sender, receiver, version: value(8) }
    }

    fn set(st: &Segment<'_, '_>) -> (String, ()) {
        (st.text(1).trim().to_owned(), ())
    }

    fn shell(segment: &Segment<'_, '_>, _: &Header, faults: &mut Faults) {
        if segment.tag() != GS {
            return;
        }
        for element in [1, 2, 3, 4, 5, 7, 8] {
            if segment.element(element).is_none_or(<[u8]>::is_empty) {
                faults.push(Broken::in_element(Flaw::ElementMissing, segment, element));
            }
        }
    }

    fn is_kind(kind: &str) -> bool {
        kind.len() == 3 && is_number(kind)
    }

    fn is_control(level: Level, control: &str) -> bool {
        match level {
            Level::Set => (4..=9).contains(&control.len()),
            Level::Group | Level::Interchange => {
                !control.is_empty() && is_number(control)
            }
        }
    }

    /// The number of a group may have zeros before it; those of the other levels have their width.
    fn agrees(level: Level, said: &str, control: &str) -> bool {
        let value = |text: &str| text.parse::<u32>().ok().filter(|_| is_number(text));
        said == control || (level == Level::Group && value(said) == value(control))
    }

    fn announces(_: &GroupHead, _: &str) -> bool {
        true
    }

    fn tables<'r>(
        rules: &Rules<'r>,
        _: &Header,
        group: &Group<'_>,
        set: &Set<'_>,
    ) -> Option<&'r Release> {
        let (version, kind) = (&group.head.version, &set.kind);
        let found = rules.find(version, kind).map(|(release, _)| release);
        found.or_else(|| release(version).filter(|release| release.plan(kind).is_some()))
    }

    fn carries(group: &GroupHead, plan: &Plan) -> bool {
        plan.group.is_empty() || *plan.group == group.code
    }

    fn charset(_: &Header) -> Charset {
        Charset::Any
    }

    fn is_fatal(flaw: &Flaw) -> bool {
        !matches!(flaw, Flaw::HeaderWidth { .. })
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
