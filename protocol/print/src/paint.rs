//! Draws pages: the only place where measures are floats.

use std::num::NonZeroU16;

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, Node as Tagged, SpanTag,
        TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
    },
    text::{GlyphId, KrillaGlyph},
};

use crate::{
    Broken, Seal, Sheet,
    flow::{
        self, Fill, Flow, Ink, MARGIN, Meaning, Node, NodeId, PAGE, Placed, Put, WIDTH,
    },
    fonts::{Embedded, Face, Fonts},
    text::{self, Set, Style},
    words::Words,
};

const FOOT: Style = Style { face: Face::Regular, size: 7_000 };

/// Draws a sheet.
pub(crate) fn paint(
    fonts: &Fonts,
    sheet: &Sheet<'_>,
    own: Flow,
) -> Result<Vec<u8>, Broken> {
    let mut document = Document::new_with(settings()?);
    let title = title(fonts, &own.nodes);
    document.set_metadata(metadata(sheet, title.clone()));
    let pages = flow::pages(own.steps);
    let mut brush = Brush {
        fonts: Embedded::new()?,
        shapers: fonts,
        sheet,
        title,
        marks: vec![Vec::new(); own.nodes.len()],
        seen: Vec::new(),
    };
    let count = pages.len();
    for (at, page) in pages.iter().enumerate() {
        let size = PageSettings::from_wh(pt(PAGE.0), pt(PAGE.1));
        let size = size.ok_or_else(|| Broken::Pages("no size".to_owned()))?;
        let mut leaf = document.start_page_with(size);
        let mut surface = leaf.surface();
        brush.page(&mut surface, page, (at, count));
        surface.finish();
        leaf.finish();
    }
    document.set_outline(outline(&own.nodes, &brush.seen));
    document.set_tag_tree(tree(sheet, &own.nodes, &mut brush.marks));
    document.finish().map_err(|why| Broken::Pages(format!("{why:?}")))
}

fn settings() -> Result<SerializeSettings, Broken> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|why| Broken::Pages(format!("{why:?}")))?;
    Ok(SerializeSettings { configuration, ..SerializeSettings::default() })
}

fn title(fonts: &Fonts, nodes: &[Node]) -> String {
    let title = nodes.iter().find_map(|it| match &it.meaning {
        Meaning::Title(text) => Some(text.as_str()),
        Meaning::Heading(_)
        | Meaning::Words
        | Meaning::Table
        | Meaning::TableHead
        | Meaning::TableBody
        | Meaning::Row
        | Meaning::HeadCell
        | Meaning::Cell => None,
    });
    text::visible(fonts, Face::Bold, title.unwrap_or_default()).replace('\n', " ")
}

/// What stands of a sheet outside its pages. Its moment is the day of the document.
fn metadata(sheet: &Sheet<'_>, title: String) -> Metadata {
    let date = sheet.document.date.as_deref().unwrap_or_default();
    let mut parts = date.split(['-', 'T']).map(|it| it.parse::<u16>().ok());
    let mut part = || parts.next().flatten();
    let (year, month, day) = (part(), part(), part());
    let small = |it: Option<u16>| it.and_then(|it| u8::try_from(it).ok()).unwrap_or(1);
    let moment = DateTime::new(year.unwrap_or(1970)).month(small(month)).day(small(day));
    let moment = moment.hour(0).minute(0).second(0).utc_offset_hour(0);
    let id = match sheet.seal {
        Seal::Sha256(digits) => digits.to_owned(),
        Seal::Draft => format!("draft {title}"),
    };
    Metadata::new()
        .title(title)
        .language(sheet.language.tag().to_owned())
        .creator("Entente".to_owned())
        .producer("Entente".to_owned())
        .creation_date(moment)
        .document_id(id)
}

struct Brush<'b> {
    fonts: Embedded,
    shapers: &'b Fonts,
    sheet: &'b Sheet<'b>,
    title: String,
    /// What was drawn of each part.
    marks: Vec<Vec<Identifier>>,
    /// Where a part was first seen.
    seen: Vec<(NodeId, usize, i64)>,
}

