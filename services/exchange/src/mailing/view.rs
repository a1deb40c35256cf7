//! What people see of partners by mail.

use gate::House;
use kernel::{Fault, Id, Interchange, MailFile, MailPartner, Moment};
use serde::Serialize;
use utoipa::ToSchema;

use super::sql;
use crate::names;

/// A partner by mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailPartnerView {
    /// Which.
    pub id: Id<MailPartner>,
    /// What it is called.
    pub name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    pub identifier: String,
    /// Its other names in EDI, such as `14:` and a GLN.
    pub further: Vec<String>,
    /// Our address for it: nobody else knows it.
    pub ours: String,
    /// Its own address.
    pub address: String,
    /// Who else may send for it.
    pub senders: Vec<String>,
    /// Whether what it sends must be proven to be its own.
    pub must_prove: bool,
    /// Within how many hours it acknowledges our documents; null where it never does.
    pub acknowledge_hours: Option<i64>,
    /// When a mail of its was taken last.
    pub seen_at: Option<Moment>,
    /// When it was changed last.
    pub updated_at: Moment,
}

/// A file that came or went with a mail.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MailFileView {
    /// Which.
    pub id: Id<MailFile>,
    /// The partner's name.
    pub partner: String,
    /// `in` or `out`.
    pub direction: String,
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: i64,
    /// `taken`, `held`, `refused` or `discarded` (in); `waiting`, `delivered` or `failed` (out).
    pub state: String,
    /// The interchange in it.
    pub interchange: Option<Id<Interchange>>,
    /// Who sent it (in); empty otherwise.
    pub sender: String,
    /// Why it is held, was refused, failed, or waits.
    pub why: Option<String>,
    /// When it came, or was made.
    pub at: Moment,
}

impl From<sql::ListedRow> for MailFileView {
    fn from(row: sql::ListedRow) -> Self {
        Self {
            id: row.id,
            partner: row.partner,
            direction: row.direction,
            name: row.name,
            bytes: row.bytes,
            state: row.state,
            interchange: row.interchange_id,
            sender: row.sender,
            why: row.why,
            at: row.at,
        }
    }
}

/// A partner, as its organisation sees it.
pub(super) fn of(house: &House, row: sql::PartnerRow) -> Result<MailPartnerView, Fault> {
    Ok(MailPartnerView {
        id: row.id,
        name: row.name,
        identifier: row.identifier,
        further: names::further(&row.further)?,
        ours: format!("{}@{}", row.local, house.settings.mail_domain),
        address: row.address,
        senders: serde_json::from_str(&row.senders)
            .map_err(Fault::new("reading who may send"))?,
        must_prove: row.must_prove,
        acknowledge_hours: row.acknowledge_hours,
        seen_at: row.seen_at,
        updated_at: row.updated_at,
    })
}
