//! Faults, to be seeded one at a time: the test of the test.

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use kernel::{Id, Notification};
use serde_json::json;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Mutex;

use super::{
    act::Act,
    model::host,
    stage::{Check, Stage},
};

/// A way in which something could be seen after it was taken away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// Rooms are read by parties that have left.
    LogOfTheLeft,
    /// A card is shown to parties that have left.
    CardOfTheLeft,
    /// A suspended partnership goes on.
    Suspended,
    /// A narrower mask is kept beside the old one.
    OldMask,
    /// A grant that was taken back still shows the record.
    OldGrant,
    /// A session that was ended goes on.
    Session,
    /// A token that was ended goes on.
    Token,
    /// A membership that was suspended goes on.
    Membership,
    /// A removal is written down, and nobody is told.
    Untold,
    /// Answers are kept, and given again.
    Cached,
    /// A notice goes to one who has left.
    Notice,
    /// Mail goes on to a guest who was taken out.
    Mail,
    /// A list counts what was taken away.
    Count,
    /// Two people go on who have nothing in common any more.
    Whisper,
    /// Colleagues of theirs read along.
    Eavesdrop,
}

store::statements! {
    /// A notice about a deal, with a word of its card.
    NOTICE = "
        insert into notification (id, organisation_id, person_id, kind, params, at)
        values ($1, $2, $3, 'message', $4, $5)";

    /// A party is gone, and its grant.
    GONE unscoped "the test breaks the rule on purpose" = "
        update space_party set state = 'removed'
        where role = 'party' and state = 'active'";
}

impl Fault {
    /// Every one.
    pub(super) const ALL: [Self; 15] = [
        Self::LogOfTheLeft,
        Self::CardOfTheLeft,
        Self::Suspended,
        Self::OldMask,
        Self::OldGrant,
        Self::Session,
        Self::Token,
        Self::Membership,
        Self::Untold,
        Self::Cached,
        Self::Notice,
        Self::Mail,
        Self::Count,
        Self::Whisper,
        Self::Eavesdrop,
    ];

    /// A history in which it shows.
    pub(super) fn history(self) -> Vec<Act> {
        let join =
            Act::Invite { deal: 0, company: 1, mask: 7, whole: true, answer: true };
        let part = Act::Part { deal: 0, company: 1, host: true };
        match self {
            Self::LogOfTheLeft
            | Self::CardOfTheLeft
            | Self::Untold
            | Self::Cached
            | Self::Notice
            | Self::Count => vec![join, part],
            Self::Suspended | Self::Whisper => {
                vec![join, Act::Suspend { pair: 0, side: true }]
            }
            Self::Eavesdrop => vec![join, Act::Note { deal: 0, company: 1 }],
            Self::OldMask => vec![join, Act::Mask { deal: 0, company: 1, mask: 0 }],
            Self::OldGrant => vec![
                Act::Share { account: 0, company: 1, mask: 7 },
                Act::Unshare { account: 0, company: 1 },
            ],
            Self::Session => vec![Act::SignOut { company: 1 }],
            Self::Token => vec![Act::Token { company: 1 }],
            Self::Membership => vec![Act::Bench { company: 1 }],
            Self::Mail => {
                vec![Act::Topic { deal: 0, company: 0 }, Act::Guest { which: 0 }]
            }
        }
    }

