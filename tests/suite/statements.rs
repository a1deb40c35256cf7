//! Every statement of every feature, tried on both databases before any test runs it.

use suite::Hub;

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    prepare_all(&Hub::on_sqlite().await).await;
}

#[tokio::test]
async fn every_statement_prepares_on_postgres() {
    if let Some(hub) = Hub::on_postgres().await {
        prepare_all(&hub).await;
    }
}

#[test]
fn every_statement_is_bound_to_an_organisation_or_says_why_not() {
    let mut loose = Vec::new();
    for (feature, statements) in hub::statements() {
        for statement in statements {
            let bodies = [statement.sqlite, statement.postgres];
            let bound =
                bodies.iter().all(|sql| ORGANISATIONS.iter().any(|it| sql.contains(it)));
            let said = statement.unscoped.is_some_and(|why| why.len() > 10);
            if !bound && !said {
                loose.push(format!("{feature}::{}", statement.name));
            }
        }
    }
    assert!(loose.is_empty(), "these would cross organisations: {loose:#?}");
}

/// The columns that name an organisation.
const ORGANISATIONS: &[&str] = &[
    "organisation_id",
    "proposer_id",
    "answerer_id",
    "giver_id",
    "seller_id",
    "buyer_id",
    "host_id",
    "sponsor_id",
];

#[test]
fn who_asks_for_a_persons_rooms_names_the_person() {
    let (mut asked, mut loose) = (0, Vec::new());
    for (feature, statements) in hub::statements() {
        for statement in statements {
            for sql in [statement.sqlite, statement.postgres] {
                for rest in sql.split("person_room ").skip(1) {
                    let alias = rest.split_whitespace().next().unwrap_or_default();
                    asked += 1;
                    if !sql.contains(&format!("{alias}.person_id")) {
                        loose.push(format!("{feature}::{}", statement.name));
                    }
                }
            }
        }
    }
    assert!(asked > 30, "else it looks at nothing: {asked}");
    assert!(loose.is_empty(), "they would read what two people say: {loose:#?}");
}

#[test]
fn no_feature_has_two_statements_of_one_name() {
    for (feature, statements) in hub::statements() {
        let mut names: Vec<_> =
            statements.iter().map(|statement| statement.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), statements.len(), "{feature}");
    }
}

async fn prepare_all(hub: &Hub) {
    let mut wrong = Vec::new();
    for (feature, statements) in hub::statements() {
        for statement in statements {
            if let Err(fault) = hub.house.db.prepare(*statement).await {
                let why = std::error::Error::source(&fault).map(ToString::to_string);
                wrong.push(format!(
                    "{feature}::{}: {}",
                    statement.name,
                    why.unwrap_or_default()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