impl Brush<'_> {
    fn page(
        &mut self,
        surface: &mut Surface<'_>,
        page: &[Placed],
        (at, count): (usize, usize),
    ) {
        for placed in page {
            for fill in &placed.strip.fills {
                aside(surface, ArtifactType::Layout, |surface| {
                    rectangle(surface, Fill { y: fill.y + placed.top, ..*fill });
                });
            }
            for put in &placed.strip.puts {
                let y = put.y + placed.top;
                match put.node {
                    Some(node) => {
                        self.seen.push((node, at, placed.top));
                        let mark =
                            surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                        self.set(surface, put, y);
                        surface.end_tagged();
                        if let Some(marks) = self.marks.get_mut(node) {
                            marks.push(mark);
                        }
                    }
                    None => aside(surface, ArtifactType::Header, |surface| {
                        self.set(surface, put, y);
                    }),
                }
            }
        }
        if at > 0 {
            self.running(surface);
        }
        self.foot(surface, (at, count));
    }

    /// Above each page but the first: what it is a page of.
    fn running(&self, surface: &mut Surface<'_>) {
        let seller = self.sheet.document.party("seller").map(|it| it.name.as_str());
        let texts = [(self.title.as_str(), false), (seller.unwrap_or_default(), true)];
        for (text, at_end) in texts {
            let mut lines = text::wrap(self.shapers, text, FOOT, WIDTH / 2 - 6_000);
            if !lines.is_empty() {
                self.beside(surface, lines.swap_remove(0), 50_000, at_end);
            }
        }
    }

    fn foot(&self, surface: &mut Surface<'_>, (at, count): (usize, usize)) {
        let y = PAGE.1 - 34_000;
        aside(surface, ArtifactType::Footer, |surface| {
            let fill = Fill {
                x: MARGIN,
                y: y - 12_000,
                width: WIDTH,
                height: 500,
                ink: Ink::Hair,
            };
            rectangle(surface, fill);
        });
        let words = Words::of(self.sheet.language);
        let page = words.page.replace("{page}", &(at + 1).to_string());
        let page = page.replace("{pages}", &count.to_string());
        let own = match self.sheet.seal {
            Seal::Sha256(digits) => format!("{}: {digits}", words.sha256),
            Seal::Draft => words.draft.to_owned(),
        };
        self.beside(surface, text::line(self.shapers, &own, FOOT), y, false);
        self.beside(surface, text::line(self.shapers, &page, FOOT), y, true);
    }

    fn beside(&self, surface: &mut Surface<'_>, set: Set, y: i64, at_end: bool) {
        let x = if at_end { MARGIN + WIDTH - set.width } else { MARGIN };
        let put = Put { x, y, ink: Ink::Quiet, set, node: None };
        aside(surface, ArtifactType::Footer, |surface| self.set(surface, &put, y));
    }

    fn set(&self, surface: &mut Surface<'_>, put: &Put, y: i64) {
        surface.set_fill(Some(ink(put.ink)));
        let mut x = put.x;
        for run in &put.set.runs {
            let em = self.shapers.em(run.face);
            // Of the size: a thousandth of a point is a thousandth of one.
            let part = |units: i32| pt(i64::from(units) * 1_000 / em);
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs
                .iter()
                .map(|it| {
                    let (across, up) = (part(it.offset.0), part(it.offset.1));
                    let id = GlyphId::new(it.id);
                    KrillaGlyph::new(
                        id,
                        part(it.advance),
                        across,
                        up,
                        0.0,
                        it.of.clone(),
                        None,
                    )
                })
                .collect();
            let start = Point::from_xy(pt(x), pt(y));
            let font = self.fonts.font(run.face);
            surface.draw_glyphs(start, &glyphs, font, &run.text, pt(put.set.size), false);
            x += run.width;
        }
    }
}

