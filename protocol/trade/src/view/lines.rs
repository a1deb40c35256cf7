use rust_decimal::Decimal;

use super::build::Builder;
use super::{Cell, Row};
use crate::said::capital;
use crate::{Amount, Line};

/// Whether an amount only says what the line comes to.
fn says_worth(amount: &Amount, worth: Option<Decimal>) -> bool {
    amount.kind == "line" && Some(amount.amount) == worth
}

impl Builder<'_> {
    pub(super) fn columns(&self) -> Vec<String> {
        let heads = ["line", "product", "quantity", "price", "amount"];
        let head = |key: &str| {
            self.say.line(&format!("column.{key}")).unwrap_or_default().to_owned()
        };
        heads.into_iter().map(head).collect()
    }

    pub(super) fn lines(&self) -> Vec<Row> {
        let lines = self.document.lines.iter().enumerate();
        lines.map(|(place, line)| self.line(line, &format!("/lines/{place}"))).collect()
    }

    fn line(&self, line: &Line, at: &str) -> Row {
        let first = line.products.first();
        let (product, product_paths) = match (&line.description, first) {
            (Some(text), _) => (text.clone(), vec![format!("{at}/description")]),
            (None, Some(own)) => {
                (own.value.clone(), vec![format!("{at}/products/0/value")])
            }
            (None, None) => (String::new(), Vec::new()),
        };
        let quantity = line.quantity.map(|count| self.say.quantity(count, &line.unit));
        let worth = line.worth(self.coins);
        let told = line.amounts.iter().position(|it| says_worth(it, worth));
        let told = told.map(|place| format!("{at}/amounts/{place}/amount"));
        let worth = worth.map(|worth| self.money(worth)).unwrap_or_default();
        let paths = |fields: &[&str]| -> Vec<String> {
            fields.iter().map(|field| format!("{at}/{field}")).collect()
        };
        let cells = vec![
            self.cell(line.number.clone(), &paths(&["number"])),
            self.cell(product, &product_paths),
            self.cell(quantity.unwrap_or_default(), &paths(&["quantity", "unit"])),
            self.price(line, at),
            self.cell(worth, told.as_slice()),
        ];
        Row { label: String::new(), cells, under: self.under(line, at) }
    }

    fn price(&self, line: &Line, at: &str) -> Cell {
        let paths = ["price", "price_per", "price_unit"];
        let paths = paths.map(|field| format!("{at}/{field}"));
        let Some(price) = line.price else {
            return Cell::default();
        };
        let price = self.money(price);
        let unit = line.price_unit.as_deref().unwrap_or(&line.unit);
        let per = line.price_per.filter(|per| *per != Decimal::ONE);
        let text = match (per, &line.price_unit) {
            (None, None) => price,
            (per, _) => {
                let per = per.unwrap_or(Decimal::ONE);
                let (count, unit) = (self.say.number(per, 0), self.say.unit(per, unit));
                let values =
                    [("price", price.as_str()), ("count", &count), ("unit", &unit)];
                self.say.say("say.per", &values)
            }
        };
        self.cell(text, &paths)
    }

    /// What else is said of a line.
    fn under(&self, line: &Line, at: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        let skip = usize::from(line.description.is_none());
        for (place, own) in line.products.iter().enumerate().skip(skip) {
            let at = format!("{at}/products/{place}");
            let paths = [format!("{at}/value"), format!("{at}/kind")];
            let label = capital(&self.say.word("product", &own.kind));
            rows.push(self.row(label, own.value.clone(), &paths));
        }
        let mut add = |label: &str, text: Option<String>, field: &str| {
            rows.extend(
                text.map(|text| self.row(label, text, &[format!("{at}/{field}")])),
            );
        };
        let change = line.change.as_ref().map(|word| self.say.word("change", word));
        add(self.label("change"), change, "change");
        let open = line.open_quantity.map(|open| self.say.quantity(open, &line.unit));
        add(self.label("open"), open, "open_quantity");
        let kind = line.price_kind.as_ref().map(|word| self.say.word("price_kind", word));
        add(self.label("price_kind"), kind, "price_kind");
        add(self.label("package"), line.package.clone(), "package");
        if let Some(order) = &line.order {
            let text = self.dated(&order.number, order.date.as_deref());
            let paths = [format!("{at}/order/number"), format!("{at}/order/date")];
            rows.push(self.row(self.label("order"), text, &paths));
        }
        rows.extend(self.confirmations(line, at));
        rows.extend(self.schedules(line, at));
        rows.extend(self.dates(at, &line.dates));
        rows.extend(self.references(at, &line.references));
        for (place, party) in line.parties.iter().enumerate() {
            rows.push(self.party(party, &format!("{at}/parties/{place}")));
        }
        rows.extend(self.charges_of(at, &line.charges));
        rows.extend(self.taxes_of(at, &line.taxes));
        let worth = line.worth(self.coins);
        for (place, own) in line.amounts.iter().enumerate() {
            if says_worth(own, worth) {
                continue;
            }
            let at = format!("{at}/amounts/{place}");
            let paths = [format!("{at}/amount"), format!("{at}/kind")];
            let label = self.say.word("amount", &own.kind);
            rows.push(self.row(label, self.money(own.amount), &paths));
        }
        rows.extend(self.notes(at, &line.notes));
        rows.retain(|row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        rows
    }

    fn confirmations(&self, line: &Line, at: &str) -> Vec<Row> {
        let rows = line.confirmations.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/confirmations/{place}");
            let unit = own.unit.as_deref().unwrap_or(&line.unit);
            let mut parts = Vec::new();
            if !own.status.is_empty() {
                parts.push(self.say.word("status", &own.status));
            }
            parts.extend(own.quantity.map(|count| self.say.quantity(count, unit)));
            if let Some(date) = &own.date {
                let kind = own.date_kind.as_deref().unwrap_or("promised");
                let kind = self.say.word("date", kind).to_lowercase();
                parts.push(format!("{kind} {}", self.say.date(date)));
            }
            let fields = ["status", "quantity", "unit", "date_kind", "date"];
            let paths = fields.map(|field| format!("{at}/{field}"));
            self.row(self.label("answer_of_line"), parts.join(", "), &paths)
        });
        rows.collect()
    }

    fn schedules(&self, line: &Line, at: &str) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for (place, own) in line.schedules.iter().enumerate() {
            let at = format!("{at}/schedules/{place}");
            let unit = own.unit.as_deref().unwrap_or(&line.unit);
            let quantity = self.say.quantity(own.quantity, unit);
            let kind = self.say.word("date", &own.kind).to_lowercase();
            let date = self.say.date(&own.date);
            let values =
                [("quantity", quantity.as_str()), ("kind", &kind), ("date", &date)];
            let paths = ["quantity", "unit", "kind", "date"];
            let paths = paths.map(|field| format!("{at}/{field}"));
            let text = self.say.say("say.schedule", &values);
            rows.push(self.row(self.label("schedule"), text, &paths));
        }
        for (place, own) in line.breaks.iter().enumerate() {
            let at = format!("{at}/breaks/{place}");
            let unit = own.unit.as_deref().unwrap_or(&line.unit);
            let from = self.say.quantity(own.from.unwrap_or(Decimal::ONE), unit);
            let label = format!("{} {from}", self.label("break"));
            let paths = ["from", "unit", "price"].map(|field| format!("{at}/{field}"));
            rows.push(self.row(label, self.money(own.price), &paths));
        }
        for (place, own) in line.quantities.iter().enumerate() {
            let at = format!("{at}/quantities/{place}");
            let unit = own.unit.as_deref().unwrap_or(&line.unit);
            let text = self.say.quantity(own.quantity, unit);
            let paths = ["kind", "quantity", "unit"].map(|field| format!("{at}/{field}"));
            rows.push(self.row(self.say.word("quantity", &own.kind), text, &paths));
        }
        rows
    }

    pub(super) fn packages(&self) -> Vec<Row> {
        let rows = self.document.packages.iter().enumerate().map(|(place, own)| {
            let at = format!("/packages/{place}");
            let kind = own.kind.as_ref().map(|kind| self.say.word("package", kind));
            let kind = kind.unwrap_or_default();
            let text = match own.count {
                Some(count) => {
                    let count = self.say.number(count, 0);
                    let values = [("count", count.as_str()), ("kind", &kind)];
                    self.say.say("say.package", &values)
                }
                None => kind,
            };
            let paths = ["number", "kind", "count", "parent"];
            let paths = paths.map(|field| format!("{at}/{field}"));
            let marks = own.marks.iter().enumerate().map(|(mark, own)| {
                let at = format!("{at}/marks/{mark}");
                let paths = [format!("{at}/value"), format!("{at}/kind")];
                self.row(
                    capital(&self.say.word("mark", &own.kind)),
                    own.value.clone(),
                    &paths,
                )
            });
            let under = marks.collect();
            let row = self.row(own.number.clone(), text.trim().to_owned(), &paths);
            Row { under, ..row }
        });
        rows.collect()
    }
}
