//! A company is put out of a room, and let in again, whatever else goes on.

use std::time::Duration;

use rand::{Rng, rngs::SmallRng};
use serde_json::json;

use crate::{
    http,
    journal::{Begin, Journal},
    stage::{Deal, Stage, invitation, text},
};

/// Longer than a node goes on without having heard of a revocation.
const LEASE: Duration = Duration::from_secs(5);

/// Puts the company out of rooms and lets it in again until told to stop; then it is in all.
pub(crate) struct Toss {
    pub(crate) stage: Stage,
    pub(crate) nodes: Vec<String>,
    pub(crate) journal: Journal,
    pub(crate) begin: Begin,
    pub(crate) chance: SmallRng,
}

impl Toss {
    pub(crate) async fn run(mut self, mut over: tokio::sync::watch::Receiver<bool>) {
        loop {
            let pause = Duration::from_millis(self.chance.random_range(500..4_000));
            if tokio::time::timeout(pause, over.wait_for(|over| *over)).await.is_ok() {
                break;
            }
            let number = self.chance.random_range(0..self.stage.deals.len());
            let deal = self.stage.deals[number].clone();
            self.put_out(&deal).await;
            let pause = Duration::from_millis(self.chance.random_range(100..3_000));
            tokio::time::sleep(pause).await;
            self.let_in(&deal).await;
        }
        self.journal.close();
    }

    /// Asks any node, until one answers.
    async fn ask(
        &mut self,
        token: &str,
        (method, path): (&str, &str),
        form: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        loop {
            let node = self.chance.random_range(0..self.nodes.len());
            let asked =
                http::ask(&self.nodes[node], token, (method, path), form.as_ref());
            match asked.await {
                Some(answer) if answer.0 < 500 => {
                    if answer.0 >= 400 {
                        let about =
                            json!({ "path": path, "status": answer.0, "told": answer.1 });
                        self.journal.tell("refused", about);
                    }
                    return answer;
                }
                _ => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// The company's party in a deal, if it has one that is not over, and its state.
    async fn party(&mut self, deal: &Deal) -> Option<(String, String)> {
        let path = format!("/api/v1/deals/{}", deal.id);
        let host = self.stage.host.clone();
        let (_, told) = self.ask(&host, ("GET", &path), None).await;
        let parties = told["party_list"].as_array().cloned().unwrap_or_default();
        let rival = &self.stage.tossed.1;
        let theirs =
            parties.iter().filter(|it| it["organisation"]["id"] == rival.as_str());
        let mut living =
            theirs.filter(|it| matches!(text(&it["state"]), "active" | "invited"));
        living
            .next()
            .map(|it| (text(&it["id"]).to_owned(), text(&it["state"]).to_owned()))
    }

    async fn put_out(&mut self, deal: &Deal) {
        let host = self.stage.host.clone();
        let mut answered = false;
        while !answered && let Some((party, _)) = self.party(deal).await {
            let path = format!("/api/v1/deals/{}/parties/{party}/moves", deal.id);
            let form = json!({ "move": "remove" });
            let (status, _) = self.ask(&host, ("POST", &path), Some(form)).await;
            answered = status == 200;
        }
        if !answered {
            // The answer was lost; nodes that did not hear of it lose their lease.
            tokio::time::sleep(LEASE).await;
        }
        // From now on nothing of the room is theirs.
        self.journal.tell("out", json!({ "room": deal.room }));
    }

    async fn let_in(&mut self, deal: &Deal) {
        self.journal
            .note("in", json!({ "room": deal.room, "began": self.begin.micros() }));
        let (host, (rival, company)) =
            (self.stage.host.clone(), self.stage.tossed.clone());
        loop {
            let path = format!("/api/v1/deals/{}/parties", deal.id);
            match self.party(deal).await {
                Some((_, state)) if state == "active" => return,
                Some((party, _)) => {
                    let path = format!("{path}/{party}/moves");
                    let form = json!({ "move": "accept" });
                    self.ask(&rival, ("POST", &path), Some(form)).await;
                }
                None => {
                    let form = invitation(&company);
                    self.ask(&host, ("POST", &path), Some(form)).await;
                }
            }
        }
    }
}
