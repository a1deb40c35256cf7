use std::fmt;

/// What a trading partner asks for beyond the standard.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Guide {
    /// Whose guide it is, or what it is for.
    pub name: String,
    /// Which version of it.
    pub version: String,
    /// Its rules, by document.
    pub documents: Vec<Document>,
}

/// The rules for one document of one release.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Document {
    /// Such as `850` or `ORDERS`.
    pub set: String,
    /// Such as `004010` or `D96A`.
    pub release: String,
    /// Its rules, in the order of the file.
    pub segments: Vec<SegmentRule>,
}

/// What is asked of a segment.
#[derive(Clone, Debug)]
pub struct SegmentRule {
    /// The loops around it and its name, such as `PO1/PID/PID`; the loop that a segment opens
    /// stands before it.
    pub at: String,
    /// Which of them are meant; none: all.
    pub when: Option<When>,
    /// Whether it must stand in each instance of the loop around it. For a segment that opens a
    /// loop this, and `most`, speak of that loop.
    pub usage: Use,
    /// How often it may stand there.
    pub most: Option<u32>,
    /// What is asked of its elements.
    pub elements: Vec<ElementRule>,
    /// The line of the file, from 1; 0 where there is no file.
    pub line: usize,
}

/// Which segments a rule means: those whose element has one of these codes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct When {
    /// The element.
    pub element: Spot,
    /// The codes.
    pub codes: Vec<String>,
}

/// What is asked of an element.
#[derive(Clone, Debug)]
pub struct ElementRule {
    /// The element, or a component of it.
    pub element: Spot,
    /// Whether it must be there.
    pub usage: Use,
    /// The fewest characters.
    pub shortest: Option<u32>,
    /// The most characters.
    pub longest: Option<u32>,
    /// The only values that it may have; empty: any.
    pub codes: Vec<String>,
    /// The line of the file, from 1; 0 where there is no file.
    pub line: usize,
}

/// An element of a segment, or a component of it: `02`, `01-2`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Spot {
    /// From 1.
    pub element: usize,
    /// From 1; 0 for the whole element.
    pub component: usize,
}

/// Whether something must stand there.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Use {
    /// As the standard has it.
    #[default]
    May,
    /// It must.
    Must,
    /// It must not.
    Never,
}

/// Lines do not make a rule another one.
impl PartialEq for SegmentRule {
    fn eq(&self, other: &Self) -> bool {
        (&self.at, &self.when, self.usage, self.most, &self.elements)
            == (&other.at, &other.when, other.usage, other.most, &other.elements)
    }
}

impl Eq for SegmentRule {}

impl PartialEq for ElementRule {
    fn eq(&self, other: &Self) -> bool {
        (self.element, self.usage, self.shortest, self.longest, &self.codes)
            == (other.element, other.usage, other.shortest, other.longest, &other.codes)
    }
}

impl Eq for ElementRule {}

impl fmt::Display for Spot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.component {
            0 => write!(out, "{:02}", self.element),
            component => write!(out, "{:02}-{component}", self.element),
        }
    }
}

impl Spot {
    /// Reads `02` or `01-2`.
    pub fn read(text: &str) -> Option<Self> {
        let (element, component) = match text.split_once('-') {
            Some((element, component)) => {
                let component = component.parse().ok().filter(|place| *place > 0)?;
                (element, component)
            }
            None => (text, 0),
        };
        let element = element.parse().ok().filter(|place| *place > 0)?;
        Some(Self { element, component })
    }
}

impl fmt::Display for When {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} in {}", self.codes.join(" or "), self.element)
    }
}

impl SegmentRule {
    /// The name of the segment.
    pub fn tag(&self) -> &str {
        self.at.rsplit('/').next().unwrap_or_default()
    }

    /// What is meant, in words: `N1 with ST in 01`.
    pub fn subject(&self) -> String {
        match &self.when {
            Some(when) => format!("{} with {when}", self.tag()),
            None => self.tag().to_owned(),
        }
    }
}
