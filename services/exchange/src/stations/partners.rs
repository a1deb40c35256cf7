//! Trading partners: who may send, where to, and what is agreed.

use gate::{House, Permit};
use kernel::{Fault, Id, TradingPartner};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    CertificateView, ManageStation, Partner, Refusal, Terms, TradingPartnerView, note,
    sql, value,
};
use crate::names;

/// A partner, as somebody sets it up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TradingPartnerForm {
    /// Its AS2 name, 1 to 128 characters; case matters.
    pub(super) name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    pub(super) identifier: String,
    /// Its other names in EDI, such as `ZZZ:ACME` in EDIFACT, or `14:` and a GLN; at most 19.
    #[serde(default)]
    pub(super) further: Vec<String>,
    /// Where its station listens, `https://…` or `http://…`; empty to send nothing.
    #[serde(default)]
    pub(super) url: String,
    /// Its certificates: PEM, or DER or PKCS #7 in base64. The first encrypts; all of them verify.
    pub(super) certificates: String,
    /// What is agreed.
    #[serde(default)]
    pub(super) terms: Terms,
}

/// Makes a partner, or changes the one of that name.
///
/// # Errors
/// [`Refusal::Value`].
pub(super) async fn set_partner(
    house: &House,
    permit: &Permit<ManageStation>,
    form: TradingPartnerForm,
) -> Result<TradingPartnerView, Refusal> {
    let organisation = permit.scope().organisation();
    as2::Name::new(&form.name).map_err(|_bad| {
        value("name", "an AS2 name has 1 to 128 letters, digits and signs of ASCII")
    })?;
    let names = names::checked(&form.identifier, &form.further)
        .map_err(|(field, why)| value(field, &why))?;
    let known = form.url.is_empty()
        || reqwest::Url::parse(&form.url).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
        });
    if !known || form.url.len() > 500 {
        return Err(value(
            "url",
            "write an address such as `https://as2.example.com/as2`",
        ));
    }
    let cipher = form.terms.cipher.as_deref().map(as2::Cipher::named);
    if matches!(cipher, Some(None | Some(as2::Cipher::TripleDes))) {
        return Err(value(
            "terms.cipher",
            "it is one of aes128-cbc, aes192-cbc, aes256-cbc, aes128-gcm, aes256-gcm",
        ));
    }
    if form.terms.acknowledge_hours.is_some_and(|hours| !(1..=720).contains(&hours)) {
        return Err(value("terms.acknowledge_hours", "write 1 to 720 hours, or null"));
    }
    let certificates = as2::Certificate::read_all(form.certificates.as_bytes())
        .map_err(|broken| value("certificates", &broken))?;
    if certificates.len() > 10 {
        return Err(value("certificates", "a partner has at most ten certificates"));
    }
    let certificates: String = certificates.iter().map(as2::Certificate::pem).collect();
    let row = sql::PartnerRow {
        id: Id::mint(),
        name: form.name,
        identifier: form.identifier,
        further: names::written(&names)?,
        url: form.url,
        certificates,
        terms: serde_json::to_string(&form.terms).map_err(Fault::new("writing terms"))?,
        updated_at: house.clock.now(),
    };
    let mut tx = house.db.write().await?;
    let before = sql::partner(&mut tx, organisation, &row.name).await?;
    let own = (organisation, before.map_or(row.id, |it| it.id));
    if let Some((field, why)) = names::taken(&mut tx, own, &names).await? {
        return Err(value(field, &why));
    }
    let name = row.name.clone();
    sql::set_partner(&mut tx, organisation, row).await?;
    let row = sql::partner(&mut tx, organisation, &name).await?;
    let row = row.ok_or_else(|| Fault::broken("making a partner", "it is not there"))?;
    names::set(&mut tx, (organisation, row.id), &names).await?;
    note(&mut tx, permit, "as2.partner", json!({ "partner": row.id }), row.updated_at)
        .await?;
    let view = partner_view(row)?;
    tx.commit().await?;
    Ok(view)
}

/// Trades with a partner no more: nothing of its is taken, and nothing goes to it.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn close(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<TradingPartner>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    if !sql::close_partner(&mut tx, organisation, id, now).await? {
        return Err(Refusal::NotFound);
    }
    names::set(&mut tx, (organisation, id), &[]).await?;
    note(&mut tx, permit, "as2.partner.close", json!({ "partner": id }), now).await?;
    Ok(tx.commit().await?)
}

pub(super) fn partner_view(row: sql::PartnerRow) -> Result<TradingPartnerView, Fault> {
    let updated_at = row.updated_at;
    let row: Partner = row.try_into()?;
    let Partner { id, name, identifier, further, url, certificates, terms } = row;
    let certificates = certificates.iter().map(CertificateView::from).collect();
    let name = name.as_str().to_owned();
    Ok(TradingPartnerView {
        id,
        name,
        identifier,
        further,
        url,
        certificates,
        terms,
        updated_at,
    })
}
