use rust_decimal::Decimal;
use segments::Language;

use super::{Cell, Row, Section, View};
use crate::document::decimals;
use crate::said::Say;
use crate::{Document, Kind, Origins, Reference};

/// Builds the view of a document.
pub(super) struct Builder<'a> {
    pub(super) document: &'a Document,
    pub(super) say: Say,
    /// The currency, and the decimals of its coins.
    pub(super) coins: u32,
    origins: &'a Origins,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        document: &'a Document,
        origins: &'a Origins,
        language: Language,
    ) -> Self {
        let coins = decimals(document.currency.as_deref().unwrap_or_default());
        Self { document, say: Say(language), coins, origins }
    }

    pub(super) fn view(&self) -> View {
        let title = format!("{} {}", self.kind(), self.document.number);
        let parts = [
            ("heading", Vec::new(), self.heading()),
            ("parties", Vec::new(), self.parties()),
            ("lines", self.columns(), self.lines()),
            ("packages", Vec::new(), self.packages()),
            ("charges", Vec::new(), self.charges()),
            ("totals", Vec::new(), self.totals()),
            ("notes", Vec::new(), self.notes("", &self.document.notes)),
        ];
        let sections = parts.into_iter().filter(|(.., rows)| !rows.is_empty());
        let sections = sections.map(|(key, columns, rows)| Section {
            key,
            name: self.say.line(&format!("section.{key}")).unwrap_or_default().to_owned(),
            columns,
            rows,
        });
        View {
            kind: self.document.kind,
            language: self.say.0.tag(),
            title: self.cell(title.trim().to_owned(), &["/number".to_owned()]),
            sections: sections.collect(),
        }
    }

    /// What it is called.
    fn kind(&self) -> String {
        let own = self.document;
        let kind = serde_json::to_value(own.kind).unwrap_or_default();
        let kind = kind.as_str().unwrap_or_default();
        let of_invoice = own.invoice_type.as_deref();
        let kind = match (own.kind, own.purpose.as_str(), of_invoice) {
            (Kind::Invoice, "cancellation", None | Some("invoice")) => {
                "invoice_cancellation"
            }
            (Kind::Invoice, _, Some(word @ ("credit_note" | "debit_note"))) => word,
            _ => kind,
        };
        self.say.word("kind", kind)
    }

    /// A value that tells these fields.
    pub(super) fn cell(&self, text: String, paths: &[String]) -> Cell {
        let known = paths.iter().filter_map(|path| self.origins.get(path));
        let mut spans: Vec<_> = known.flatten().copied().collect();
        spans.sort_by_key(|span| (span.at, span.length));
        spans.dedup();
        Cell { text, paths: paths.to_vec(), spans }
    }

    /// A row of one value.
    pub(super) fn row(
        &self,
        label: impl Into<String>,
        text: String,
        paths: &[String],
    ) -> Row {
        Row {
            label: label.into(),
            cells: vec![self.cell(text, paths)],
            under: Vec::new(),
        }
    }

    pub(super) fn label(&self, key: &str) -> &'static str {
        self.say.line(&format!("label.{key}")).unwrap_or_default()
    }

    /// An amount in the currency of the document, exact.
    pub(super) fn money(&self, amount: Decimal) -> String {
        let number = self.say.number(amount, self.coins);
        match &self.document.currency {
            Some(currency) => format!("{number} {currency}"),
            None => number,
        }
    }

    /// A number of another document, perhaps with its date.
    pub(super) fn dated(&self, number: &str, date: Option<&str>) -> String {
        match date {
            Some(date) => {
                let date = self.say.date(date);
                self.say.say("say.dated", &[("number", number), ("date", &date)])
            }
            None => number.to_owned(),
        }
    }

    pub(super) fn references(&self, at: &str, references: &[Reference]) -> Vec<Row> {
        let rows = references.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/references/{place}");
            let text = self.dated(&own.number, own.date.as_deref());
            let paths = ["kind", "number", "date"].map(|field| format!("{at}/{field}"));
            self.row(self.say.word("reference", &own.kind), text, &paths)
        });
        rows.collect()
    }

    pub(super) fn dates(&self, at: &str, dates: &[crate::DateOf]) -> Vec<Row> {
        let rows = dates.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/dates/{place}");
            let paths = [format!("{at}/kind"), format!("{at}/date")];
            self.row(self.say.word("date", &own.kind), self.say.date(&own.date), &paths)
        });
        rows.collect()
    }

    pub(super) fn notes(&self, at: &str, notes: &[crate::Note]) -> Vec<Row> {
        let rows = notes.iter().enumerate().map(|(place, own)| {
            let kind = own.kind.as_deref();
            let label = kind.map(|kind| self.say.word("note", kind));
            let label = label.unwrap_or_else(|| self.label("note").to_owned());
            let at = format!("{at}/notes/{place}");
            self.row(
                label,
                own.text.clone(),
                &[format!("{at}/text"), format!("{at}/kind")],
            )
        });
        rows.collect()
    }
}
