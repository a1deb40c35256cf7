//! What people are told in the hub.

use crate::{
    notices::{self, Notice},
    partnerships::establish,
};
use axum::http::StatusCode;
use gate::Role;
use kernel::{Id, Party, Space};
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, Stage},
};

async fn tell(stage: &Stage, whom: &Actor, text: &str, fold: Option<&str>) {
    let notice = Notice {
        kind: "message",
        params: json!({ "title": text }),
        subject: None,
        party: None,
        fold,
    };
    let mut tx = stage.house.db.write().await.unwrap();
    let told =
        notices::person(&mut tx, whom.organisation, whom.person, &notice, stage.now());
    told.await.unwrap();
    tx.commit().await.unwrap();
    stage.pass(std::time::Duration::from_secs(1));
}

store::statements! {
    /// A space, as `sharing` makes it.
    SPACE unscoped "a scene" = "
        insert into space (id, kind, host_id, visibility, state, created_at)
        values ($1, 'deal', $2, 'full', 'open', $3)";

    /// A part in it, as `sharing` makes it.
    PARTY unscoped "a scene" = "
        insert into space_party (id, space_id, organisation_id, partnership_id, role, state, history, offered_mask, offered_verbs, invited_at, revision)
        values ($1, $2, $3, $4, 'party', 'invited', 'all', '', '', $5, 1)";

    /// What becomes of the part.
    MOVE_PARTY unscoped "a scene" = "
        update space_party set state = $2 where id = $1";

    /// What becomes of the partnership.
    MOVE_PARTNERSHIP unscoped "a scene" = "
        update partnership set state = $2, suspended_by = $3 where id = $1";
}

/// A space of one with a part of the other, and a notice that came with it.
async fn invited(
    stage: &Stage,
    host: &Actor,
    guest: &Actor,
) -> (Id<kernel::Partnership>, Id<Party>) {
    let (space, party, now) = (Id::<Space>::mint(), Id::<Party>::mint(), stage.now());
    let mut tx = stage.house.db.write().await.unwrap();
    let made = establish(&mut tx, host.organisation, guest.organisation, "", now).await;
    let partnership = made.unwrap();
    let query = tx.run(SPACE).bind(space).bind(host.organisation).bind(now);
    query.execute().await.unwrap();
    let query = tx.run(PARTY).bind(party).bind(space).bind(guest.organisation);
    query.bind(partnership).bind(now).execute().await.unwrap();
    let notice = Notice {
        kind: "deal_invited",
        params: json!({ "title": "Secret" }),
        subject: None,
        party: Some(party),
        fold: None,
    };
    let told = notices::all_who(&mut tx, guest.organisation, |_| true, &notice, now);
    told.await.unwrap();
    tx.commit().await.unwrap();
    (partnership, party)
}

scenes! {
    async fn a_notice_goes_with_the_part_it_came_with(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let (partnership, party) = invited(&stage, &acme, &borg).await;
        let shown = async || {
            let list = stage.get(&borg, "/notifications").await;
            let unread = stage.get(&borg, "/me").await["unread_notifications"].as_i64().unwrap();
            let listed = list["items"].as_array().unwrap().len();
            assert_eq!(i64::try_from(listed).unwrap(), unread, "the count tells no more");
            listed
        };
        assert_eq!(shown().await, 1, "an invitation waits for its answer");

        for (state, expected) in [("active", 1), ("left", 0), ("removed", 0), ("active", 1)] {
            let mut tx = stage.house.db.write().await.unwrap();
            tx.run(MOVE_PARTY).bind(party).bind(state).execute().await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(shown().await, expected, "{state}");
        }
        let held = Some(acme.organisation);
        for (state, by, expected) in [("suspended", held, 0), ("ending", held, 0), ("ending", None, 1), ("ended", None, 0)] {
            let mut tx = stage.house.db.write().await.unwrap();
            let query = tx.run(MOVE_PARTNERSHIP).bind(partnership);
            query.bind(state).bind(by).execute().await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(shown().await, expected, "{state}");
        }
    }

    async fn unread_notices_of_a_kind_fold_into_one(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        for text in ["one", "two", "three"] {
            tell(&stage, &owner, text, Some("room:1")).await;
        }
        let list = stage.get(&owner, "/notifications").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["params"], json!({ "title": "three" }));
        assert_eq!(stage.get(&owner, "/me").await["unread_notifications"], 1);

        let (_, left) = stage.ask(&owner.token, ("POST", "/notifications/read"), json!({ "ids": [list["items"][0]["id"]] })).await;
        assert_eq!(left, json!({ "unread": 0 }));
        tell(&stage, &owner, "four", Some("room:1")).await;
        let list = stage.get(&owner, "/notifications").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 2, "what was read stays");
        assert_eq!((&list["items"][0]["read"], &list["items"][1]["read"]), (&json!(false), &json!(true)));
    }

    async fn a_long_list_has_pages_without_gap_or_double(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        for number in 0..5 {
            tell(&stage, &owner, &number.to_string(), None).await;
        }
        let (mut seen, mut path) = (Vec::new(), "/notifications?limit=2&unread=true".to_owned());
        loop {
            let page = stage.get(&owner, &path).await;
            seen.extend(page["items"].as_array().unwrap().iter().map(|it| it["params"]["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/notifications?limit=2&unread=true&after={next}");
        }
        assert_eq!(seen, ["4", "3", "2", "1", "0"]);
        let (status, _) = stage.ask(&owner.token, ("GET", "/notifications?after=nonsense"), Value::Null).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn notices_are_for_one_person_in_one_organisation(stage: Stage) {
        let owner = stage.company("Acme", "acme.example").await;
        let seller = stage.member(owner.organisation, "seller@acme.example", Role::Seller).await;
        tell(&stage, &owner, "one", None).await;
        let list = stage.get(&owner, "/notifications").await;

        assert_eq!(stage.get(&seller, "/notifications").await["items"], json!([]));
        stage.ask(&seller.token, ("POST", "/notifications/read"), json!({ "ids": [list["items"][0]["id"]] })).await;
        stage.ask(&seller.token, ("POST", "/notifications/read"), json!({ "all": true })).await;
        assert_eq!(stage.get(&owner, "/me").await["unread_notifications"], 1);
        let (status, _) = stage.ask(&owner.token, ("POST", "/notifications/read"), json!({})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
