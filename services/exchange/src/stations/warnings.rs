//! What the keepers of a station are warned of: certificates that end soon, and messages that
//! failed.

use std::time::Duration;

use gate::{Action, House, Reach, Role};
use kernel::{As2Message, Fault, Id, Moment, Organisation};
use serde_json::json;
use sharing::notify;
use store::{Conn, Tx, statements};

use super::{ManageStation, own, sql, stored};

/// How often certificates are looked at.
const EVERY: Duration = Duration::from_hours(6);
/// How many days before its end a certificate is told of, each once; 0: it has ended.
const DAYS: [i64; 4] = [0, 1, 7, 30];

statements! {
    /// The certificates that stations sign with: the newest of each.
    OWN unscoped "whose station warns itself" = "
        select k.organisation_id, s.name, k.certificate
        from as2_key k
        join as2_station s on s.organisation_id = k.organisation_id
        where not exists (
            select 1 from as2_key n
            where n.organisation_id = k.organisation_id
              and (n.created_at > k.created_at or (n.created_at = k.created_at and n.id > k.id)))";

    /// The certificates of partners.
    PARTNERS unscoped "whose station warns itself" = "
        select organisation_id, name, certificates from as2_partner where closed_at is null";

    /// Notes a warning; nothing if it was given before.
    WARN = "
        insert into as2_warning (organisation_id, fingerprint, days, at)
        values ($1, $2, $3, $4)
        on conflict do nothing";
}

pub(crate) use ALL as STATEMENTS;

/// Looks at every certificate now and then, for ever.
pub(crate) async fn watch(house: House) {
    loop {
        if let Err(fault) = warn(&house).await {
            let error = &fault as &dyn std::error::Error;
            tracing::error!(error, "looking at certificates: {fault}");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// A certificate that somebody relies on.
struct Relied {
    organisation: Id<Organisation>,
    /// The partner whose it is; none for one's own.
    partner: Option<String>,
    fingerprint: String,
    until: Moment,
}

/// Warns of each certificate that ends soon, once for each step of the way.
///
/// # Errors
/// Only ours.
pub(crate) async fn warn(house: &House) -> Result<(), Fault> {
    let now = house.clock.now();
    let mut conn = house.db.read().await?;
    let relied = relied(&mut conn).await?;
    drop(conn);
    for certificate in relied {
        let Some(days) = step(now, certificate.until) else { continue };
        let mut tx = house.db.write().await?;
        let run = tx.run(WARN).bind(certificate.organisation);
        let run = run.bind(certificate.fingerprint.clone()).bind(days).bind(now);
        if run.execute().await? == 1 {
            tell(&mut tx, &certificate, days, now).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// On which step before its end a certificate is: the nearest number of [`DAYS`] that it has
/// reached.
fn step(now: Moment, until: Moment) -> Option<i64> {
    const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;
    let left_us = until.micros().saturating_sub(now.micros());
    DAYS.into_iter().find(|days| left_us <= days.saturating_mul(DAY_US))
}

/// What stations rely on. A partner's station goes on for as long as the last of its
/// certificates does.
async fn relied(conn: &mut Conn) -> Result<Vec<Relied>, Fault> {
    let mut all = Vec::new();
    let rows: Vec<(Id<Organisation>, String, String)> = conn.run(OWN).all().await?;
    for (organisation, _, pem) in rows {
        all.push(Relied::new(organisation, None, &own(&pem)?));
    }
    let rows: Vec<(Id<Organisation>, String, String)> = conn.run(PARTNERS).all().await?;
    for (organisation, name, pem) in rows {
        let certificates = as2::Certificate::read_all(pem.as_bytes()).map_err(stored)?;
        let last = certificates.iter().max_by_key(|it| it.facts().until_seconds);
        all.extend(last.map(|it| Relied::new(organisation, Some(name), it)));
    }
    Ok(all)
}

impl Relied {
    fn new(
        organisation: Id<Organisation>,
        partner: Option<String>,
        certificate: &as2::Certificate,
    ) -> Self {
        let facts = certificate.facts();
        let until = Moment::from_micros(facts.until_seconds.saturating_mul(1_000_000));
        Self { organisation, partner, fingerprint: facts.fingerprint.clone(), until }
    }
}

async fn tell(
    tx: &mut Tx,
    certificate: &Relied,
    days: i64,
    now: Moment,
) -> Result<(), Fault> {
    let kind = if certificate.partner.is_some() {
        "certificate_of_partner_ends"
    } else {
        "certificate_ends"
    };
    let fold = format!("certificate:{}", certificate.fingerprint);
    let notice = notify::Notice {
        kind,
        params: json!({ "partner": certificate.partner, "until": certificate.until, "days": days.to_string() }),
        subject: Some(("station", certificate.organisation.to_string())),
        party: None,
        fold: Some(&fold),
    };
    notify::all_who(tx, certificate.organisation, keeps, &notice, now).await
}

/// Tells of a message that failed: the partner refused it, or every try.
pub(super) async fn tell_failed(
    tx: &mut Tx,
    organisation: Id<Organisation>,
    id: Id<As2Message>,
    now: Moment,
) -> Result<(), Fault> {
    let Some(row) = sql::message(tx, organisation, id).await? else { return Ok(()) };
    let notice = notify::Notice {
        kind: "as2_failed",
        params: json!({ "partner": row.partner, "message": row.message_id }),
        subject: Some(("station", organisation.to_string())),
        party: None,
        fold: None,
    };
    notify::all_who(tx, organisation, keeps, &notice, now).await
}

/// Whose business a station is.
pub(crate) fn keeps(role: Role) -> bool {
    ManageStation::reach(role) != Reach::Nowhere
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::step;

    #[test]
    fn each_step_is_reached_once_and_none_before_thirty_days() {
        let day = |days: i64| Moment::from_micros(days * 24 * 60 * 60 * 1_000_000);
        let until = day(100);

        let steps: Vec<_> =
            [69, 70, 92, 93, 98, 99, 100, 101].map(|now| step(day(now), until)).into();

        assert_eq!(
            steps,
            [None, Some(30), Some(30), Some(7), Some(7), Some(1), Some(0), Some(0)]
        );
    }
}