    /// What is changed in the database, so that its views or its rows forget a rule.
    const fn schema(self) -> &'static str {
        match self {
            Self::LogOfTheLeft => {
                "drop view if exists live_party;
                 create view live_party as
                 select id, space_id, organisation_id, partnership_id, role, history, joined_at
                 from space_party where joined_at is not null or role = 'host'"
            }
            Self::CardOfTheLeft => {
                "drop view live_visible;
                 create view live_visible as
                 select v.organisation_id, v.kind, v.record_id, v.grant_id, v.party_id, v.mask,
                        v.sort_name, v.sort_at, g.verbs, g.giver_id
                 from visible v join record_grant g on g.id = v.grant_id;
                 create trigger kept before delete on visible begin select raise(ignore); end"
            }
            Self::Suspended => {
                "create trigger kept after update on partnership when new.state = 'suspended'
                 begin update partnership set state = 'active', suspended_by = null where id = new.id; end"
            }
            Self::Whisper => {
                "drop view person_room;
                 create view person_room as
                 select p.organisation_id, d.person_id as person_id, r.id as room_id, r.space_id, r.kind, r.title,
                        r.epoch, r.head_seq, r.first_seq, m.from_seq, p.id as party_id, r.locked, r.slow_s
                 from room r
                 join room_party m on m.room_id = r.id
                 join live_party p on p.id = m.party_id
                 left join direct_person d on d.room_id = m.room_id and d.party_id = m.party_id"
            }
            Self::Eavesdrop => {
                "drop view person_room;
                 create view person_room as
                 select p.organisation_id, cast(null as blob) as person_id, r.id as room_id, r.space_id, r.kind, r.title,
                        r.epoch, r.head_seq, r.first_seq, m.from_seq, p.id as party_id, r.locked, r.slow_s
                 from room r
                 join room_party m on m.room_id = r.id
                 join live_party p on p.id = m.party_id
                 left join direct_person d on d.room_id = m.room_id and d.party_id = m.party_id
                 where r.kind <> 'direct'
                    or (p.role = 'host' or exists (
                        select 1 from common_space c join space s on s.id = r.space_id
                        where c.organisation_id = p.organisation_id and c.other_id = s.host_id))"
            }
            Self::OldMask => {
                "create trigger kept before update of mask on visible begin select raise(ignore); end"
            }
            Self::OldGrant => {
                "create trigger kept before delete on visible begin select raise(ignore); end;
                 create trigger live after update of state on record_grant when new.cause = 'admin'
                 begin update record_grant set state = 'live' where id = new.id; end"
            }
            Self::Session => {
                "create trigger kept after update of ended_at on session begin
                 update session set ended_at = null where id = new.id and ended_at is not null; end"
            }
            Self::Token => {
                "create trigger kept after update of ended_at on api_token begin
                 update api_token set ended_at = null where id = new.id and ended_at is not null; end"
            }
            Self::Membership => {
                "create trigger kept after update of state on membership when new.state = 'suspended'
                 begin update membership set state = 'active' where id = new.id; end"
            }
            Self::Mail => {
                "create trigger kept after update of state on guest when new.state = 'removed'
                 begin update guest set state = 'active' where id = new.id; end"
            }
            Self::Untold | Self::Cached | Self::Notice | Self::Count => "",
        }
    }

    /// Puts it into a hub that has just been furnished.
    pub(super) async fn seed(self, url: &str, stage: &mut Stage) {
        if !self.schema().is_empty() {
            let pool = sqlx::SqlitePool::connect(url).await.unwrap();
            sqlx::raw_sql(self.schema()).execute(&pool).await.unwrap();
            pool.close().await;
        }
        match self {
            Self::Cached | Self::Count => {
                let kept = Arc::new(Mutex::new(HashMap::new()));
                let layer = from_fn(move |request: Request, next: Next| {
                    let kept = Arc::clone(&kept);
                    async move { self.answer(&kept, request, next).await }
                });
                let who = &mut stage.viewers[1].who;
                let faulty = Router::new().fallback_service(who.router()).layer(layer);
                who.replace_router(faulty);
            }
            _ => {}
        }
    }

    async fn answer(
        self,
        kept: &Mutex<HashMap<String, Vec<u8>>>,
        request: Request,
        next: Next,
    ) -> Response {
        let (path, read) = (request.uri().to_string(), request.method() == "GET");
        let (mut parts, body) = next.run(request).await.into_parts();
        let mut bytes = to_bytes(body, 16 << 20).await.unwrap().to_vec();
        let wanted = match self {
            Self::Count => path.starts_with("/api/v1/deals?total=true&limit"),
            _ => path.ends_with("/events"),
        };
        let mut kept = kept.lock().await;
        if read && wanted {
            let old = kept.entry(path).or_insert_with(|| bytes.clone());
            let longer = old.len() > bytes.len();
            if !longer {
                old.clone_from(&bytes);
            } else if self == Self::Cached {
                bytes.clone_from(old);
                parts.status = axum::http::StatusCode::OK;
            } else if let Ok(mut told) =
                serde_json::from_slice::<serde_json::Value>(&bytes)
            {
                told["total"] = json!(1 + told["total"].as_i64().unwrap_or(0));
                bytes = told.to_string().into_bytes();
            }
        }
        parts.headers.remove("content-length");
        Response::from_parts(parts, Body::from(bytes))
    }

    /// Whether a step is done behind the hub's back.
    pub(super) fn is_untold(self, act: Act) -> bool {
        self == Self::Untold && matches!(act, Act::Part { .. })
    }

    /// Does a step without telling anybody.
    pub(super) async fn play(self, stage: &mut Stage, _act: Act) -> Check {
        let mut tx = stage.hub.house.db.write().await.unwrap();
        tx.run(GONE).execute().await.unwrap();
        tx.commit().await.unwrap();
        stage.model.part_over(host(0), 1);
        Ok(())
    }

    /// What it does after each step.
    pub(super) async fn after(self, stage: &mut Stage) {
        let gone = !stage.model.parts.contains_key(&(0, 1));
        if self != Self::Notice || !gone {
            return;
        }
        let word = stage.model.words.keys().next().unwrap().clone();
        let (company, who) = (stage.companies[1].id, stage.owner(1).id);
        let mut tx = stage.hub.house.db.write().await.unwrap();
        let notice =
            tx.run(NOTICE).bind(Id::<Notification>::mint()).bind(company).bind(who);
        let params = json!({ "title": word }).to_string();
        let at = stage.hub.house.clock.now();
        notice.bind(params).bind(at).execute().await.unwrap();
        tx.commit().await.unwrap();
    }
}
