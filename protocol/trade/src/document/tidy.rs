//! The one form of a document that says the same thing.

use rust_decimal::Decimal;

use super::{
    Amount, Charge, Document, Kind, Line, Note, OrderOf, Party, PaymentTerm, Tax,
};

impl Document {
    /// The document in the form that its readers give: what goes without saying is said where
    /// the dialects demand it and left out where they do not, numbers are without idle zeros,
    /// packages are counted from 1, each before what stands on it.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        if self.purpose.is_empty() {
            "original".clone_into(&mut self.purpose);
        }
        let orders = matches!(self.kind, Kind::Order | Kind::OrderChange);
        if orders && self.order_type.is_none() {
            self.order_type = Some("stand_alone".to_owned());
        }
        self.point_to_the_order();
        if self.kind == Kind::DispatchAdvice {
            self.sort_packages();
        }
        if let Some(about) = &mut self.about {
            let kind = if self.kind == Kind::Quote { "request" } else { "order" };
            kind.clone_into(&mut about.kind);
        }
        let changes = matches!(self.kind, Kind::OrderChange | Kind::OrderChangeAnswer);
        for line in &mut self.lines {
            if changes && line.change.is_none() {
                line.change = Some("changed".to_owned());
            }
            tidy_line(line);
            if matches!(self.kind, Kind::OrderAnswer | Kind::OrderChangeAnswer) {
                promise(line);
            }
        }
        self.parties.iter_mut().for_each(tidy_party);
        self.contacts
            .iter_mut()
            .for_each(|contact| drop_word(&mut contact.desk, "information"));
        tidy_money(
            &mut self.charges,
            &mut self.taxes,
            &mut self.amounts,
            &mut self.notes,
        );
        for PaymentTerm { days, percent, amount, .. } in &mut self.payment_terms {
            [days, percent, amount].into_iter().for_each(normal);
        }
        for package in &mut self.packages {
            if package.kind.is_some() && package.count.is_none() {
                package.count = Some(Decimal::ONE);
            }
            normal(&mut package.count);
        }
        self
    }

    /// An order and a request are about nothing; what follows an order is about it.
    fn point_to_the_order(&mut self) {
        if matches!(self.kind, Kind::Order | Kind::RequestForQuote) {
            self.references.extend(self.about.take());
        } else if self.about.is_none() && self.kind.follows_an_order() {
            let first = self.references.iter().position(|own| own.kind == "order");
            self.about = first.map(|place| self.references.remove(place));
        }
        if self.kind != Kind::DispatchAdvice {
            return;
        }
        for line in self.lines.iter_mut().filter(|line| line.order.is_none()) {
            let own = line.references.iter().position(|own| own.kind == "order");
            line.order = own.map(|place| {
                let super::Reference { number, date, .. } = line.references.remove(place);
                OrderOf { number, date }
            });
        }
        let order_of = |about: &super::Reference| OrderOf {
            number: about.number.clone(),
            date: about.date.clone(),
        };
        let whole = self.about.as_ref().map(order_of);
        for line in &mut self.lines {
            if line.order.is_none() {
                line.order.clone_from(&whole);
            }
        }
        // Of several orders the first by number is the one that the document is about.
        let known: Option<Vec<&OrderOf>> =
            self.lines.iter().map(|line| line.order.as_ref()).collect();
        let known = known.unwrap_or_default();
        let least = known.iter().min_by_key(|own| (&own.number, &own.date));
        let Some(least) = least.map(|own| (*own).clone()) else {
            return;
        };
        let is_elsewhere = whole.as_ref().is_some_and(|whole| !known.contains(&whole));
        if is_elsewhere {
            self.references.extend(self.about.take());
        }
        for line in &mut self.lines {
            // One that refers to another order says which of them it belongs to.
            let refers = line.references.iter().any(|own| own.kind == "order");
            if line.order.as_ref() == Some(&least) && !refers {
                line.order = None;
            }
        }
        let OrderOf { number, date } = least;
        self.about = Some(super::Reference { kind: "order".to_owned(), number, date });
    }

    /// Packages each before what stands on it, lines in the order of orders and packages.
    fn sort_packages(&mut self) {
        let mut sorted = Vec::new();
        let roots = self.packages.iter().enumerate().filter(|(_, package)| {
            !self
                .packages
                .iter()
                .any(|outer| Some(&outer.number) == package.parent.as_ref())
        });
        let mut roots: Vec<_> = roots
            .map(|(place, package)| (self.order_in(&package.number, 0), place))
            .collect();
        roots.sort();
        for (_, place) in roots {
            self.descend(place, &mut sorted);
        }
        let mut packages: Vec<super::Package> = sorted
            .iter()
            .filter_map(|place| self.packages.get(*place).cloned())
            .collect();
        let names: Vec<String> =
            packages.iter().map(|package| package.number.clone()).collect();
        let renamed = |old: &Option<String>| {
            let place = names.iter().position(|name| Some(name) == old.as_ref())?;
            Some(place.saturating_add(1).to_string())
        };
        for (package, number) in packages.iter_mut().zip(1_usize..) {
            package.number = number.to_string();
            package.parent = renamed(&package.parent);
        }
        for line in &mut self.lines {
            line.package = renamed(&line.package);
        }
        let place = |line: &Line| line.package.as_ref().and_then(|own| own.parse().ok());
        let place = |line: &Line| place(line).unwrap_or(0_usize);
        let mut lines: Vec<_> = std::mem::take(&mut self.lines)
            .into_iter()
            .map(|line| (self.order_of(&line), place(&line), line))
            .collect();
        lines.sort_by(|one, two| (&one.0, one.1).cmp(&(&two.0, two.1)));
        self.lines = lines.into_iter().map(|(_, _, line)| line).collect();
        self.packages = packages;
    }

    fn descend(&self, place: usize, sorted: &mut Vec<usize>) {
        let Some(package) = self.packages.get(place).filter(|_| !sorted.contains(&place))
        else {
            return;
        };
        sorted.push(place);
        for (inner, other) in self.packages.iter().enumerate() {
            if other.parent.as_ref() == Some(&package.number) {
                self.descend(inner, sorted);
            }
        }
    }

    /// The order of a line: its own, or that of the document.
    pub(crate) fn order_of(&self, line: &Line) -> Option<OrderOf> {
        let whole = |about: &super::Reference| OrderOf {
            number: about.number.clone(),
            date: about.date.clone(),
        };
        line.order.clone().or_else(|| self.about.as_ref().map(whole))
    }

    /// The first order by number of the lines in a package and in what stands on it.
    pub(crate) fn order_in(&self, package: &str, depth: usize) -> Option<OrderOf> {
        let own =
            self.lines.iter().filter(|line| line.package.as_deref() == Some(package));
        let own = own.filter_map(|line| self.order_of(line));
        let inner = self.packages.iter();
        let inner =
            inner.filter(|inner| inner.parent.as_deref() == Some(package) && depth < 16);
        let inner = inner
            .filter_map(|inner| self.order_in(&inner.number, depth.saturating_add(1)));
        own.chain(inner).min()
    }
}

