//! Setting mailboxes up, and closing them.

use gate::{House, Password, Permit};
use kernel::{Fault, Id, Moment, SftpMailbox};
use russh::keys::PublicKey;
use serde::Deserialize;
use serde_json::json;
use sharing::audit;
use store::Tx;
use utoipa::ToSchema;

use super::{
    Mailbox, Refusal, SftpMailboxView, SftpSide, SftpTheirs, keys, look, sql, view,
};
use crate::{
    names,
    stations::{ManageStation, seal},
};

/// The most mailboxes of an organisation.
const LIMIT_MAILBOXES: usize = 1_000;

/// A mailbox, as somebody sets it up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SftpMailboxForm {
    /// What the partner is called, 1 to 100 characters.
    name: String,
    /// Its qualifier and id, such as `ZZ:ACME`.
    identifier: String,
    /// Its other names in EDI, such as `ZZZ:ACME` in EDIFACT, or `14:` and a GLN; at most 19.
    #[serde(default)]
    further: Vec<String>,
    /// Where the mailbox is.
    place: SftpSide,
    /// A password: the partner's for us, 8 to 200 characters, or ours at the partner's. Null
    /// leaves it as it is, an empty one takes it away.
    #[serde(default)]
    password: Option<String>,
    /// Within how many hours the partner acknowledges our documents, 1 to 720; null where it
    /// never does.
    #[serde(default)]
    acknowledge_hours: Option<u16>,
}

fn value(field: &'static str, why: &str) -> Refusal {
    Refusal::Value { field, why: why.to_owned() }
}

/// Makes a mailbox, or changes the one of that name.
///
/// # Errors
/// [`Refusal::Value`].
pub(super) async fn set(
    house: &House,
    permit: &Permit<ManageStation>,
    form: SftpMailboxForm,
) -> Result<SftpMailboxView, Refusal> {
    let organisation = permit.scope().organisation();
    let (name, form) = checked(form)?;
    let names = names::checked(&form.identifier, &form.further)
        .map_err(|(field, why)| value(field, &why))?;
    let mut conn = house.db.read().await?;
    let before = sql::named(&mut conn, organisation, &name).await?;
    drop(conn);
    let before = before.map(Mailbox::try_from).transpose()?;
    let id = before.as_ref().map_or_else(Id::mint, |it| it.id);
    let password = password(house, id, before.as_ref(), &form).await?;
    if matches!(&form.place, SftpSide::Ours { keys } if keys.is_empty() && password.is_none())
    {
        return Err(value("keys", "give the partner's public key, or a password"));
    }
    let (sealed, public_key) = keys::make(house, id)?;
    let now = house.clock.now();
    let row = sql::MailboxRow {
        id,
        organisation_id: organisation,
        name: name.clone(),
        identifier: form.identifier,
        further: names::written(&names)?,
        side: serde_json::to_string(&form.place)
            .map_err(Fault::new("writing a mailbox"))?,
        password,
        sealed,
        public_key,
        acknowledge_hours: form.acknowledge_hours.map(i64::from),
        turn: 0,
        failures: 0,
        seen_at: None,
        why: None,
        updated_at: now,
    };
    let mut tx = house.db.write().await?;
    if let Some((field, why)) = names::taken(&mut tx, (organisation, id), &names).await? {
        return Err(value(field, &why));
    }
    if sql::mailboxes(&mut tx, organisation).await?.len() >= LIMIT_MAILBOXES {
        return Err(value("name", "an organisation has at most 1,000 mailboxes"));
    }
    sql::set_mailbox(&mut tx, row).await?;
    let row = sql::named(&mut tx, organisation, &name).await?;
    let row = row.ok_or_else(|| Fault::broken("making a mailbox", "it is not there"))?;
    let mailbox = Mailbox::try_from(row.clone())?;
    names::set(&mut tx, mailbox.whose(), &names).await?;
    look::begin(&mut tx, &mailbox, now).await?;
    note(&mut tx, permit, "sftp.mailbox", json!({ "mailbox": mailbox.id }), now).await?;
    let mut views = view::of(house, &mut tx, vec![row]).await?;
    tx.commit().await?;
    let view = views.pop();
    Ok(view.ok_or_else(|| Fault::broken("showing a mailbox", "it is not there"))?)
}

/// The password as it is kept: hashed where the partner types it, sealed where we do.
async fn password(
    house: &House,
    id: Id<SftpMailbox>,
    before: Option<&Mailbox>,
    form: &SftpMailboxForm,
) -> Result<Option<String>, Refusal> {
    let kind = std::mem::discriminant(&form.place);
    let before = before.filter(|it| std::mem::discriminant(&it.side) == kind);
    match (form.password.as_deref(), &form.place) {
        (None, _) => Ok(before.and_then(|it| it.row.password.clone())),
        (Some(""), _) => Ok(None),
        (Some(text), SftpSide::Ours { .. }) => {
            let password = Password::try_from(text.to_owned());
            let password = password.map_err(|why| value("password", &why.to_string()))?;
            Ok(Some(password.hash().await?))
        }
        (Some(text), SftpSide::Theirs(_)) if text.len() <= 200 => {
            Ok(Some(seal::seal(&house.settings.secret, id, text.as_bytes())?))
        }
        (Some(_), SftpSide::Theirs(_)) => {
            Err(value("password", "a password has at most 200 characters"))
        }
    }
}

