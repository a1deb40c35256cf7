//! What two owners say to each other alone: the side that opened the room keeps it, the other
//! side reads it while the two take part in one deal, and nobody else ever does.

use serde_json::json;

use super::{
    model::{Model, PAIRS, host},
    stage::{Check, Stage, good},
};

/// A room of two owners.
#[derive(Clone, Debug)]
pub(super) struct Whisper {
    room: String,
    /// The company of who opened it, and the other one.
    sides: (usize, usize),
    /// Whether the last deal in common was over once.
    closed: bool,
    said: u32,
}

impl Model {
    /// Whether two companies take part in one deal now.
    fn together(&self, (one, other): (usize, usize)) -> bool {
        (0..2).any(|deal| self.live(deal, one) && self.live(deal, other))
    }

    /// Whether they do, be it that a partnership is suspended.
    fn bound(&self, (one, other): (usize, usize)) -> bool {
        let takes_part = |deal, company| {
            let part = self.parts.get(&(deal, company));
            host(deal) == company || part.is_some_and(|it| it.joined.is_some())
        };
        (0..2).any(|deal| takes_part(deal, one) && takes_part(deal, other))
    }
}

impl Stage {
    /// After a step: who reads each of these rooms, and who writes in it; then new ones.
    pub(super) async fn whispers(&mut self) -> Check {
        for at in 0..self.whispers.len() {
            let whisper = &mut self.whispers[at];
            whisper.closed |= !self.model.bound(whisper.sides);
            whisper.said += 1;
            let whisper = whisper.clone();
            self.overhear(&whisper).await?;
        }
        for sides in PAIRS {
            let open = |it: &Whisper| it.sides == sides && !it.closed;
            if self.model.together(sides) && !self.whispers.iter().any(open) {
                self.whisper(sides).await?;
            }
        }
        Ok(())
    }

    async fn whisper(&mut self, sides: (usize, usize)) -> Check {
        // Only who said something may be written to.
        let (holder, other) = (self.owner(sides.0), self.owner(sides.1));
        for room in self.model.rooms.iter().filter(|it| it.only.is_none()) {
            if self.model.writes(room, sides.1) && self.model.reads(room, sides.0) {
                let path = format!("/api/v1/rooms/{}/events", room.id);
                let cid = format!("hello-{}", self.model.now);
                other.post(&path, json!({ "cid": cid, "body": "Hello" })).await;
            }
        }
        let with =
            json!({ "person": other.id, "organisation": self.companies[sides.1].id });
        let opened = holder.post("/api/v1/directs", with).await;
        if opened.status == 404 {
            return Ok(());
        }
        let room = good("a whisper", opened, 201)?["room"].as_str().map(str::to_owned);
        let room = room.unwrap_or_default();
        self.whispers.push(Whisper { room, sides, closed: false, said: 0 });
        Ok(())
    }

    async fn overhear(&self, whisper: &Whisper) -> Check {
        let Whisper { room, sides, closed, said } = whisper;
        let together = self.model.together(*sides) && !closed;
        let path = format!("/api/v1/rooms/{room}/events");
        for (at, viewer) in self.viewers.iter().enumerate() {
            if viewer.ear.is_none() {
                continue;
            }
            let (holds, hears) = (at == sides.0, at == sides.1 && together);
            let answer = viewer.who.get(&path).await;
            let wanted = if holds || hears { 200 } else { 404 };
            let form =
                json!({ "cid": format!("w{said}-{at}"), "body": "Between us two" });
            let told = viewer.who.post(&path, form).await.status;
            let list = viewer.who.get("/api/v1/directs").await.body.to_string();
            let may_say = match (holds, together, hears) {
                (true, true, _) | (_, _, true) => told == 201,
                (true, false, _) => told == 403,
                // A role that says nothing anywhere hears so before anything is looked for.
                (false, _, false) => told == 404 || told == 403,
            };
            if answer.status != wanted
                || !may_say
                || list.contains(room) != (wanted == 200)
            {
                let who = (&viewer.who.email, viewer.company);
                return Err(format!(
                    "{who:?} reads {} and writes {told} in {whisper:?}, together: {together}",
                    answer.status
                ));
            }
        }
        Ok(())
    }
}
