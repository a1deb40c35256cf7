//! What stands where on a sheet.

use segments::Language;
use trade::{Origins, Row, Section, View};

use crate::{
    Seal, Sheet,
    flow::{Flow, Ink, Meaning, NodeId, Step, WIDTH},
    fonts::{Face, Fonts},
    table::{self, Cell, Look, Side},
    text::{self, Set, Style},
    words::Words,
};

const NAME: Style = Style { face: Face::Bold, size: 10_500 };
const TITLE: Style = Style { face: Face::Bold, size: 19_000 };
const HEADING: Style = Style { face: Face::Bold, size: 10_500 };
pub(crate) const BODY: Style = Style { face: Face::Regular, size: 9_000 };
const STRONG: Style = Style { face: Face::Bold, size: 9_000 };
pub(crate) const SMALL: Style = Style { face: Face::Regular, size: 7_500 };
const TOTAL: Style = Style { face: Face::Bold, size: 11_000 };
/// Between columns.
pub(crate) const GAP: i64 = 12_000;

/// Sets a sheet.
pub(crate) fn compose(fonts: &'static Fonts, sheet: &Sheet<'_>) -> Flow {
    let view = trade::view(sheet.document, &Origins::default(), sheet.language);
    let words = Words::of(sheet.language);
    let mut own = Composer { fonts, sheet, view: &view, words, flow: Flow::default() };
    own.top();
    for section in &view.sections {
        match section.key {
            "heading" => own.facts(section),
            "parties" | "totals" => {}
            "lines" => own.lines(section),
            "charges" => own.charges(section),
            _ => own.list(section),
        }
        if section.key == "charges" || (section.key == "lines" && !own.has("charges")) {
            own.totals();
        }
    }
    if !own.has("lines") && !own.has("charges") {
        own.totals();
    }
    own.flow
}

pub(crate) struct Composer<'c> {
    pub(crate) fonts: &'static Fonts,
    pub(crate) sheet: &'c Sheet<'c>,
    pub(crate) view: &'c View,
    pub(crate) words: Words,
    pub(crate) flow: Flow,
}