/// What can be said of a form without looking anything up.
fn checked(mut form: SftpMailboxForm) -> Result<(String, SftpMailboxForm), Refusal> {
    let name = form.name.trim().to_owned();
    if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(value("name", "write 1 to 100 characters"));
    }
    if form.acknowledge_hours.is_some_and(|hours| !(1..=720).contains(&hours)) {
        return Err(value("acknowledge_hours", "write 1 to 720 hours, or null"));
    }
    match &mut form.place {
        SftpSide::Ours { keys: lines } => {
            let read = keys::read(lines)?;
            let told: Result<Vec<_>, _> =
                read.iter().map(PublicKey::to_openssh).collect();
            *lines = told.map_err(Fault::new("writing a key"))?;
        }
        SftpSide::Theirs(theirs) => check(theirs)?,
    }
    Ok((name, form))
}

fn check(theirs: &mut SftpTheirs) -> Result<(), Refusal> {
    let plain = |text: &str, most: usize| {
        text.len() <= most && !text.chars().any(char::is_control)
    };
    let host = theirs.host.trim().to_owned();
    let named = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | ':');
    if host.is_empty() || host.len() > 253 || !host.chars().all(named) || theirs.port == 0
    {
        let why = "write a host such as `sftp.example.com`, and its port apart";
        return Err(value("host", why));
    }
    theirs.host = host;
    if theirs.user.is_empty() || !plain(&theirs.user, 100) {
        return Err(value("user", "write the name under which we sign in"));
    }
    if !(1..=1_440).contains(&theirs.every_minutes) {
        return Err(value("every_minutes", "write 1 to 1440 minutes"));
    }
    let moved = theirs.move_to.as_deref().unwrap_or_default();
    let folders = [&theirs.fetch_from, &theirs.put_into, moved];
    if !folders.into_iter().all(|it| plain(it, 500)) {
        return Err(value(
            "fetch_from",
            "a folder has at most 500 characters, in one line",
        ));
    }
    if theirs.fetch_from.is_empty() && theirs.put_into.is_empty() {
        let why = "name the folder from which we fetch, or the one into which we put";
        return Err(value("fetch_from", why));
    }
    theirs.move_to = theirs.move_to.take().filter(|it| !it.is_empty());
    if theirs.move_to.as_ref() == Some(&theirs.fetch_from) {
        return Err(value(
            "move_to",
            "files are fetched from there; name another folder",
        ));
    }
    theirs.host_keys =
        theirs.host_keys.iter().map(|it| pin(it)).collect::<Result<_, _>>()?;
    Ok(())
}

/// A fingerprint, or that of a whole key.
fn pin(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let is_print = text.strip_prefix("SHA256:").is_some_and(|rest| {
        rest.len() == 43
            && rest
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/'))
    });
    if is_print {
        return Ok(text.to_owned());
    }
    PublicKey::from_openssh(text).map(|key| keys::fingerprint(&key)).map_err(|_bad| {
        value(
            "host_keys",
            "write a fingerprint such as `SHA256:…`, or the whole public key",
        )
    })
}

/// Trades over a mailbox no more: nobody gets in, and nothing is fetched or put.
///
/// # Errors
/// [`Refusal::NotFound`].
pub(super) async fn close(
    house: &House,
    permit: &Permit<ManageStation>,
    id: Id<SftpMailbox>,
) -> Result<(), Refusal> {
    let (organisation, now) = (permit.scope().organisation(), house.clock.now());
    let mut tx = house.db.write().await?;
    if !sql::close(&mut tx, (organisation, id), now).await? {
        return Err(Refusal::NotFound);
    }
    names::set(&mut tx, (organisation, id), &[]).await?;
    note(&mut tx, permit, "sftp.mailbox.close", json!({ "mailbox": id }), now).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn note(
    tx: &mut Tx,
    permit: &Permit<ManageStation>,
    action: &str,
    what: serde_json::Value,
    at: Moment,
) -> Result<(), Fault> {
    let scope = permit.scope();
    let of = ("station", scope.organisation().to_string());
    let (organisation, person) = (scope.organisation(), scope.actor());
    audit::write(tx, organisation, person, action, of, what, at).await
}

#[cfg(test)]
mod tests {
    use super::pin;

    #[test]
    fn a_host_key_is_pinned_by_its_fingerprint() {
        let print = "SHA256:aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd28";
        let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJTYkQHj9ZlxxwPWoyPN7FCyh19wlLVmZJmXwkXsq9aR";

        assert_eq!(pin(print).unwrap(), print);
        assert!(pin(line).unwrap().starts_with("SHA256:"));
        for bad in ["", "SHA256:short", "MD5:00:11", "sftp.example.com ssh-rsa"] {
            assert!(pin(bad).is_err(), "{bad}");
        }
    }
}
