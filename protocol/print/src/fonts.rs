//! The fonts that come with the program: Noto Sans for Latin, Greek and Cyrillic; `DejaVu` Sans for
//! what Noto Sans has no picture for (Hebrew, Arabic, Armenian, Georgian, signs, some emoji).

use std::sync::LazyLock;

use krilla::text::Font;

use crate::Broken;

/// A face of a font.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Face {
    /// Noto Sans.
    Regular,
    /// Noto Sans, bold.
    Bold,
    /// `DejaVu` Sans.
    Spare,
}

impl Face {
    const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Spare];

    fn named(self) -> (&'static str, &'static [u8]) {
        match self {
            Self::Regular => ("Noto Sans", notosans::REGULAR_TTF),
            Self::Bold => ("Noto Sans Bold", notosans::BOLD_TTF),
            Self::Spare => ("DejaVu Sans", dejavu::sans::regular()),
        }
    }
}

type Shaper = rustybuzz::Face<'static>;

/// The faces, ready to shape.
pub(crate) struct Fonts {
    regular: Shaper,
    bold: Shaper,
    spare: Shaper,
}

static OWN: LazyLock<Result<Fonts, Broken>> = LazyLock::new(|| {
    let read = |face: Face| {
        let (name, bytes) = face.named();
        Shaper::from_slice(bytes, 0).ok_or(Broken::Font(name))
    };
    Ok(Fonts {
        regular: read(Face::Regular)?,
        bold: read(Face::Bold)?,
        spare: read(Face::Spare)?,
    })
});

impl Fonts {
    /// Those of the program, read once.
    pub(crate) fn own() -> Result<&'static Self, Broken> {
        OWN.as_ref().map_err(Clone::clone)
    }

    /// What shapes text in a face.
    pub(crate) fn shaper(&self, face: Face) -> &Shaper {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Spare => &self.spare,
        }
    }

    /// How many units of a face make its size.
    pub(crate) fn em(&self, face: Face) -> i64 {
        i64::from(self.shaper(face).units_per_em()).max(1)
    }

    /// Whether a face has a picture for a character.
    pub(crate) fn has(&self, face: Face, letter: char) -> bool {
        self.shaper(face).glyph_index(letter).is_some_and(|id| id.0 != 0)
    }
}

/// The faces, as they go into a file.
pub(crate) struct Embedded {
    regular: Font,
    bold: Font,
    spare: Font,
}

impl Embedded {
    pub(crate) fn new() -> Result<Self, Broken> {
        let read = |face: Face| {
            let (name, bytes) = face.named();
            Font::new(bytes.into(), 0).ok_or(Broken::Font(name))
        };
        let [regular, bold, spare] = Face::ALL.map(read);
        Ok(Self { regular: regular?, bold: bold?, spare: spare? })
    }

    pub(crate) fn font(&self, face: Face) -> Font {
        match face {
            Face::Regular => self.regular.clone(),
            Face::Bold => self.bold.clone(),
            Face::Spare => self.spare.clone(),
        }
    }
}
