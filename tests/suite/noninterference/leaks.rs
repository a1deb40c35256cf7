//! Ten leaks, to be seeded one at a time: the test of the test.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use kernel::{Id, Notification};
use serde_json::{Value, json};
use store::{Db, Hint};
use suite::Hub;

use super::{Rival, secret::Stage};

/// A way in which the rival could learn what it should not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Leak {
    /// A total counts rows of others.
    Count,
    /// A page's cursor depends on rows of others.
    Cursor,
    /// The 404 for what exists differs from the one for what does not.
    NotFound,
    /// A hint goes to somebody who may not see the record.
    Hint,
    /// A suggestion names what others have.
    Suggestion,
    /// A name that others have is refused.
    UniqueConstraint,
    /// A notice tells what others do.
    Notification,
    /// A log is replayed to somebody outside its audience.
    LogReplay,
    /// A paper of others can be taken out.
    Export,
    /// A letter goes to somebody outside.
    Mail,
}

store::statements! {
    /// How many deals there are.
    DEALS unscoped "the test looks at everything" = "
        select count(*) from deal";

    /// Whether a customer of that name is in anybody's books.
    NAMED unscoped "the test looks at everything" = "
        select count(*) from account where name like $1";

    /// The newest notice.
    NOTICE = "
        insert into notification (id, organisation_id, person_id, kind, params, at)
        values ($1, $2, $3, 'message', $4, $5)";

    /// Lets a party into every main room.
    ADMIT unscoped "the test breaks the rule on purpose" = "
        insert into room_party (room_id, party_id, from_seq)
        select r.id, p.id, 1
        from room r, space_party p
        where p.organisation_id = $1 and r.kind = 'main'
        on conflict do nothing";

    /// Gives an organisation every interchange.
    HOLD unscoped "the test breaks the rule on purpose" = "
        insert into interchange_party (interchange_id, organisation_id, direction, at, partner, kind, state, way)
        select id, $1, 'in', at, sender, kind, state, way from interchange where true
        on conflict do nothing";

    /// Puts a letter to an address into the outbox.
    LETTER unscoped "the test breaks the rule on purpose" = "
        insert into letter (id, recipient, subject, message_id, sha256, state, attempts, at)
        values ($1, $2, 'Secret words', $3, $3, 'kept', 0, $4)";

    /// What was written to addresses like one.
    LETTERS_TO unscoped "the test reads the mailbox of a domain" = "
        select subject from letter where recipient like $1 order by subject";
}

impl Leak {
    /// Every one.
    pub(super) const ALL: [Self; 10] = [
        Self::Count,
        Self::Cursor,
        Self::NotFound,
        Self::Hint,
        Self::Suggestion,
        Self::UniqueConstraint,
        Self::Notification,
        Self::LogReplay,
        Self::Export,
        Self::Mail,
    ];

    /// Puts a leaky layer between the rival and the hub, for the leaks that lie in answers.
    pub(super) fn wrap(self, hub: &Hub, rival: &mut Rival) {
        let db = hub.house.db.clone();
        let layer = from_fn(move |request: Request, next: Next| {
            let db = db.clone();
            async move { self.answer(&db, request, next).await }
        });
        let leaky = Router::new().fallback_service(rival.carl.router()).layer(layer);
        rival.carl.replace_router(leaky);
    }

    async fn answer(self, db: &Db, request: Request, next: Next) -> Response {
        let (path, post) = (request.uri().path().to_owned(), request.method() == "POST");
        let deals = count(db).await;
        let response = next.run(request).await;
        let (mut parts, body) = response.into_parts();
        let bytes = to_bytes(body, 16 << 20).await.unwrap();
        let Ok(mut told) = serde_json::from_slice::<Value>(&bytes) else {
            return Response::from_parts(parts, Body::from(bytes));
        };
        match self {
            Self::Count if told["total"].is_i64() => {
                told["total"] = json!(told["total"].as_i64().unwrap() + deals);
            }
            Self::Cursor if told["next"].is_null() && told["items"].is_array() => {
                told["next"] = json!(deals.to_string());
            }
            Self::NotFound if parts.status == 404 && path.contains("/deals/") => {
                told["detail"] = json!(format!("not yours; there are {deals}"));
            }
            Self::Suggestion
                if path.ends_with("/partnerships") && told["items"].is_array() =>
            {
                told["items"].as_array_mut().unwrap().push(json!({ "suggested": deals }));
            }
            Self::UniqueConstraint
                if post && path.ends_with("/accounts") && named(db).await =>
            {
                parts.status = axum::http::StatusCode::CONFLICT;
            }
            _ => {}
        }
        parts.headers.remove("content-length");
        Response::from_parts(parts, Body::from(told.to_string()))
    }

    /// Leaks what was just done, for the leaks that lie in what is stored or sent.
    pub(super) async fn seed(self, hub: &Hub, stage: &Stage, rival: &Rival) {
        let (house, company) = (&hub.house, &rival.company);
        let mut tx = house.db.write().await.unwrap();
        match self {
            Self::Hint => {
                let id = stage.made.lock().await.clone().with_nobodys().deal.unwrap();
                let (organisation, kind) = (company.id, "deal".to_owned());
                tx.hint(Hint::Changed { organisation, kind, id, revision: 1 });
            }
            Self::Notification => {
                let params = json!({ "who": stage.olga.email }).to_string();
                let id = Id::<Notification>::mint();
                let notice = tx.run(NOTICE).bind(id).bind(company.id).bind(rival.carl.id);
                notice.bind(params).bind(house.clock.now()).execute().await.unwrap();
            }
            Self::LogReplay => {
                tx.run(ADMIT).bind(company.id).execute().await.unwrap();
            }
            Self::Export => {
                let seen = stage.made.lock().await.interchange.is_some();
                if !seen {
                    drop(tx);
                    stage.play(hub, super::Act::Order(9)).await;
                    tx = house.db.write().await.unwrap();
                }
                tx.run(HOLD).bind(company.id).execute().await.unwrap();
            }
            Self::Mail => {
                let id = Id::<kernel::Letter>::mint();
                let letter = tx.run(LETTER).bind(id).bind(&rival.carl.email);
                letter
                    .bind(id.to_string())
                    .bind(house.clock.now())
                    .execute()
                    .await
                    .unwrap();
            }
            Self::Count
            | Self::Cursor
            | Self::NotFound
            | Self::Suggestion
            | Self::UniqueConstraint => {}
        }
        tx.commit().await.unwrap();
    }
}

async fn count(db: &Db) -> i64 {
    let mut conn = db.read().await.unwrap();
    conn.run(DEALS).one::<(i64,)>().await.unwrap().0
}

async fn named(db: &Db) -> bool {
    let mut conn = db.read().await.unwrap();
    conn.run(NAMED).bind("Secret customer _%").one::<(i64,)>().await.unwrap().0 > 0
}

/// The subjects of letters to addresses like one.
pub(super) async fn letters_to(hub: &Hub, like: &str) -> Vec<String> {
    let mut conn = hub.house.db.read().await.unwrap();
    let rows: Vec<(String,)> = conn.run(LETTERS_TO).bind(like).all().await.unwrap();
    rows.into_iter().map(|(subject,)| subject).collect()
}
