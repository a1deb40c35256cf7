//! `migrate`, `org` and `user`: for an administrator without a browser.

use std::io::Read;

use clap::Subcommand;
use directory::{Domain, Email, Locale, organisations, people};
use gate::{House, Password, Role};
use kernel::{Clock, Fault};

use super::{Failure, say};
use crate::Config;

#[derive(Debug, Subcommand)]
pub(super) enum OrgCommand {
    /// Add an organisation with its owner; the owner's password is read from standard input.
    Create {
        /// Its name.
        name: String,
        /// Its mail domain.
        domain: String,
        /// The owner's address.
        #[arg(long)]
        owner_email: String,
        /// The owner's name.
        #[arg(long)]
        owner_name: String,
    },
    /// List the organisations.
    List,
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a person to an organisation; the password is read from standard input.
    Create {
        /// The address.
        email: String,
        /// The name.
        name: String,
        /// The organisation's mail domain.
        #[arg(long)]
        organisation: String,
        /// The role, such as `owner`, `channel_manager`, `seller` or `viewer`.
        #[arg(long, default_value = "seller")]
        role: String,
    },
    /// Set a person's password, read from standard input; their sessions end.
    Password {
        /// The address.
        email: String,
    },
}

/// Opens the house and does nothing else: that brings the schema up to date.
pub(super) async fn migrate(config: &Config) -> Result<(), Failure> {
    open(config).await?.db.close().await;
    say("the schema is up to date");
    Ok(())
}

pub(super) async fn open(config: &Config) -> Result<House, Fault> {
    let public =
        config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    let as2 = format!("http://{}/as2", config.as2_listen);
    let as2 = config.as2_public_url.as_deref().unwrap_or(&as2);
    let sftp = config.sftp_public_address.as_ref().unwrap_or(&config.sftp_listen);
    crate::house(config, (&public, as2, sftp), Clock::system()).await
}

pub(super) async fn org(config: &Config, command: OrgCommand) -> Result<(), Failure> {
    let house = open(config).await?;
    match command {
        OrgCommand::Create { name, domain, owner_email, owner_name } => {
            let domain: Domain = domain.parse().map_err(refused)?;
            let email: Email = owner_email.parse().map_err(refused)?;
            let password = read_password()?;
            let (mut tx, now) = (house.db.write().await?, house.clock.now());
            let made = organisations::create(&mut tx, &name, &domain, true, now).await;
            let organisation = made.map_err(refused)?;
            let locale = Locale::default();
            let person =
                people::create(&mut tx, &email, &owner_name, &password, locale, now)
                    .await;
            let person = person.map_err(refused)?;
            let joined =
                people::join(&mut tx, organisation, person, Role::Owner, now).await;
            joined.map_err(refused)?;
            tx.commit().await?;
            say(&organisation.to_string());
        }
        OrgCommand::List => {
            let mut conn = house.db.read().await?;
            for (id, name, domain) in organisations::all(&mut conn).await? {
                say(&format!("{id}  {domain}  {name}"));
            }
        }
    }
    Ok(())
}

pub(super) async fn user(config: &Config, command: UserCommand) -> Result<(), Failure> {
    let house = open(config).await?;
    let now = house.clock.now();
    match command {
        UserCommand::Create { email, name, organisation, role } => {
            let email: Email = email.parse().map_err(refused)?;
            let role: Role = role.parse().map_err(refused)?;
            let password = read_password()?;
            let mut tx = house.db.write().await?;
            let place = organisations::by_domain(&mut tx, &organisation).await?;
            let unknown = || {
                Failure::Refused(format!(
                    "no organisation has the domain `{organisation}`"
                ))
            };
            let place = place.ok_or_else(unknown)?;
            let made =
                people::create(&mut tx, &email, &name, &password, Locale::default(), now);
            let person = made.await.map_err(refused)?;
            people::join(&mut tx, place, person, role, now).await.map_err(refused)?;
            tx.commit().await?;
            say(&person.to_string());
        }
        UserCommand::Password { email } => {
            let email: Email = email.parse().map_err(refused)?;
            let password = read_password()?;
            let mut tx = house.db.write().await?;
            let set = people::set_password(&mut tx, &email, &password, now).await?;
            if !set {
                return Err(Failure::Refused(format!(
                    "nobody has the address `{email}`"
                )));
            }
            tx.commit().await?;
            say("the password is set; older sessions have ended");
        }
    }
    Ok(())
}

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Refused(error.to_string())
}

/// The first line of standard input: an argument would stand in the list of processes.
fn read_password() -> Result<Password, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(1024).read_to_string(&mut text);
    read.map_err(Fault::new("reading the password from standard input"))?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    Password::try_from(line).map_err(refused)
}
