//! A hub to try: four companies that sell together, or would like to.
//!
//! Everything but the companies and their people is made through the API, by the people
//! themselves, under a clock that walks through the last weeks: what the demo shows is what
//! the hub does. The content is the same every time; the dates end today.

mod cast;
mod catalogue;
mod deals;
mod funds;
mod leads;
mod mapping;
mod registrations;
mod stage;
mod talk;
mod trade;

use kernel::{Clock, Fault};

use crate::{Config, serve::Addresses};

/// Why the demo could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the demo stopped at {0}")]
pub(crate) struct Stopped(String);

/// Fills the folder that the settings name.
///
/// # Errors
/// If the disk refuses, or the hub refuses what the demo asks for: then the demo is wrong.
pub async fn build(config: &Config) -> Result<(), Fault> {
    let (walking, clock) = stage::walking(&Clock::system());
    // Nobody's session runs out while the story is told.
    let config = Config { session_days: 365, ..config.clone() };
    let house = crate::house(
        &config,
        ("http://127.0.0.1", "http://127.0.0.1/as2", "127.0.0.1"),
        clock,
    )
    .await?;
    let told = tell(&house, walking).await;
    house.db.close().await;
    told.map_err(Fault::new("making the demo"))
}

async fn tell(house: &gate::House, walking: stage::Walking) -> Result<(), Stopped> {
    cast::engage(house).await?;
    let stage = stage::Stage::set(house, walking).await?;
    cast::shake_hands(&stage).await?;
    cast::books(&stage).await?;
    catalogue::prices(&stage).await?;
    registrations::first(&stage).await?;
    let deals = deals::open(&stage).await?;
    talk::in_rooms(&stage, &deals).await?;
    talk::with_a_guest(&stage, &deals).await?;
    trade::orders(&stage, &deals).await?;
    registrations::waiting(&stage).await?;
    mapping::in_common(&stage).await?;
    funds::together(&stage).await?;
    leads::waiting(&stage).await?;
    stage.finish();
    Ok(())
}

/// What a person reads once the demo is up.
pub fn greeting(addresses: &Addresses) -> String {
    let mut lines = vec![
        String::new(),
        format!("  Entente is at {}", addresses.web),
        String::new(),
        format!(
            "  Sign in as one of these; everybody's password is `{}`.",
            cast::PASSWORD
        ),
    ];
    let mut company = "";
    for person in cast::PEOPLE {
        if person.company != company {
            company = person.company;
            lines.push(format!("\n  {company}"));
        }
        let role = person.role.word().replace('_', " ");
        lines.push(format!("    {:<26}{:<20}{role}", person.email, person.name));
    }
    lines.push("\n  Two browsers (one private) show both sides of a deal.".to_owned());
    lines.push("  Ctrl-C ends it; the data stays.\n".to_owned());
    lines.join("\n")
}
