//! Two organisations shake hands.

use crate::partnerships::{
    self, Move, MoveAsk, Refusal, RuleRefusal, RunPartnerships, StateWord, Stepped,
};
use axum::http::StatusCode;
use gate::Role;
use kernel::{Id, Moment};
use serde_json::{Value, json};

use super::{
    scenes,
    stage::{Actor, PASSWORD, Stage, token_in},
};

async fn propose(stage: &Stage, by: &Actor, form: Value) -> (StatusCode, Value) {
    stage.ask(&by.token, ("POST", "/partnerships"), form).await
}

async fn step(
    stage: &Stage,
    by: &Actor,
    id: &str,
    ask: MoveAsk,
) -> Result<Stepped, Refusal> {
    let permit = by.permit::<RunPartnerships>();
    let mut tx = stage.house.db.write().await.unwrap();
    let id = id.parse().unwrap();
    let stepped = partnerships::step(&mut tx, &permit, id, &ask, stage.now()).await?;
    tx.commit().await.unwrap();
    Ok(stepped)
}

const fn ask(r#move: Move, revision: i64) -> MoveAsk {
    MoveAsk { r#move, revision, ends_at: None, reason: None }
}

fn id_of(partnership: &Value) -> &str {
    partnership["id"].as_str().unwrap()
}

async fn proposed(stage: &Stage) -> (Actor, Actor, String) {
    let acme = stage.company("Acme", "acme.example").await;
    let borg = stage.company("Borg", "borg.example").await;
    let (_, made) = propose(stage, &acme, json!({ "domain": "borg.example" })).await;
    (acme, borg, id_of(&made).to_owned())
}

scenes! {
    async fn a_proposal_does_not_tell_who_is_here(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let borg = stage.company("Borg", "borg.example").await;
        let form = |domain: &str| json!({ "domain": domain, "email": format!("ceo@{domain}"), "message": "Hello" });
        let (here, known) = propose(&stage, &acme, form("borg.example")).await;
        let (away, unknown) = propose(&stage, &acme, form("cult.example")).await;

        assert_eq!((here, away), (StatusCode::CREATED, StatusCode::CREATED));
        let masked = |answer: &Value| {
            answer.to_string().replace(id_of(answer), "ID").replace("borg", "NAME").replace("cult", "NAME")
        };
        assert_eq!(masked(&known), masked(&unknown));
        assert_eq!(known["partner"], json!({ "id": null, "name": "borg.example", "domain": "borg.example" }));
        let list = stage.get(&acme, "/partnerships").await;
        assert_eq!(masked(&list["items"][0]), masked(&list["items"][1]));
        let theirs = stage.get(&borg, "/partnerships").await;
        assert_eq!(theirs["items"][0]["partner"], json!({ "id": acme.organisation, "name": "Acme", "domain": "acme.example" }));
        assert_eq!(theirs["items"][0]["moves"], json!(["accept", "decline"]));
        for domain in ["borg.example", "cult.example"] {
            let (status, told) = propose(&stage, &acme, form(domain)).await;
            assert_eq!((status, &told["type"]), (StatusCode::CONFLICT, &json!("/problems/partnership-exists")));
        }
        let mails = stage.mails().await;
        let to: Vec<_> = mails.iter().map(|mail| (mail.to.as_str(), mail.organisation)).collect();
        assert_eq!(to, [("ceo@cult.example", None), ("owner@borg.example", Some(borg.organisation))]);
        stage.logs_hold(&[&acme, &borg]).await;
    }

    async fn an_organisation_that_comes_later_finds_the_proposal_and_the_proposer_cannot_tell(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let (_, made) = propose(&stage, &acme, json!({ "domain": "borg.example" })).await;
        let borg = stage.company("Borg", "borg.example").await;

        assert_eq!(stage.get(&acme, &format!("/partnerships/{}", id_of(&made))).await, made);
        let stepped = step(&stage, &borg, id_of(&made), ask(Move::Accept, 1)).await.unwrap();
        assert!(stepped.came_alive && !stepped.ended_now);
        let mut conn = stage.house.db.read().await.unwrap();
        let live = partnerships::live_between(&mut conn, borg.organisation, acme.organisation).await.unwrap();
        assert_eq!(live, Some(stepped.id));
        let partners = partnerships::partners_of(&mut conn, acme.organisation).await.unwrap();
        assert_eq!(partners.len(), 1);
        assert_eq!(partners[0].organisation_id, borg.organisation);
    }

    async fn a_partner_comes_in_by_the_link_and_is_a_partner(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let cult = stage.company("Cult", "cult.example").await;
        propose(&stage, &cult, json!({ "domain": "borg.example" })).await;
        let form = json!({ "domain": "Borg.Example", "email": "bea@borg.example", "message": "Let us sell" });
        let (_, made) = propose(&stage, &acme, form).await;
        let token = token_in(&stage.mails().await[0]);
        let path = format!("/invitations/by-token/{token}");
        let (_, open) = stage.ask("", ("GET", &path), Value::Null).await;
        assert_eq!((&open["kind"], &open["organisation"]["name"]), (&json!("partner"), &json!("Acme")));

        let mut form = json!({ "token": token, "name": "Bea", "password": PASSWORD });
        let (status, told) = stage.ask("", ("POST", "/invitations/accept"), form.clone()).await;
        assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("organisation_name")));
        form["organisation_name"] = json!("Borg");
        let (status, fresh) = stage.ask("", ("POST", "/invitations/accept"), form).await;
        assert_eq!((status, &fresh["role"]), (StatusCode::OK, &json!("owner")), "{fresh}");

        let bea = fresh["token"].as_str().unwrap();
        let (_, own) = stage.ask(bea, ("GET", "/organisation"), Value::Null).await;
        assert_eq!((&own["domain"], &own["domain_verified"]), (&json!("borg.example"), &json!(true)));
        let row = stage.get(&acme, &format!("/partnerships/{}", id_of(&made))).await;
        assert_eq!((&row["state"], &row["partner"]["name"]), (&json!("active"), &json!("Borg")));
        assert_eq!(row["moves"], json!(["suspend", "give_notice", "end_now"]));
        let told = stage.get(&acme, "/notifications").await;
        assert_eq!(told["items"][0]["kind"], "partnership_active");
        assert_eq!(told["items"][0]["params"]["partner"], "Borg");
        let (_, theirs) = stage.ask(bea, ("GET", "/partnerships"), Value::Null).await;
        let waiting: Vec<_> = theirs["items"].as_array().unwrap().iter().map(|it| it["state"].clone()).collect();
        assert_eq!(waiting, ["active", "proposed"], "what waited for the domain is there too");
        stage.logs_hold(&[&acme, &cult]).await;
    }

    async fn a_proposal_that_was_taken_back_takes_its_link_along(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        let form = json!({ "domain": "borg.example", "email": "bea@borg.example" });
        let (_, made) = propose(&stage, &acme, form.clone()).await;
        let token = token_in(&stage.mails().await[0]);
        step(&stage, &acme, id_of(&made), ask(Move::Cancel, 1)).await.unwrap();

        let form_in = json!({ "token": token, "name": "Bea", "password": PASSWORD, "organisation_name": "Borg" });
        let (status, _) = stage.ask("", ("POST", "/invitations/accept"), form_in).await;
        assert_eq!(status, StatusCode::GONE);
        assert_eq!(propose(&stage, &acme, form).await.0, StatusCode::CREATED, "asking again is allowed");
    }

    async fn what_cannot_be_proposed_says_why(stage: Stage) {
        let acme = stage.company("Acme", "acme.example").await;
        for (form, field) in [
            (json!({ "domain": "gmail.com" }), "domain"),
            (json!({ "domain": "acme.example" }), "domain"),
            (json!({ "domain": "not a domain" }), "domain"),
            (json!({ "domain": "borg.example", "email": "bea@cult.example" }), "email"),
            (json!({ "domain": "borg.example", "email": "bea" }), "email"),
            (json!({ "domain": "borg.example", "message": "x".repeat(1001) }), "message"),
        ] {
            let (status, told) = propose(&stage, &acme, form).await;
            assert_eq!((status, &told["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)));
        }
        let seller = stage.member(acme.organisation, "seller@acme.example", Role::Seller).await;
        assert_eq!(propose(&stage, &seller, json!({ "domain": "borg.example" })).await.0, StatusCode::FORBIDDEN);
    }

    async fn only_the_listed_moves_by_the_listed_side_on_the_revision_that_was_read(stage: Stage) {
        let (acme, borg, id) = proposed(&stage).await;
        let cult = stage.company("Cult", "cult.example").await;

        let refused = step(&stage, &acme, &id, ask(Move::Accept, 1)).await.unwrap_err();
        assert!(matches!(refused, Refusal::Rule(RuleRefusal::NoSuchMove { .. })));
        let refused = step(&stage, &cult, &id, ask(Move::Accept, 1)).await.unwrap_err();
        assert!(matches!(refused, Refusal::NotFound));
        let (status, _) = stage.ask(&cult.token, ("GET", &format!("/partnerships/{id}")), Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);

        step(&stage, &borg, &id, ask(Move::Accept, 1)).await.unwrap();
        let refused = step(&stage, &acme, &id, ask(Move::EndNow, 1)).await.unwrap_err();
        assert!(matches!(refused, Refusal::Stale { revision: 2 }));
        let held = step(&stage, &acme, &id, ask(Move::Suspend, 2)).await.unwrap();
        assert!(held.went_dark && !held.ended_now);
        assert_eq!(held.partnership.suspended_by_us, Some(true));
        let refused = step(&stage, &borg, &id, ask(Move::Resume, 3)).await.unwrap_err();
        assert!(matches!(refused, Refusal::Rule(RuleRefusal::NoSuchMove { .. })));
        let mut conn = stage.house.db.read().await.unwrap();
        let live = partnerships::live_between(&mut conn, acme.organisation, borg.organisation).await.unwrap();
        assert_eq!(live, None, "what is suspended is not live");
        drop(conn);
        let back = step(&stage, &acme, &id, ask(Move::Resume, 3)).await.unwrap();
        assert!(back.came_alive);
        let over = step(&stage, &borg, &id, MoveAsk { reason: Some("We part.".to_owned()), ..ask(Move::EndNow, 4) }).await.unwrap();
        assert!(over.ended_now && over.went_dark);
        let row = stage.get(&acme, &format!("/partnerships/{id}")).await;
        assert_eq!((&row["state"], &row["reason"], &row["moves"]), (&json!("ended"), &json!("We part."), &json!([])));
        let told = stage.get(&acme, "/notifications").await;
        assert_eq!(told["items"][0]["kind"], "partnership_ended");
        assert_eq!(propose(&stage, &acme, json!({ "domain": "borg.example" })).await.0, StatusCode::CREATED);
        stage.logs_hold(&[&acme, &borg]).await;
    }

    async fn notice_runs_out_once_and_a_proposal_after_fourteen_days(stage: Stage) {
        let (acme, borg, id) = proposed(&stage).await;
        let (_, other) = propose(&stage, &borg, json!({ "domain": "cult.example", "email": "c@cult.example" })).await;
        step(&stage, &borg, &id, ask(Move::Accept, 1)).await.unwrap();
        let ends = Moment::from_micros(stage.now().micros() + 20 * 86_400_000_000);
        let notice = MoveAsk { ends_at: Some(ends), ..ask(Move::GiveNotice, 2) };
        let stepped = step(&stage, &acme, &id, notice).await.unwrap();
        assert_eq!(stepped.partnership.state, StateWord::Ending);
        assert!(!stepped.went_dark, "until then everything goes on");

        let told = stage.get(&borg, "/notifications").await;
        assert_eq!(told["items"][0]["kind"], "partnership_ending");
        assert_eq!(told["items"][0]["params"]["ends_at"], ends.to_string());

        let expire = async || {
            let mut tx = stage.house.db.write().await.unwrap();
            let ended = partnerships::expire_due(&mut tx, stage.now()).await.unwrap();
            tx.commit().await.unwrap();
            ended
        };
        assert_eq!(expire().await, []);
        stage.pass_days(14);
        let late = stage.get(&borg, &format!("/partnerships/{}", id_of(&other))).await;
        assert_eq!((&late["state"], &late["moves"]), (&json!("closed"), &json!([])), "before the timer came by");
        assert_eq!(expire().await, [], "a proposal that closes ends nothing");
        stage.pass_days(8);
        let ended = expire().await;
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].organisations, [acme.organisation, borg.organisation]);
        assert_eq!(ended[0].id, id.parse::<Id<kernel::Partnership>>().unwrap());
        assert_eq!(expire().await, [], "an expiry fires once");
        for (by, partner) in [(&acme, "Borg"), (&borg, "Acme")] {
            let told = stage.get(by, "/notifications").await;
            assert_eq!(told["items"][0]["kind"], "partnership_ended");
            assert_eq!(told["items"][0]["params"]["partner"], partner);
        }
        stage.logs_hold(&[&acme, &borg]).await;
    }

    async fn a_late_proposal_does_not_stand_in_the_way_of_a_new_one(stage: Stage) {
        let (acme, borg, _) = proposed(&stage).await;
        stage.pass_days(14);
        assert_eq!(propose(&stage, &acme, json!({ "domain": "borg.example" })).await.0, StatusCode::CREATED);
        stage.pass_days(14);
        assert_eq!(propose(&stage, &borg, json!({ "domain": "acme.example" })).await.0, StatusCode::CREATED);
    }

    async fn a_role_that_only_looks_has_no_moves(stage: Stage) {
        let (_, borg, id) = proposed(&stage).await;
        let viewer = stage.member(borg.organisation, "viewer@borg.example", Role::Viewer).await;
        let row = stage.get(&viewer, &format!("/partnerships/{id}")).await;
        assert_eq!((&row["state"], &row["moves"]), (&json!("proposed"), &json!([])));
    }

    async fn two_who_propose_to_each_other_get_one_partnership(stage: Stage) {
        let (_, borg, _) = proposed(&stage).await;
        let (status, _) = propose(&stage, &borg, json!({ "domain": "acme.example" })).await;
        assert_eq!(status, StatusCode::CONFLICT);
    }
}
