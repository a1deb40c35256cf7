//! Setting partners by mail up, and closing them.

use directory::Email;
use gate::{House, Permit};
use kernel::{Fault, Id, MailPartner, Moment};
use serde::Deserialize;
use serde_json::json;
use sharing::audit;
use store::Tx;
use utoipa::ToSchema;

use super::{MailPartnerView, Refusal, rules, sql, view};
use crate::{names, stations::ManageStation};

/// The most partners by mail of an organisation.
const LIMIT_PARTNERS: usize = 1_000;
/// The most who may send for one, besides its own address.
const LIMIT_SENDERS: usize = 20;

/// A partner by mail, as somebody sets it up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailPartnerForm {
    /// What the partner is called, 1 to 100 characters.
    name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    identifier: String,
    /// Its other names in EDI, such as `ZZZ:ACME` in EDIFACT, or `14:` and a GLN; at most 19.
    #[serde(default)]
    further: Vec<String>,
    /// Its address: our documents go there, and it may send.
    address: String,
    /// Who else may send for it: addresses, or all of a domain as `@acme.example`.
    #[serde(default)]
    senders: Vec<String>,
    /// Whether what it sends must be proven to be its own, by DMARC or a DKIM signature of its
    /// domain. True unless told.
    #[serde(default = "yes")]
    must_prove: bool,
    /// Within how many hours the partner acknowledges our documents, 1 to 720; null where it
    /// never does.
    #[serde(default)]
    acknowledge_hours: Option<u16>,
}

const fn yes() -> bool {
    true
}

fn value(field: &'static str, why: &str) -> Refusal {
    Refusal::Value { field, why: why.to_owned() }
}

/// What can be said of a form without looking anything up.
fn checked(form: MailPartnerForm) -> Result<MailPartnerForm, Refusal> {
    let name = form.name.trim().to_owned();
    if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(value("name", "write 1 to 100 characters"));
    }
    if form.acknowledge_hours.is_some_and(|hours| !(1..=720).contains(&hours)) {
        return Err(value("acknowledge_hours", "write 1 to 720 hours, or null"));
    }
    let address: Result<Email, _> = form.address.parse();
    let address = address.map_err(|why| value("address", &why.to_string()))?.into();
    if form.senders.len() > LIMIT_SENDERS {
        return Err(value("senders", "name at most 20"));
    }
    let sender = |text: &String| {
        let why = || {
            let why = format!(
                "`{text}` is neither a mail address nor a domain; write erp@acme.example or @acme.example"
            );
            Refusal::Value { field: "senders", why }
        };
        rules::sender(text).ok_or_else(why)
    };
    let senders = form.senders.iter().map(sender).collect::<Result<_, _>>()?;
    Ok(MailPartnerForm { name, address, senders, ..form })
}

/// Makes a partner, or changes the one of that name; its address of ours stays.
///
/// # Errors
/// [`Refusal::Value`].
pub(super) async fn set(
    house: &House,
    permit: &Permit<ManageStation>,
    form: MailPartnerForm,
) -> Result<MailPartnerView, Refusal> {
    let organisation = permit.scope().organisation();
    let form = checked(form)?;
    let names = names::checked(&form.identifier, &form.further)
        .map_err(|(field, why)| value(field, &why))?;
    let now = house.clock.now();
    let row = sql::PartnerRow {
        id: Id::mint(),
        organisation_id: organisation,
        name: form.name,
        identifier: form.identifier,
        further: names::written(&names)?,
        local: rules::mint()?,
        address: form.address,
        senders: serde_json::to_string(&form.senders)
            .map_err(Fault::new("writing who may send"))?,
        must_prove: form.must_prove,
        acknowledge_hours: form.acknowledge_hours.map(i64::from),
        seen_at: None,
        updated_at: now,
    };
    let mut tx = house.db.write().await?;
    let before = sql::named(&mut tx, organisation, &row.name).await?;
    let own = (organisation, before.map_or(row.id, |it| it.id));
    if let Some((field, why)) = names::taken(&mut tx, own, &names).await? {
        return Err(value(field, &why));
    }
    if sql::partners(&mut tx, organisation).await?.len() >= LIMIT_PARTNERS {
        return Err(value("name", "an organisation has at most 1,000 partners by mail"));
    }
    let name = row.name.clone();
    sql::set(&mut tx, row).await?;
    let row = sql::named(&mut tx, organisation, &name).await?;
    let row = row.ok_or_else(|| Fault::broken("making a partner", "it is not there"))?;
    names::set(&mut tx, row.whose(), &names).await?;
    let what = json!({ "partner": row.id });
    note(&mut tx, permit, ("mailing.partner", what), now).await?;
    tx.commit().await?;
    Ok(view::of(house, row)?)
}

/// Gives a partner another address of ours: what comes to the old one is refused from now on.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn readdress(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<MailPartner>,
) -> Result<MailPartnerView, Refusal> {
    let (whose, now) = ((permit.scope().organisation(), id), house.clock.now());
    let mut tx = house.db.write().await?;
    if !sql::readdress(&mut tx, whose, rules::mint()?, now).await? {
        return Err(Refusal::NotFound);
    }
    let row = sql::one(&mut tx, whose).await?.ok_or(Refusal::NotFound)?;
    let what = json!({ "partner": id });
    note(&mut tx, permit, ("mailing.readdress", what), now).await?;
    tx.commit().await?;
    Ok(view::of(house, row)?)
}

/// Trades with a partner by mail no more: nothing is taken, and nothing is sent.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn close(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<MailPartner>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    if !sql::close(&mut tx, (organisation, id), now).await? {
        return Err(Refusal::NotFound);
    }
    let what = json!({ "partner": id });
    names::set(&mut tx, (organisation, id), &[]).await?;
    note(&mut tx, permit, ("mailing.partner.close", what), now).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn note(
    tx: &mut Tx,
    permit: &Permit<ManageStation>,
    (action, what): (&str, serde_json::Value),
    at: Moment,
) -> Result<(), Fault> {
    let scope = permit.scope();
    let of = ("station", scope.organisation().to_string());
    let (organisation, person) = (scope.organisation(), scope.actor());
    audit::write(tx, organisation, person, action, of, what, at).await
}