/// Draws what is not part of what is read.
fn aside(
    surface: &mut Surface<'_>,
    kind: ArtifactType,
    draw: impl FnOnce(&mut Surface<'_>),
) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface);
    surface.end_tagged();
}

fn rectangle(surface: &mut Surface<'_>, fill: Fill) {
    let (x, y) = (pt(fill.x), pt(fill.y));
    let rectangle = Rect::from_xywh(x, y, pt(fill.width), pt(fill.height));
    let mut path = PathBuilder::new();
    if let Some(rectangle) = rectangle {
        path.push_rect(rectangle);
    }
    surface.set_fill(Some(ink(fill.ink)));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn ink(ink: Ink) -> paint::Fill {
    let (red, green, blue) = match ink {
        Ink::Text => (0x1b, 0x1f, 0x27),
        Ink::Quiet => (0x59, 0x61, 0x70),
        Ink::Accent => (0x1c, 0x4e, 0x80),
        Ink::Hair => (0xd5, 0xd9, 0xe0),
    };
    paint::Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..paint::Fill::default()
    }
}

fn outline(nodes: &[Node], seen: &[(NodeId, usize, i64)]) -> Outline {
    let mut outline = Outline::new();
    for (id, node) in nodes.iter().enumerate() {
        let (Meaning::Title(text) | Meaning::Heading(text)) = &node.meaning else {
            continue;
        };
        if let Some((_, page, top)) = seen.iter().find(|it| it.0 == id) {
            let place = XyzDestination::new(*page, Point::from_xy(pt(MARGIN), pt(*top)));
            let text = text.chars().filter(|it| !it.is_control()).take(120).collect();
            outline.push_child(OutlineNode::new(text, place));
        }
    }
    outline
}

fn tree(sheet: &Sheet<'_>, nodes: &[Node], marks: &mut [Vec<Identifier>]) -> TagTree {
    let kinds = nodes.iter().map(|it| kind(&it.meaning));
    let mut groups: Vec<TagGroup> = kinds.map(TagGroup::new).collect();
    for (group, marks) in groups.iter_mut().zip(marks) {
        marks.drain(..).for_each(|mark| group.push(mark));
    }
    let mut tree = TagTree::new().with_lang(Some(sheet.language.tag().to_owned()));
    // A part comes after the one that it is in, so from the end each is whole when it is moved.
    let mut tops: Vec<Tagged> = Vec::new();
    let mut inner: Vec<Vec<Tagged>> = vec![Vec::new(); nodes.len()];
    while let Some(mut group) = groups.pop() {
        let id = groups.len();
        let mut own = inner.pop().unwrap_or_default();
        own.reverse();
        group.children.extend(own);
        let parent = nodes.get(id).and_then(|it| it.parent);
        match parent.and_then(|parent| inner.get_mut(parent)) {
            Some(children) => children.push(group.into()),
            None => tops.push(group.into()),
        }
    }
    tops.into_iter().rev().for_each(|top| tree.push(top));
    tree
}

fn kind(meaning: &Meaning) -> TagKind {
    let level = |level| NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    match meaning {
        Meaning::Title(text) => Tag::Hn(level(1), Some(text.clone())).into(),
        Meaning::Heading(text) => Tag::Hn(level(2), Some(text.clone())).into(),
        Meaning::Words => Tag::P.into(),
        Meaning::Table => Tag::Table.into(),
        Meaning::TableHead => Tag::THead.into(),
        Meaning::TableBody => Tag::TBody.into(),
        Meaning::Row => Tag::TR.into(),
        Meaning::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Meaning::Cell => Tag::TD.into(),
    }
}

/// Thousandths of a point as points.
#[expect(clippy::cast_precision_loss, reason = "a page is below two to the twentieth")]
#[expect(clippy::float_arithmetic, reason = "PDF measures in points, as floats")]
fn pt(thousandths: i64) -> f32 {
    thousandths as f32 / 1_000.0
}
