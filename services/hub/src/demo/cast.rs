//! Who plays: companies, people, handshakes, and everybody's books.

use directory::{Domain, Email, Locale, organisations, people};
use gate::{House, Password, Role};
use serde_json::json;

use super::{
    Stopped,
    stage::{Stage, text},
};

/// Everybody's password.
pub(super) const PASSWORD: &str = "entente-demo";

pub(super) const VENDOR: &str = "Nordwind Systems";
pub(super) const INTEGRATOR: &str = "Atelier Data";
pub(super) const RIVAL: &str = "Kestrel IT";
pub(super) const BUYER: &str = "Delmar Foods";

/// Somebody of the demo.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player {
    pub(super) company: &'static str,
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) role: Role,
    locale: &'static str,
}

const fn player(
    company: &'static str,
    email: &'static str,
    name: &'static str,
    role: Role,
    locale: &'static str,
) -> Player {
    Player { company, email, name, role, locale }
}

/// Everybody, by company; every role is played.
pub(super) const PEOPLE: &[Player] = &[
    player(VENDOR, "vera@nordwind.example", "Vera Lindqvist", Role::ChannelManager, "en"),
    player(VENDOR, "sam@nordwind.example", "Sam Okafor", Role::Seller, "en"),
    player(VENDOR, "olga@nordwind.example", "Olga Brandt", Role::Owner, "en"),
    player(VENDOR, "mira@nordwind.example", "Mira Solberg", Role::Marketer, "en"),
    player(VENDOR, "felix@nordwind.example", "Felix Adler", Role::Finance, "en"),
    player(VENDOR, "siri@nordwind.example", "Siri Dahl", Role::Support, "en"),
    player(INTEGRATOR, "bruno@atelier.example", "Bruno Marchand", Role::Seller, "fr"),
    player(INTEGRATOR, "ines@atelier.example", "Inès Caradec", Role::Owner, "fr"),
    player(INTEGRATOR, "lea@atelier.example", "Léa Fontaine", Role::ChannelManager, "fr"),
    player(INTEGRATOR, "noe@atelier.example", "Noé Garnier", Role::Viewer, "fr"),
    player(RIVAL, "carl@kestrel.example", "Carl Whitby", Role::Seller, "en"),
    player(RIVAL, "kate@kestrel.example", "Kate Morrow", Role::Owner, "en"),
    player(BUYER, "dora@delmar.example", "Dora Ibarra", Role::Buyer, "es"),
    player(BUYER, "diego@delmar.example", "Diego Salas", Role::Owner, "es"),
    player(BUYER, "elena@delmar.example", "Elena Prieto", Role::EdiOperator, "es"),
    player(BUYER, "ada@delmar.example", "Ada Robles", Role::Admin, "es"),
];

const COMPANIES: &[(&str, &str)] = &[
    (VENDOR, "nordwind.example"),
    (INTEGRATOR, "atelier.example"),
    (RIVAL, "kestrel.example"),
    (BUYER, "delmar.example"),
];

/// The companies open, and their people join.
pub(super) async fn engage(house: &House) -> Result<(), Stopped> {
    let stopped =
        |error: &dyn std::fmt::Display| Stopped(format!("engaging the cast: {error}"));
    let now = house.clock.now();
    let password = Password::try_from(PASSWORD.to_owned()).map_err(|it| stopped(&it))?;
    // One hash for all: the demo should be up in a moment.
    let hash = password.hash().await.map_err(|it| stopped(&it))?;
    let mut tx = house.db.write().await.map_err(|it| stopped(&it))?;
    for (company, domain) in COMPANIES {
        let domain: Domain = domain.parse().map_err(|it| stopped(&it))?;
        let made = organisations::create(&mut tx, company, &domain, true, now).await;
        let organisation = made.map_err(|it| stopped(&it))?;
        for person in PEOPLE.iter().filter(|person| person.company == *company) {
            let email: Email = person.email.parse().map_err(|it| stopped(&it))?;
            let locale: Locale = person.locale.parse().map_err(|it| stopped(&it))?;
            let made =
                people::create_hashed(&mut tx, &email, person.name, &hash, locale, now)
                    .await;
            let who = made.map_err(|it| stopped(&it))?;
            let joined = people::join(&mut tx, organisation, who, person.role, now).await;
            joined.map_err(|it| stopped(&it))?;
        }
    }
    tx.commit().await.map_err(|it| stopped(&it))
}

