use std::fmt::Debug;

use crate::{
    Broken, Charset, Faults, Flaw, Level, Marks, Plan, Release, Rules, Segment, Shells,
    Tag,
};

use super::{Group, Interchange, Set};

/// What sets the envelopes of one syntax apart from those of the other.
pub trait Standard: Clone + Copy + Debug + Default + 'static {
    /// What ISA or UNB says.
    type Header: Heading;
    /// What GS or UNG says besides its control number.
    type GroupHead: Clone + Debug + Default;
    /// What ST or UNH says besides the kind of set and its control number.
    type SetHead: Clone + Debug;
    /// Counts the lines of a set.
    type Totals: Totals;

    /// The segments that make the shells.
    const SHELLS: Shells;
    /// The names that an interchange can begin with.
    const STARTS: &'static [&'static [u8]];
    /// A segment that may stand outside of groups and sets.
    const ASIDE: Option<Tag>;
    /// Whether sets may stand outside of groups.
    const GROUPING: Grouping;
    /// Which elements of the headers of a group and of a set are their control numbers.
    const CONTROLS: [usize; 2];
    /// Which element of the header of a set is its kind.
    const KIND: usize;

    /// Finds the characters that cut the interchange that begins at the byte `at`, and where its
    /// ISA or UNB begins.
    ///
    /// # Errors
    /// [`Flaw::HeaderMissing`] where none begins there, [`Flaw::AmbiguousMarks`] where one
    /// character was given two meanings.
    fn marks(file: &[u8], at: usize) -> Result<(Marks, usize), Broken>;

    /// Reads ISA or UNB; tells its faults, and apart from them those of its elements.
    fn header(
        segment: &Segment<'_, '_>,
        faults: &mut Faults,
    ) -> (Self::Header, Vec<Broken>);

    /// Reads GS or UNG.
    fn group(segment: &Segment<'_, '_>) -> Self::GroupHead;

    /// Reads ST or UNH: the kind of set, and what else it says.
    fn set(segment: &Segment<'_, '_>) -> (String, Self::SetHead);

    /// Checks the elements of a header or trailer, but for ISA, ST and SE, UNB, UNH and UNT.
    fn shell(segment: &Segment<'_, '_>, header: &Self::Header, faults: &mut Faults);

    /// Whether a kind of set is written as one.
    fn is_kind(kind: &str) -> bool;

    /// Whether a control number is written as one.
    fn is_control(level: Level, control: &str) -> bool;

    /// Whether a trailer names the control number of its header.
    fn agrees(level: Level, said: &str, control: &str) -> bool;

    /// Whether a group announces this kind of set.
    fn announces(group: &Self::GroupHead, kind: &str) -> bool;

    /// The tables by which a set is judged.
    fn tables<'r>(
        rules: &Rules<'r>,
        header: &Self::Header,
        group: &Group<'_, Self>,
        set: &Set<'_, Self>,
    ) -> Option<&'r Release>;

    /// Whether sets of this plan may stand in a group.
    fn carries(group: &Self::GroupHead, plan: &Plan) -> bool;

    /// The characters that texts may hold.
    fn charset(header: &Self::Header) -> Charset;

    /// Whether an interchange whose shell has this error is not taken at all.
    fn is_fatal(flaw: &Flaw) -> bool;
}

/// What any ISA or UNB says.
pub trait Heading: Clone + Debug + Default {
    /// The control number of the interchange.
    fn control(&self) -> &str;

    /// Who sent it and who gets it, each as qualifier and identifier.
    fn ends(&self) -> [String; 2];
}

/// What a set says of itself as a whole, beside what it is.
pub trait Totals: Debug + Default {
    /// Takes a segment in, the `ordinal`th of its set.
    fn segment(&mut self, segment: &Segment<'_, '_>, ordinal: usize, faults: &mut Faults);
}

/// Whether sets stand in groups.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Grouping {
    /// They must.
    Required,
    /// They may, if all do.
    Optional,
}

impl<S: Standard> Interchange<'_, S> {
    /// Whether it cannot be taken, whatever it holds.
    pub(super) fn is_fatal(&self) -> bool {
        self.faults.list.iter().chain(&self.header_faults).any(|broken| {
            broken.weight == crate::Weight::Error && S::is_fatal(&broken.flaw)
        })
    }
}
