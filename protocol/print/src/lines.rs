//! The lines of a document: a table over as many pages as it needs.

use rust_decimal::Decimal;
use trade::{Line, Row, Section};

use crate::{
    compose::{BODY, Composer, GAP, SMALL, values},
    flow::{Ink, Meaning, Step, WIDTH},
    table::{self, Cell, Look, Side},
    text::{self, Set},
};

/// A table of the lines: its columns without their room.
struct Columns {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The column that takes what is left.
    wide: usize,
}

impl Composer<'_> {
    fn columns(&self, section: &Section) -> Columns {
        let document = self.sheet.document;
        let currency = document.currency.as_deref().unwrap_or_default();
        let mark = format!(" {currency}");
        let off: Vec<_> = document.lines.iter().map(discount).collect();
        let is_reduced = off.iter().any(Option::is_some);
        let number = |it: Decimal, digits| trade::number(self.sheet.language, it, digits);
        let mut heads = section.columns.clone();
        for head in heads.iter_mut().skip(3).filter(|_| !currency.is_empty()) {
            *head = format!("{head} ({currency})");
        }
        if is_reduced {
            let own = [self.words.list_price, self.words.discount].map(str::to_owned);
            heads.splice(3..3, own);
        }
        let rows = section.rows.iter().zip(off).map(|(row, off)| {
            let texts = row.cells.iter().enumerate();
            // The currency stands in the head.
            let mut texts: Vec<String> = texts
                .map(|(at, cell)| match at {
                    3.. => cell.text.replacen(&mark, "", 1),
                    _ => cell.text.clone(),
                })
                .collect();
            if is_reduced && texts.len() >= 3 {
                let digits = trade::decimals(currency);
                let told = off.map(|(list, percent)| {
                    [number(list, digits), format!("{} %", number(percent, 0))]
                });
                texts.splice(3..3, told.unwrap_or_default());
            }
            texts
        });
        let rows: Vec<_> = rows.collect();
        // A column of which no line says anything is left out.
        let says = |at: usize| {
            rows.iter().any(|row| row.get(at).is_some_and(|it| !it.is_empty()))
        };
        let kept: Vec<usize> =
            (0..heads.len()).filter(|at| *at == 1 || says(*at)).collect();
        let pick = |row: &[String]| -> Vec<String> {
            kept.iter().map(|at| row.get(*at).cloned().unwrap_or_default()).collect()
        };
        let wide = kept.iter().position(|at| *at == 1).unwrap_or_default();
        Columns {
            heads: pick(&heads),
            rows: rows.iter().map(|it| pick(it)).collect(),
            wide,
        }
    }

    /// Where the columns stand: each as wide as its widest text, within reason.
    fn places(&self, columns: &Columns) -> Vec<(i64, i64)> {
        let count = i64::try_from(columns.heads.len()).unwrap_or(1);
        let most = (WIDTH / 2 / count.max(1)).max(62_000);
        let wide = |text: &str, style| text::line(self.fonts, text, style).width;
        let mut widths: Vec<i64> = (0..columns.heads.len())
            .map(|at| {
                let of = |row: &Vec<String>| row.get(at).map_or(0, |it| wide(it, BODY));
                let head = columns.heads.get(at).map_or(0, |it| {
                    it.split(' ').map(|word| wide(word, SMALL)).max().unwrap_or_default()
                });
                columns.rows.iter().map(of).max().unwrap_or_default().max(head).min(most)
                    + 1
            })
            .collect();
        let others: i64 = widths
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != columns.wide)
            .map(|(_, it)| it + GAP)
            .sum();
        if let Some(width) = widths.get_mut(columns.wide) {
            *width = WIDTH - others;
        }
        let mut x = 0;
        widths
            .into_iter()
            .map(|width| {
                let place = (x, width);
                x += width + GAP;
                place
            })
            .collect()
    }

    /// The table.
    pub(crate) fn lines(&mut self, section: &Section) {
        let columns = self.columns(section);
        let places = self.places(&columns);
        let side = |at: usize| if at > columns.wide { Side::End } else { Side::Start };
        let table = self.flow.node(Meaning::Table, None);
        let head = self.flow.node(Meaning::TableHead, Some(table));
        let head = self.flow.node(Meaning::Row, Some(head));
        let mut cells = Vec::new();
        for (at, (text, (x, width))) in columns.heads.iter().zip(&places).enumerate() {
            let node = Some(self.flow.node(Meaning::HeadCell, Some(head)));
            let lines = self.wrap(text, SMALL, Ink::Quiet, *width);
            cells.push(Cell { x: *x, width: *width, side: side(at), lines, node });
        }
        let look = Look { above: 4_000, beneath: 4_000, rule: Some(Ink::Accent) };
        self.flow.steps.push(Step::Head(table::row(&cells, look)));
        let body = self.flow.node(Meaning::TableBody, Some(table));
        let rows =
            columns.rows.iter().zip(section.rows.iter().zip(&self.sheet.document.lines));
        for (texts, (row, line)) in rows {
            let own = self.flow.node(Meaning::Row, Some(body));
            let mut cells = Vec::new();
            for (at, (text, (x, width))) in texts.iter().zip(&places).enumerate() {
                let node = Some(self.flow.node(Meaning::Cell, Some(own)));
                // A cell without a mark would be none, and the table would have a hole.
                let text = if text.is_empty() { " " } else { text };
                let mut lines = self.wrap(text, BODY, Ink::Text, *width);
                if at == columns.wide {
                    lines.extend(self.under(row, line, *width));
                }
                cells.push(Cell { x: *x, width: *width, side: side(at), lines, node });
            }
            let look = Look { above: 5_000, beneath: 5_000, rule: Some(Ink::Hair) };
            self.push(&cells, look);
        }
        self.flow.steps.push(Step::End);
        self.flow.space(10_000);
    }

    /// What else is said of a line: what is short stands side by side.
    fn under(&self, row: &Row, line: &Line, width: i64) -> Vec<(Set, Ink)> {
        let off = discount(line).and_then(|_| line.notes.first());
        let mut texts: Vec<String> = Vec::new();
        let fits = |text: &str| text::line(self.fonts, text, SMALL).width <= width;
        for row in row.under.iter().flat_map(|row| std::iter::once(row).chain(&row.under))
        {
            if off.is_some_and(|note| note.text == values(row)) {
                continue;
            }
            let text = self.told(row);
            let beside = texts.last().map(|last| format!("{last} · {text}"));
            match (beside.filter(|it| !it.contains('\n') && fits(it)), texts.last_mut()) {
                (Some(beside), Some(last)) => *last = beside,
                (Some(_), None) | (None, _) => texts.push(text),
            }
        }
        let lines = texts.iter().flat_map(|it| self.wrap(it, SMALL, Ink::Quiet, width));
        lines.collect()
    }
}

/// What a line says was taken off: the price before, and how much of it in percent.
///
/// A quote notes it as `12.50 - 10 %`; it is told so only where that is the price indeed.
fn discount(line: &Line) -> Option<(Decimal, Decimal)> {
    let note = line.notes.first()?;
    let (before, percent) = note.text.strip_suffix(" %")?.split_once(" - ")?;
    let (before, percent): (Decimal, Decimal) =
        (before.parse().ok()?, percent.parse().ok()?);
    let rest = Decimal::ONE_HUNDRED.checked_sub(percent)?;
    let net = before.checked_mul(rest)?.checked_div(Decimal::ONE_HUNDRED)?;
    (Some(net) == line.price).then_some((before, percent))
}
