/// The characters with which an interchange cuts itself into pieces.
///
/// Source: ASC X12.5 (ISA) and ISO 9735 (UNA). X12 has no release character; a repetition mark
/// exists from X12 00402 and from EDIFACT syntax 4 on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Marks {
    /// Stands between elements.
    pub element: u8,
    /// Stands between components of a composite element.
    pub component: u8,
    /// Stands between repetitions of an element.
    pub repetition: Option<u8>,
    /// Takes its meaning from the byte that follows.
    pub release: Option<u8>,
    /// Stands in a number between whole and fraction.
    pub decimal: u8,
    /// Ends a segment.
    pub segment: u8,
}

impl Marks {
    /// Whether line ends are filling that an unwrapped file would not have.
    pub fn line_ends_are_trivia(&self) -> bool {
        ![self.element, self.component, self.segment]
            .iter()
            .any(|mark| matches!(mark, b'\r' | b'\n'))
    }

    /// The syntax that has such marks: X12 has no release character. EDIFACT without one, which
    /// UNA may ask for, is taken for X12; only names of elements hang on it.
    pub fn syntax(&self) -> Syntax {
        if self.release.is_some() { Syntax::Edifact } else { Syntax::X12 }
    }

    /// Whether a byte cuts somewhere.
    pub fn cuts(&self, byte: u8) -> bool {
        byte == self.element
            || byte == self.segment
            || byte == self.component
            || Some(byte) == self.repetition
    }

    /// Whether one byte was given two meanings, so that no reading is the only one.
    pub fn is_ambiguous(&self) -> bool {
        let all = [
            Some(self.element),
            Some(self.component),
            Some(self.segment),
            self.repetition,
            self.release,
        ];
        let mut seen = [false; 256];
        all.iter().flatten().any(|mark| {
            seen.get_mut(usize::from(*mark))
                .is_some_and(|slot| std::mem::replace(slot, true))
        })
    }
}

/// Which of the two syntaxes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Syntax {
    /// ASC X12.
    #[default]
    X12,
    /// UN/EDIFACT.
    Edifact,
}
