//! Customers in common: the number, and where both sides let it, the rows. Whoever reads walks
//! its own rows that the other side has too; beside each it sees the other's fields under the
//! mask, and neither an id, nor an order, nor a number of the other side's.

mod sql;

use std::collections::BTreeSet;

use gate::{PageAsk, Problem, Scope};
use kernel::{Fault, Id, Organisation, Partnership, Population};
use serde::Serialize;
use sharing::Mask;
use store::Conn;
use utoipa::ToSchema;

pub use sql::ALL as STATEMENTS;
pub(super) use sql::CellRow;

use super::Refusal;
use crate::Given;

/// A customer of one's own.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub(super) struct OwnCustomer {
    /// The account; null for a row of a list.
    account: Option<Id<kernel::Account>>,
    name: String,
    domain: Option<String>,
    city: Option<String>,
    country: Option<String>,
}

/// What the partner shows of the same customer: the fields of the mask, and no others.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
pub(super) struct TheirCustomer {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    domain: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    vat: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    city: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    country: Given<String>,
    #[serde(skip_serializing_if = "Given::is_absent")]
    #[schema(value_type = Option<String>)]
    segment: Given<String>,
}

/// A customer in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OverlapItem {
    yours: OwnCustomer,
    /// What the partner shows; more than one where its books have the customer more than once.
    theirs: Vec<TheirCustomer>,
}

/// Customers in common.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OverlapPage {
    /// The partner's fields that one sees.
    pub fields: Vec<String>,
    /// They, by one's own rows.
    pub items: Vec<OverlapItem>,
    /// Where the next page begins; null on the last one.
    pub next: Option<String>,
}

/// Two populations as one side may know of them; none if it may not.
pub(super) async fn cell(
    conn: &mut Conn,
    own: Id<Organisation>,
    partnership: Id<Partnership>,
    (mine, theirs): (Id<Population>, Id<Population>),
) -> Result<Option<CellRow>, Fault> {
    let cells = cells(conn, own, partnership).await?;
    let this =
        |it: &CellRow| (it.population_id, it.their_population_id) == (mine, theirs);
    Ok(cells.into_iter().find(this))
}

pub(super) use sql::cells;

/// A page of customers in common.
///
/// # Errors
/// Not found, unless they are shown to the acting organisation now.
pub(super) async fn page(
    conn: &mut Conn,
    scope: Scope,
    partnership: Id<Partnership>,
    pair: (Id<Population>, Id<Population>),
    ask: &PageAsk,
) -> Result<OverlapPage, Problem> {
    let own = scope.organisation();
    let seen = cell(conn, own, partnership, pair).await?;
    let fields = seen.and_then(|it| it.fields()).ok_or(Refusal::NotFound)?;
    let after = ask.after()?.unwrap_or(Id::from_uuid(uuid::Uuid::nil()));
    let rows = sql::rows(conn, own, (partnership, pair), after, ask.limit() + 1).await?;
    let page = gate::Page::cut(gather(rows), ask.limit(), |(id, _)| *id);
    let items = page.items.into_iter().map(|(_, item)| item).collect();
    Ok(OverlapPage { fields, items, next: page.next })
}

/// A row of one's own, by the id of a population's row.
type Gathered = (Id<Population>, OverlapItem);

/// Rows that are the same customer of one's own, in one; what the partner shows of it in the
/// order of what is shown.
fn gather(rows: Vec<sql::OverlapRow>) -> Vec<Gathered> {
    let mut gathered: Vec<(Id<Population>, OwnCustomer, BTreeSet<TheirCustomer>)> =
        Vec::new();
    for row in rows {
        let id = row.row_id;
        let (yours, theirs) = row.sides();
        match gathered.last_mut() {
            Some((last, _, seen)) if *last == id => drop(seen.insert(theirs)),
            Some(_) | None => gathered.push((id, yours, BTreeSet::from([theirs]))),
        }
    }
    let item = |(id, yours, theirs): (_, _, BTreeSet<_>)| {
        (id, OverlapItem { yours, theirs: theirs.into_iter().collect() })
    };
    gathered.into_iter().map(item).collect()
}

impl sql::OverlapRow {
    fn sides(self) -> (OwnCustomer, TheirCustomer) {
        let mask = Mask::read(&self.mask);
        let sees = |field: &str| mask.has(field);
        let yours = OwnCustomer {
            account: self.account_id,
            name: self.own_name,
            domain: self.own_domain,
            city: self.own_city,
            country: self.own_country,
        };
        let theirs = TheirCustomer {
            name: sees("name").then_some(self.name),
            domain: Given::shown(sees("domain"), self.domain),
            vat: Given::shown(sees("vat"), self.vat),
            city: Given::shown(sees("city"), self.city),
            country: Given::shown(sees("country"), self.country),
            segment: Given::shown(sees("segment"), self.segment),
        };
        (yours, theirs)
    }
}

/// The most rows of a file.
const MOST: i64 = 20_000;

/// Customers in common as a file: comma-separated, with what a spreadsheet would take for a
/// formula made harmless.
///
/// # Errors
/// Not found, unless they are shown to the acting organisation now.
pub(super) async fn export(
    conn: &mut Conn,
    scope: Scope,
    partnership: Id<Partnership>,
    pair: (Id<Population>, Id<Population>),
) -> Result<String, Refusal> {
    let own = scope.organisation();
    let seen = cell(conn, own, partnership, pair).await?;
    let fields = seen.and_then(|it| it.fields()).ok_or(Refusal::NotFound)?;
    let start = Id::from_uuid(uuid::Uuid::nil());
    let rows = sql::rows(conn, own, (partnership, pair), start, MOST).await?;
    let mut file = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Fault::new("writing a file of customers")(error);
    let head = ["your_name", "your_domain"].map(str::to_owned).into_iter();
    let theirs = fields.iter().map(|field| format!("their_{field}"));
    file.write_record(head.chain(theirs)).map_err(broken)?;
    for (_, item) in gather(rows) {
        for their in item.theirs {
            let yours =
                [item.yours.name.clone(), item.yours.domain.clone().unwrap_or_default()];
            let cells = fields.iter().map(|field| their.cell(field));
            let record = yours.into_iter().chain(cells).map(|text| harmless(&text));
            file.write_record(record).map_err(broken)?;
        }
    }
    let bytes = file.into_inner().map_err(csv::IntoInnerError::into_error);
    let bytes = bytes.map_err(Fault::new("writing a file of customers"))?;
    String::from_utf8(bytes)
        .map_err(|error| Fault::new("writing a file of customers")(error).into())
}

impl TheirCustomer {
    fn cell(&self, field: &str) -> String {
        let value = match field {
            "name" => return self.name.clone().unwrap_or_default(),
            "domain" => &self.domain,
            "vat" => &self.vat,
            "city" => &self.city,
            "country" => &self.country,
            "segment" => &self.segment,
            _ => return String::new(),
        };
        match value {
            Given::Value(text) => text.clone(),
            Given::Absent | Given::Empty => String::new(),
        }
    }
}

/// What begins like a formula is made a text.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("Acme"), "Acme");
    }
}