impl Composer<'_> {
    /// A row in words.
    pub(crate) fn told(&self, row: &Row) -> String {
        let mark = match self.sheet.language {
            Language::English | Language::Spanish => ":",
            Language::French => "\u{a0}:",
        };
        match row.label.as_str() {
            "" => values(row),
            label => format!("{label}{mark} {}", values(row)),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.view.sections.iter().any(|it| it.key == key)
    }

    fn section(&self, key: &str) -> Option<&Section> {
        self.view.sections.iter().find(|it| it.key == key)
    }

    pub(crate) fn wrap(
        &self,
        text: &str,
        style: Style,
        ink: Ink,
        width: i64,
    ) -> Vec<(Set, Ink)> {
        let lines = text::wrap(self.fonts, text, style, width);
        lines.into_iter().map(|set| (set, ink)).collect()
    }

    pub(crate) fn push(&mut self, cells: &[Cell], look: Look) {
        let strips = table::row(cells, look);
        self.flow.steps.extend(strips.into_iter().map(Step::Strip));
    }

    /// Lines over the whole width.
    fn words_across(&mut self, lines: Vec<(Set, Ink)>, node: NodeId, look: Look) {
        let (x, width, side) = (0, WIDTH, Side::Start);
        self.push(&[Cell { x, width, side, lines, node: Some(node) }], look);
    }

    fn keep_last(&mut self) {
        if let Some(Step::Strip(strip)) = self.flow.steps.last_mut() {
            strip.keeps_next = true;
        }
    }

    /// The sender, the title and the parties.
    fn top(&mut self) {
        let seller = self.sheet.document.party("seller").map(|it| it.name.clone());
        if let Some(seller) = seller.filter(|it| !it.is_empty()) {
            let node = self.flow.node(Meaning::Words, None);
            let lines = self.wrap(&seller, NAME, Ink::Accent, WIDTH);
            self.words_across(lines, node, Look { beneath: 10_000, ..Look::default() });
        }
        let title = self.view.title.text.clone();
        let node = self.flow.node(Meaning::Title(title.clone()), None);
        let lines = self.wrap(&title, TITLE, Ink::Text, WIDTH);
        self.words_across(lines, node, Look { beneath: 4_000, ..Look::default() });
        if self.sheet.seal == Seal::Draft {
            let node = self.flow.node(Meaning::Words, None);
            let lines = self.wrap(self.words.draft, STRONG, Ink::Accent, WIDTH);
            self.words_across(lines, node, Look { above: 2_000, ..Look::default() });
        }
        self.flow.space(8_000);
        self.parties();
    }

    fn parties(&mut self) {
        let Some(section) = self.section("parties") else { return };
        let rows = section.rows.clone();
        let half = (WIDTH - 2 * GAP) / 2;
        let both: Vec<_> = rows.iter().zip(&self.sheet.document.parties).collect();
        for pair in both.chunks(2) {
            let mut cells = Vec::new();
            for (at, (row, party)) in (0_i64..).zip(pair) {
                let node = Some(self.flow.node(Meaning::Words, None));
                let lines = self.party(row, party, half);
                let (x, side) = (at * (half + 2 * GAP), Side::Start);
                cells.push(Cell { x, width: half, side, lines, node });
            }
            self.push(&cells, Look { beneath: 12_000, ..Look::default() });
        }
    }

    fn party(&self, row: &Row, party: &trade::Party, width: i64) -> Vec<(Set, Ink)> {
        let mut lines = self.wrap(&row.label, SMALL, Ink::Quiet, width);
        let mut add = |text: &str, style, ink| {
            if !text.is_empty() {
                lines.extend(self.wrap(text, style, ink, width));
            }
        };
        add(&party.name, STRONG, Ink::Text);
        for street in &party.street {
            add(street, BODY, Ink::Text);
        }
        let town = [&party.postal_code, &party.city, &party.region];
        let town: Vec<&str> = town.into_iter().flatten().map(String::as_str).collect();
        add(&town.join(" "), BODY, Ink::Text);
        add(party.country.as_deref().unwrap_or_default(), BODY, Ink::Text);
        let is_id = |path: &String| path.ends_with("/id/value");
        let id = row.cells.iter().find(|cell| cell.paths.iter().any(is_id));
        add(id.map(|it| it.text.as_str()).unwrap_or_default(), SMALL, Ink::Quiet);
        for under in &row.under {
            add(&self.told(under), SMALL, Ink::Quiet);
        }
        lines
    }

    /// The heading: label over value, four side by side.
    fn facts(&mut self, section: &Section) {
        let width = (WIDTH - 3 * GAP) / 4;
        for four in section.rows.chunks(4) {
            let mut cells = Vec::new();
            for (at, row) in (0_i64..).zip(four) {
                let node = Some(self.flow.node(Meaning::Words, None));
                let mut lines = self.wrap(&row.label, SMALL, Ink::Quiet, width);
                lines.extend(self.wrap(&values(row), BODY, Ink::Text, width));
                let (x, side) = (at * (width + GAP), Side::Start);
                cells.push(Cell { x, width, side, lines, node });
            }
            self.push(&cells, Look { beneath: 9_000, ..Look::default() });
        }
        self.flow.space(4_000);
    }

    /// Allowances, charges and taxes.
    fn charges(&mut self, section: &Section) {
        let decimals =
            trade::decimals(self.sheet.document.currency.as_deref().unwrap_or_default());
        let sum =
            trade::number(self.sheet.language, self.sheet.document.sum().lines, decimals);
        let currency = self.sheet.document.currency.clone().unwrap_or_default();
        if self.sheet.document.amount("lines").is_none() {
            self.sum(self.words.lines, &format!("{sum} {currency}"), BODY);
        }
        for row in &section.rows {
            self.sum(&row.label, &values(row), BODY);
        }
    }

    fn totals(&mut self) {
        let Some(section) = self.section("totals") else { return };
        let rows = section.rows.clone();
        let amounts = &self.sheet.document.amounts;
        let last = rows.len().saturating_sub(1);
        let told = rows.iter().enumerate().map(|(at, row)| {
            let kind = amounts.get(at).map_or("total", |it| it.kind.as_str());
            let is_total =
                matches!(kind, "total" | "payable") || (at == last && rows.len() == 1);
            (is_total, row)
        });
        // What is to be paid stands last, wherever the document has it.
        let (totals, parts): (Vec<_>, Vec<_>) = told.partition(|(is_total, _)| *is_total);
        for (is_total, row) in parts.into_iter().chain(totals) {
            self.sum(&row.label, &values(row), if is_total { TOTAL } else { BODY });
        }
        self.flow.space(10_000);
    }

    /// A sum at the right: what it is, and how much.
    fn sum(&mut self, label: &str, text: &str, style: Style) {
        let node = self.flow.node(Meaning::Words, None);
        let from = WIDTH * 45 / 100;
        let middle = WIDTH * 68 / 100;
        let (first, second) = (middle - from - GAP, WIDTH - middle);
        let cell =
            |x, width, side, lines| Cell { x, width, side, lines, node: Some(node) };
        let quiet = if style == TOTAL { Ink::Text } else { Ink::Quiet };
        let label = self.wrap(label, style, quiet, first);
        let text = self.wrap(text, style, Ink::Text, second);
        let cells = vec![
            cell(from, first, Side::Start, label),
            cell(middle, second, Side::End, text),
        ];
        let above = if style == TOTAL { 6_000 } else { 2_000 };
        self.push(&cells, Look { above, ..Look::default() });
        self.keep_last();
    }

    /// Anything else: a heading, then label and words.
    fn list(&mut self, section: &Section) {
        self.flow.space(6_000);
        let node = self.flow.node(Meaning::Heading(section.name.clone()), None);
        let lines = self.wrap(&section.name, HEADING, Ink::Text, WIDTH);
        self.words_across(lines, node, Look { beneath: 3_000, ..Look::default() });
        self.keep_last();
        let only_notes = section.key == "notes";
        for row in &section.rows {
            let node = self.flow.node(Meaning::Words, None);
            let text = if only_notes { values(row) } else { self.told(row) };
            let lines = self.wrap(&text, BODY, Ink::Text, WIDTH);
            self.words_across(lines, node, Look { beneath: 4_000, ..Look::default() });
            for under in &row.under {
                let node = self.flow.node(Meaning::Words, None);
                let lines = self.wrap(&self.told(under), SMALL, Ink::Quiet, WIDTH);
                self.words_across(lines, node, Look::default());
            }
        }
    }
}

pub(crate) fn values(row: &Row) -> String {
    let texts = row.cells.iter().map(|cell| cell.text.as_str());
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}
