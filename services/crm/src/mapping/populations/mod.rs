//! Populations: the customers that an organisation compares with its partners'. A filter over
//! its accounts, or a list of its own from a file.

mod sql;

use std::collections::BTreeMap;

use gate::{Permit, Scope};
use kernel::{Fault, Id, Moment, Population};
use serde_json::json;
use sharing::audit;
use store::{Conn, Tx};

pub use sql::ALL as STATEMENTS;
pub(super) use sql::{Row, list, one};

use super::{EditPopulations, Refusal, offers};
use crate::{
    accounts::{Fields, Flaw, rules},
    imports::{self, rules::Sheet},
    keys::{CustomerKey, KeyScheme},
};

/// How many populations an organisation may have.
const MOST: i64 = 20;
/// The columns of a list that no account has.
const BESIDE: [&str; 2] = ["gln", "duns"];
/// The columns of a list that an account has.
const OF_ACCOUNTS: [&str; 5] = ["name", "domain", "vat", "city", "country"];

/// Which accounts belong to it; what is not given does not matter.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Of this segment.
    pub segment: Option<String>,
    /// In this country.
    pub country: Option<String>,
    /// In this city.
    pub city: Option<String>,
}

impl Filter {
    /// This filter, if it can be.
    ///
    /// # Errors
    /// The first field that cannot.
    pub fn read(self) -> Result<Self, Flaw> {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Ok(Self {
            segment: given(self.segment).map(|it| rules::segment(&it)).transpose()?,
            country: given(self.country).map(|it| rules::country(&it)).transpose()?,
            city: given(self.city).map(|it| rules::city(&it)).transpose()?,
        })
    }
}

/// A row of a list, with its keys.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// Its fields; those of accounts alone.
    pub fields: Fields,
    /// By what it is compared.
    pub keys: Vec<CustomerKey>,
}

/// What a population is made of.
#[derive(Clone, Debug)]
pub enum Made {
    /// The accounts that pass a filter.
    Of(Filter),
    /// The rows of a file.
    From {
        /// Its name.
        filename: String,
        /// Its good rows.
        rows: Vec<ListRow>,
    },
}

