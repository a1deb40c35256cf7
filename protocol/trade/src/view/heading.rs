use rust_decimal::Decimal;

use super::Row;
use super::build::Builder;
use crate::said::capital;
use crate::{Charge, Contact, Kind, Party, PaymentTerm, Tax};

/// Puts what there is side by side.
fn joined(parts: impl IntoIterator<Item = Option<String>>, between: &str) -> String {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}

impl Builder<'_> {
    pub(super) fn heading(&self) -> Vec<Row> {
        let own = self.document;
        let mut rows = Vec::new();
        let mut add = |label: &str, text: Option<String>, path: &str| {
            rows.extend(text.map(|text| self.row(label, text, &[path.to_owned()])));
        };
        let date = own.date.as_deref().map(|date| self.say.date(date));
        add(self.label("date"), date, "/date");
        let purpose = Some(&own.purpose).filter(|purpose| *purpose != "original");
        let purpose = purpose.filter(|purpose| !purpose.is_empty());
        let purpose = purpose.map(|purpose| self.say.word("purpose", purpose));
        add(self.label("purpose"), purpose, "/purpose");
        let of_order = |word: &String| self.say.word("order_type", word);
        let told = own.order_type.as_ref().filter(|word| *word != "stand_alone");
        add(self.label("order_type"), told.map(of_order), "/order_type");
        let answer = own.answer.as_ref().map(|word| self.say.word("answer", word));
        add(self.label("answer"), answer, "/answer");
        add(self.label("release"), own.release.clone(), "/release");
        if let Some(about) = &own.about {
            let label = match about.kind.as_str() {
                "request" => self.label("about.request"),
                _ => self.label("about.order"),
            };
            let text = self.dated(&about.number, about.date.as_deref());
            let paths = ["/about/number".to_owned(), "/about/date".to_owned()];
            rows.push(self.row(label, text, &paths));
        }
        let mut add = |label: &str, text: Option<String>, path: &str| {
            rows.extend(text.map(|text| self.row(label, text, &[path.to_owned()])));
        };
        add(self.label("currency"), own.currency.clone(), "/currency");
        rows.extend(self.dates("", &own.dates));
        rows.extend(self.references("", &own.references));
        rows.extend(self.contacts("", &own.contacts));
        for (place, term) in own.payment_terms.iter().enumerate() {
            rows.push(self.term(term, &format!("/payment_terms/{place}")));
        }
        if let Some(terms) = &own.delivery {
            let payment =
                terms.payment.as_ref().map(|word| self.say.word("freight", word));
            let text =
                joined([terms.incoterm.clone(), terms.place.clone(), payment], ", ");
            let paths = ["incoterm", "place", "payment"];
            let paths = paths.map(|field| format!("/delivery/{field}"));
            rows.push(self.row(self.label("delivery"), text, &paths));
        }
        for (place, way) in own.transport.iter().enumerate() {
            let mode = way.mode.as_ref().map(|word| self.say.word("mode", word));
            let text = joined(
                [mode, way.name.clone(), way.carrier.clone(), way.service.clone()],
                ", ",
            );
            let paths = ["mode", "name", "carrier", "service"];
            let paths = paths.map(|field| format!("/transport/{place}/{field}"));
            rows.push(self.row(self.label("transport"), text, &paths));
        }
        rows.retain(|row| row.cells.iter().any(|cell| !cell.text.is_empty()));
        rows
    }

    fn term(&self, term: &PaymentTerm, at: &str) -> Row {
        let number = |number: Decimal| self.say.number(number, 0);
        let days =
            term.days.map(|days| self.say.say("say.days", &[("days", &number(days))]));
        let from = term.from.as_ref().filter(|_| term.days.is_some());
        let from = from.map(|from| {
            self.say.say("say.from", &[("from", &self.say.word("terms_from", from))])
        });
        let date = term
            .date
            .as_ref()
            .map(|date| self.say.say("say.until", &[("date", &self.say.date(date))]));
        let percent = term
            .percent
            .map(|own| self.say.say("say.percent", &[("percent", &number(own))]));
        let amount = term.amount.map(|amount| self.money(amount));
        let kind = Some(self.say.word("terms", &term.kind));
        let text =
            joined([kind, percent, amount, days, from, date, term.text.clone()], ", ");
        let paths = ["kind", "percent", "amount", "days", "from", "date", "text"];
        self.row(self.label("payment"), text, &paths.map(|field| format!("{at}/{field}")))
    }

    pub(super) fn parties(&self) -> Vec<Row> {
        let parties = self.document.parties.iter().enumerate();
        parties
            .map(|(place, own)| self.party(own, &format!("/parties/{place}")))
            .collect()
    }

    pub(super) fn party(&self, party: &Party, at: &str) -> Row {
        let town = [party.city.clone(), party.region.clone(), party.postal_code.clone()];
        let town = joined(town, " ");
        let address = joined(
            [Some(party.street.join(", ")), Some(town), party.country.clone()],
            ", ",
        );
        let id = party.id.as_ref().map(|id| {
            let scheme = self.say.word("scheme", &id.scheme);
            self.say.say("say.id", &[("value", &id.value), ("scheme", &scheme)])
        });
        let place = |fields: &[&str]| -> Vec<String> {
            fields.iter().map(|field| format!("{at}/{field}")).collect()
        };
        let mut lines = place(&["city", "region", "postal_code", "country"]);
        lines.extend((0..party.street.len()).map(|line| format!("{at}/street/{line}")));
        let cells = [
            self.cell(party.name.clone(), &place(&["name", "role"])),
            self.cell(id.unwrap_or_default(), &place(&["id/value", "id/scheme"])),
            self.cell(address, &lines),
        ];
        let mut under = self.references(at, &party.references);
        under.extend(self.contacts(at, &party.contacts));
        Row {
            label: self.say.word("role", &party.role),
            cells: cells.into_iter().filter(|cell| !cell.text.is_empty()).collect(),
            under,
        }
    }

    fn contacts(&self, at: &str, contacts: &[Contact]) -> Vec<Row> {
        let rows = contacts.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/contacts/{place}");
            let desk = own.desk.as_ref().map(|desk| self.say.word("desk", desk));
            let mut paths = vec![format!("{at}/name"), format!("{at}/desk")];
            let mut parts = vec![Some(own.name.clone()), desk];
            for (number, channel) in own.channels.iter().enumerate() {
                let kind = self.say.word("channel", &channel.kind);
                parts.push(Some(format!("{kind} {}", channel.value)));
                paths.push(format!("{at}/channels/{number}/value"));
                paths.push(format!("{at}/channels/{number}/kind"));
            }
            self.row(self.label("contact"), joined(parts, ", "), &paths)
        });
        rows.collect()
    }

    pub(super) fn charges(&self) -> Vec<Row> {
        let mut rows = self.charges_of("", &self.document.charges);
        rows.extend(self.taxes_of("", &self.document.taxes));
        rows
    }

    pub(super) fn charges_of(&self, at: &str, charges: &[Charge]) -> Vec<Row> {
        let rows = charges.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/charges/{place}");
            let service = own.service.as_ref().map(|word| self.say.word("service", word));
            let direction = self.say.word("direction", &own.direction);
            let label = joined([Some(direction), service], ", ");
            let percent = own.percent.map(|percent| {
                let percent = self.say.number(percent, 0);
                self.say.say("say.percent", &[("percent", &percent)])
            });
            let rate = own.rate.map(|rate| {
                let unit = own.unit.as_deref().unwrap_or_default();
                let count = self.say.quantity(own.quantity.unwrap_or(Decimal::ONE), unit);
                format!("{} × {count}", self.money(rate))
            });
            let amount = own.amount.map(|amount| self.money(amount));
            let text = joined([amount, percent, rate, own.text.clone()], ", ");
            let fields =
                ["direction", "service", "amount", "percent", "rate", "quantity"];
            let mut paths: Vec<String> =
                fields.iter().map(|field| format!("{at}/{field}")).collect();
            paths.extend([format!("{at}/unit"), format!("{at}/text")]);
            self.row(capital(&label), text, &paths)
        });
        rows.collect()
    }

    pub(super) fn taxes_of(&self, at: &str, taxes: &[Tax]) -> Vec<Row> {
        let rows = taxes.iter().enumerate().map(|(place, own)| {
            let at = format!("{at}/taxes/{place}");
            let base = own.base.map(|base| self.money(base));
            let percent = own.percent.map(|percent| {
                let percent = self.say.number(percent, 0);
                match &base {
                    Some(base) => {
                        let values = [("percent", percent.as_str()), ("base", base)];
                        self.say.say("say.of", &values)
                    }
                    None => self.say.say("say.percent", &[("percent", &percent)]),
                }
            });
            let category =
                own.category.as_ref().map(|word| self.say.word("tax_category", word));
            let amount = own.amount.map(|amount| self.money(amount));
            let text = joined([amount, percent, category, own.number.clone()], ", ");
            let fields = ["kind", "amount", "percent", "base", "category", "number"];
            let paths = fields.map(|field| format!("{at}/{field}"));
            self.row(self.say.word("tax", &own.kind), text, &paths)
        });
        rows.collect()
    }

    /// The totals that were given; what the document adds up to, where none was.
    pub(super) fn totals(&self) -> Vec<Row> {
        let own = self.document;
        let mut rows: Vec<Row> = Vec::new();
        for (place, amount) in own.amounts.iter().enumerate() {
            let at = format!("/amounts/{place}");
            let paths = [format!("{at}/amount"), format!("{at}/kind")];
            let label = self.say.word("amount", &amount.kind);
            rows.push(self.row(label, self.money(amount.amount), &paths));
        }
        let sum = own.sum();
        // Not every line of an answer or a change counts.
        let adds_up = matches!(own.kind, Kind::Quote | Kind::Order | Kind::Invoice);
        if adds_up
            && sum.is_whole
            && own.amount("total").is_none()
            && !sum.total.is_zero()
        {
            let total = self.money(sum.total);
            let text = self.say.say("say.calculated", &[("amount", &total)]);
            rows.push(self.row(self.say.word("amount", "total"), text, &[]));
        }
        rows
    }
}