/// The vendor shakes hands with everybody, and the integrator with the buyer.
pub(super) async fn shake_hands(stage: &Stage) -> Result<(), Stopped> {
    let olga = "olga@nordwind.example";
    for (who, isa) in [(olga, "ZZ:NORDWIND"), ("diego@delmar.example", "ZZ:DELMAR")] {
        let now = stage.get(who, "/api/v1/organisation").await?;
        let form = json!({ "identifiers": [{ "scheme": "isa", "value": isa }] });
        stage.patch(who, "/api/v1/organisation", &now["revision"], form).await?;
    }
    let vera = "vera@nordwind.example";
    let asked = [
        (
            vera,
            "atelier.example",
            "ines@atelier.example",
            "Shall we sell together in France?",
        ),
        (
            vera,
            "kestrel.example",
            "kate@kestrel.example",
            "Joining the programme for the UK.",
        ),
        (vera, "delmar.example", "diego@delmar.example", "For orders by EDI."),
        (
            "lea@atelier.example",
            "delmar.example",
            "diego@delmar.example",
            "Pour vos entrepôts.",
        ),
    ];
    for (who, domain, answerer, message) in asked {
        stage.walking.minutes(180);
        let form = json!({ "domain": domain, "message": message });
        let made = stage.post(who, "/api/v1/partnerships", form).await?;
        stage.walking.minutes(240);
        let path = format!("/api/v1/partnerships/{}/moves", text(&made, "/id"));
        let form = json!({ "move": "accept", "revision": made["revision"] });
        stage.post(answerer, &path, form).await?;
    }
    Ok(())
}

const PLACES: &[(&str, &str)] = &[
    ("Lyon", "FR"),
    ("Nantes", "FR"),
    ("Lille", "FR"),
    ("Hamburg", "DE"),
    ("Bremen", "DE"),
    ("Rotterdam", "NL"),
    ("Gdynia", "PL"),
    ("Valencia", "ES"),
    ("Bilbao", "ES"),
    ("Sevilla", "ES"),
    ("Leeds", "GB"),
    ("Bristol", "GB"),
    ("Malmö", "SE"),
    ("Bergen", "NO"),
    ("Porto", "PT"),
];
const FIRST: &[&str] = &[
    "Albrecht",
    "Bellamy",
    "Castellano",
    "Dufour",
    "Eklund",
    "Ferreira",
    "Greenfield",
    "Hansen",
    "Iriarte",
    "Jansen",
    "Kowalski",
    "Lambert",
    "Moreau",
    "Novak",
    "Ostrava",
    "Perrin",
    "Quintero",
    "Rossi",
    "Sandoval",
    "Tennant",
    "Ulrich",
    "Vasseur",
    "Whitmore",
];
const KINDS: &[(&str, &str)] = &[
    ("Logistics", "logistics"),
    ("Foods", "food"),
    ("Maschinen", "industry"),
    ("Santé", "health"),
    ("Retail", "retail"),
    ("Energía", "energy"),
];

/// Everybody's accounts, some of them the same customers: imported from files, as people do.
pub(super) async fn books(stage: &Stage) -> Result<(), Stopped> {
    let shelves = [
        ("sam@nordwind.example", 0, 84),
        ("bruno@atelier.example", 40, 70),
        ("carl@kestrel.example", 96, 40),
        ("ada@delmar.example", 20, 12),
    ];
    for (who, from, count) in shelves {
        stage.walking.minutes(600);
        let mut csv = String::from("Company,Website,City,Country,Segment\n");
        for number in from..from + count {
            csv.push_str(&row(number));
        }
        let mapping = json!({
            "name": "Company", "domain": "Website", "city": "City",
            "country": "Country", "segment": "Segment",
        });
        let form = json!({ "filename": "accounts.csv", "csv": csv, "mapping": mapping, "dry_run": false });
        stage.post(who, "/api/v1/accounts/imports", form).await?;
    }
    share_some(stage).await
}

/// The name of the customer with a number: 138 different ones.
pub(super) fn customer(number: usize) -> String {
    let (first, kind) =
        (FIRST[number % FIRST.len()], KINDS[(number / FIRST.len()) % KINDS.len()]);
    format!("{first} {}", kind.0)
}

fn row(number: usize) -> String {
    let (name, kind) = (customer(number), KINDS[(number / FIRST.len()) % KINDS.len()].1);
    let site: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let (city, country) = PLACES[number % PLACES.len()];
    format!("{name},{}.example,{city},{country},{kind}\n", site.to_lowercase())
}

/// A few of the vendor's accounts are shared, field by field.
async fn share_some(stage: &Stage) -> Result<(), Stopped> {
    let sam = "sam@nordwind.example";
    let list = stage.get(sam, "/api/v1/accounts?limit=8&sort=name").await?;
    let accounts = list["items"].as_array().cloned().unwrap_or_default();
    for (number, account) in accounts.iter().enumerate() {
        let to = if number % 4 == 3 { RIVAL } else { INTEGRATOR };
        let fields = if number % 2 == 0 {
            json!(["name", "domain", "city", "country", "segment"])
        } else {
            json!(["name", "city"])
        };
        let path = format!("/api/v1/accounts/{}", text(account, "/id"));
        let person = json!({ "name": format!("{} Berg", ["Anna", "Lukas", "Marta", "Tomás"][number % 4]), "title": "Head of purchasing" });
        stage.post(sam, &format!("{path}/contacts"), person).await?;
        let form = json!({ "organisation": stage.id(to), "fields": fields });
        stage.post(sam, &format!("{path}/grants"), form).await?;
    }
    Ok(())
}