/// Reads a list: the file as imports read it, with GLN and D-U-N-S number besides.
///
/// # Errors
/// [`Refusal::File`], if it makes no sense as a whole.
pub(super) fn read_list(
    csv: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<(Sheet, Vec<ListRow>), Refusal> {
    let own = |field: &&String| {
        let field = field.as_str();
        OF_ACCOUNTS.contains(&field) || BESIDE.contains(&field)
    };
    if let Some(odd) = mapping.keys().find(|field| !own(field)) {
        let flaw =
            imports::rules::FileFlaw::UnknownField(odd.chars().take(100).collect());
        return Err(imports::Refusal::File(flaw).into());
    }
    let sheet = imports::rules::read_beside(csv, mapping, &BESIDE);
    let sheet = sheet.map_err(imports::Refusal::File)?;
    let rows = sheet.good.iter().map(|row| {
        let beside = |name| row.beside.get(name).map(String::as_str);
        let given = [
            (KeyScheme::Domain, row.fields.domain.as_deref()),
            (KeyScheme::Vat, row.fields.vat.as_deref()),
            (KeyScheme::Gln, beside("gln")),
            (KeyScheme::Duns, beside("duns")),
        ];
        let key = |(scheme, text)| CustomerKey::of_books(scheme, text);
        ListRow {
            fields: row.fields.clone(),
            keys: given.into_iter().filter_map(key).collect(),
        }
    });
    let rows = rows.collect();
    Ok((sheet, rows))
}

/// How many rows a filter finds, and how many of them have a key.
///
/// # Errors
/// If the database fails.
pub(super) async fn found(
    conn: &mut Conn,
    scope: Scope,
    filter: &Filter,
) -> Result<(i64, i64), Fault> {
    sql::found(conn, scope.organisation(), filter).await
}

/// Makes a population. No partner learns of it before it is shown to one.
///
/// # Errors
/// [`Refusal::Flaw`]; [`Refusal::TooMany`].
pub(super) async fn add(
    tx: &mut Tx,
    permit: &Permit<EditPopulations>,
    name: &str,
    made: &Made,
    at: Moment,
) -> Result<Id<Population>, Refusal> {
    let (scope, name, id) = (permit.scope(), read_name(name)?, Id::mint());
    let own = scope.organisation();
    if sql::count(tx, own).await? >= MOST {
        return Err(Refusal::TooMany(MOST));
    }
    sql::insert(tx, own, id, &name, made, at).await?;
    fill(tx, scope, id, made).await?;
    log(tx, scope, "population.create", id, &name, at).await?;
    Ok(id)
}

/// Changes a population; `made` is none where only its name changes. A list that comes in its
/// stead replaces the rows, and partners see the change when it is compared, not at once.
///
/// # Errors
/// [`Refusal::Stale`]; [`Refusal::Flaw`].
pub(super) async fn change(
    tx: &mut Tx,
    permit: &Permit<EditPopulations>,
    (id, revision): (Id<Population>, i64),
    name: &str,
    made: Option<&Made>,
    at: Moment,
) -> Result<(), Refusal> {
    let (scope, name) = (permit.scope(), read_name(name)?);
    let own = scope.organisation();
    let old = one(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    if old.revision != revision
        || !sql::rename(tx, own, (id, revision), &name, at).await?
    {
        return Err(Refusal::Stale(old.revision));
    }
    if let Some(made) = made {
        sql::remake(tx, own, id, made, at).await?;
        fill(tx, scope, id, made).await?;
    }
    offers::tell_of(tx, scope, id).await?;
    log(tx, scope, "population.change", id, &name, at).await?;
    Ok(())
}

/// Deletes a population. Partners see nothing of it any more, at once.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn delete(
    tx: &mut Tx,
    permit: &Permit<EditPopulations>,
    id: Id<Population>,
    at: Moment,
) -> Result<(), Refusal> {
    let scope = permit.scope();
    let own = scope.organisation();
    let old = one(tx, own, id).await?.ok_or(Refusal::NotFound)?;
    offers::hide_everywhere(tx, scope, id, at).await?;
    sql::delete(tx, own, id, at).await?;
    log(tx, scope, "population.delete", id, &old.name, at).await?;
    Ok(())
}

/// Brings in what it is made of. A filter's keys come when it is compared; those that are
/// there and no longer belong to it go at once.
async fn fill(
    tx: &mut Tx,
    scope: Scope,
    id: Id<Population>,
    made: &Made,
) -> Result<(), Fault> {
    let own = scope.organisation();
    match made {
        Made::Of(_) => {
            sql::drop_rows(tx, own, id).await?;
            sql::drop_strangers(tx, own, id).await?;
            sql::count_filter(tx, own, id).await
        }
        Made::From { rows, .. } => {
            sql::drop_rows(tx, own, id).await?;
            sql::drop_keys(tx, own, id).await?;
            sql::add_rows(tx, own, id, rows).await?;
            sql::drop_common(tx, own, id).await?;
            sql::count_list(tx, own, id).await
        }
    }
}

/// Brings a population to what the books say now, before it is compared.
pub(super) async fn refresh(tx: &mut Tx, id: Id<Population>) -> Result<(), Fault> {
    let Some((own, source)) = sql::whose(tx, id).await? else { return Ok(()) };
    sql::hold(tx, own, id).await?;
    if source == Source::Filter {
        sql::drop_strangers(tx, own, id).await?;
        sql::add_found(tx, own, id).await?;
        sql::drop_common(tx, own, id).await?;
        sql::count_filter(tx, own, id).await?;
    }
    Ok(())
}

/// What a population is made of, in a word.
#[derive(
    Clone,
    Copy,
    Debug,
    Eq,
    PartialEq,
    serde::Deserialize,
    serde::Serialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = PopulationSource)]
pub(super) enum Source {
    /// A filter over the accounts.
    Filter,
    /// The rows of a file.
    List,
}

fn read_name(text: &str) -> Result<String, Flaw> {
    let name = text.trim();
    let why = "a population has a name of 1 to 80 characters, which partners read";
    let good = (1..=80).contains(&name.chars().count());
    if good && !name.contains(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(Flaw { field: "name", why })
    }
}

async fn log(
    tx: &mut Tx,
    scope: Scope,
    action: &str,
    id: Id<Population>,
    name: &str,
    at: Moment,
) -> Result<(), Fault> {
    let organisation = scope.organisation();
    let (kind, text) = ("population".to_owned(), id.to_string());
    tx.hint(store::Hint::Changed { organisation, kind, id: text.clone(), revision: 0 });
    let (of, detail) = (("population", text), json!({ "name": name }));
    audit::write(tx, organisation, scope.actor(), action, of, detail, at).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::read_list;

    fn mapping(fields: &[&str]) -> BTreeMap<String, String> {
        fields.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect()
    }

    #[test]
    fn a_list_is_compared_by_four_keys_and_never_by_free_mail() {
        let csv = "name,domain,vat,gln,duns\nA,www.A.example,,,\nB,gmail.com,,,\nC,,FR12345678901,4012345000009,15-048-3782\nD,,,4012345000008,\n";
        let (sheet, rows) =
            read_list(csv, &mapping(&["name", "domain", "vat", "gln", "duns"])).unwrap();
        let keys: Vec<usize> = rows.iter().map(|row| row.keys.len()).collect();
        assert_eq!((sheet.rows, keys), (4, vec![1, 0, 3, 0]));
    }

    #[test]
    fn a_list_takes_no_column_that_is_not_compared_or_shown() {
        let csv = "name,notes\nA,secret\n";
        assert!(read_list(csv, &mapping(&["name", "notes"])).is_err());
    }
}