fn tidy_line(line: &mut Line) {
    let unit = Some(line.unit.clone()).filter(|unit| !unit.is_empty());
    for number in [
        &mut line.quantity,
        &mut line.open_quantity,
        &mut line.price,
        &mut line.price_per,
    ] {
        normal(number);
    }
    if line.open_quantity == line.quantity {
        line.open_quantity = None;
    }
    if line.price_per == Some(Decimal::ONE) {
        line.price_per = None;
    }
    if line.price_unit == unit {
        line.price_unit = None;
    }
    drop_word(&mut line.price_kind, "net");
    if let (None, Some(first)) = (line.price, line.breaks.first()) {
        line.price = Some(first.price);
    }
    let given = |own: &mut Option<String>| {
        if own.is_none() {
            own.clone_from(&unit);
        }
    };
    for own in &mut line.breaks {
        own.price = own.price.normalize();
        normal(&mut own.from);
        if own.from.is_some() {
            given(&mut own.unit);
        }
    }
    for own in &mut line.schedules {
        own.quantity = own.quantity.normalize();
        given(&mut own.unit);
    }
    for own in &mut line.confirmations {
        own.date_kind = match (&own.date, own.date_kind.take()) {
            (None, _) => None,
            (Some(_), None) => Some("promised".to_owned()),
            (Some(_), kind) => kind,
        };
        normal(&mut own.quantity);
        if own.quantity.is_some() {
            given(&mut own.unit);
        }
    }
    for own in &mut line.quantities {
        own.quantity = own.quantity.normalize();
        given(&mut own.unit);
    }
    line.parties.iter_mut().for_each(tidy_party);
    tidy_money(&mut line.charges, &mut line.taxes, &mut line.amounts, &mut line.notes);
}

/// The date that an answer promises stands with what it confirms, where it confirms anything.
fn promise(line: &mut Line) {
    let says =
        |own: &super::Confirmation| !own.status.is_empty() || own.quantity.is_some();
    for own in line.confirmations.extract_if(.., |own| !says(own)) {
        let date = own.date.map(|date| (own.date_kind.unwrap_or_default(), date));
        line.dates.extend(date.map(|(kind, date)| super::DateOf { kind, date }));
    }
    if let Some(first) = line.confirmations.first_mut().filter(|own| own.date.is_none())
        && let Some(place) = line.dates.iter().position(|date| date.kind == "promised")
    {
        let moved = line.dates.remove(place);
        first.date_kind = Some(moved.kind);
        first.date = Some(moved.date);
    }
}

fn tidy_party(party: &mut Party) {
    party
        .contacts
        .iter_mut()
        .for_each(|contact| drop_word(&mut contact.desk, "information"));
}

fn tidy_money(
    charges: &mut [Charge],
    taxes: &mut [Tax],
    amounts: &mut [Amount],
    notes: &mut [Note],
) {
    for Charge { amount, percent, rate, quantity, .. } in charges {
        [amount, percent, rate, quantity].into_iter().for_each(normal);
    }
    for Tax { amount, base, percent, .. } in taxes {
        [amount, base, percent].into_iter().for_each(normal);
    }
    for own in amounts {
        own.amount = own.amount.normalize();
    }
    for note in notes {
        drop_word(&mut note.kind, "general");
        drop_word(&mut note.label, "NOTE");
    }
}

fn drop_word(own: &mut Option<String>, word: &str) {
    if own.as_deref() == Some(word) {
        *own = None;
    }
}

fn normal(number: &mut Option<Decimal>) {
    *number = number.map(|number| number.normalize());
}
