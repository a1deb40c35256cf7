//! What came of it, as a table.

use std::{fmt::Write, time::Duration};

use hdrhistogram::Histogram;

use crate::clients::{Heard, Plan};

/// What a person on the other side may wait for, at the 95th of a hundred, in microseconds.
const BUDGET_US: u64 = 100_000;

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    what: &'static str,
    on: &'static str,
    told: String,
    /// Processor time for each event on a socket, in microseconds.
    cost: Option<f64>,
    over_budget: bool,
}

fn spread(samples: &[u64]) -> (String, u64) {
    let mut histogram = Histogram::<u64>::new(3).expect("three digits");
    for sample in samples {
        histogram.record(*sample).expect("it grows");
    }
    let at = |part: f64| histogram.value_at_quantile(part);
    let ms = |micros: u64| {
        let tenths = micros.div_ceil(100);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let told = [at(0.5), at(0.95), at(0.99), histogram.max()].map(ms).join(" / ");
    (told, at(0.95))
}

fn each(whole: Duration, parts: u64) -> f64 {
    whole.as_secs_f64() * 1e6 / f64::from(u32::try_from(parts.max(1)).unwrap_or(u32::MAX))
}

impl Row {
    /// Of messages by the clock.
    pub(crate) fn of_load(
        what: &'static str,
        on: &'static str,
        plan: Plan,
        heard: &Heard,
        cpu: Duration,
        wall: Duration,
    ) -> Self {
        let ((acks, _), (deliveries, p95)) =
            (spread(&heard.acks), spread(&heard.deliveries));
        let cost = each(cpu, heard.events);
        let a_second = f64::from(u32::try_from(heard.events).unwrap_or(u32::MAX))
            / (wall.as_secs_f64() - 1.0);
        let told = format!(
            "{} sockets, {} rooms, {}/s; ack {acks} ms; to the other party {deliveries} ms; {a_second:.0} events/s, {cost:.1} µs each, {:.0} % of a core{}",
            plan.sockets,
            plan.rooms,
            plan.per_second,
            cpu.as_secs_f64() / wall.as_secs_f64() * 100.0,
            faults(heard, plan),
        );
        let cost = Some(cost);
        Self { what, on, told, cost, over_budget: p95 > BUDGET_US }
    }

    /// Of sockets that come back at once.
    pub(crate) fn of_storm(
        on: &'static str,
        plan: Plan,
        heard: &Heard,
        took: Duration,
        cpu: Duration,
    ) -> Self {
        let (joins, _) = spread(&heard.joins);
        let sockets = f64::from(u32::try_from(plan.sockets).unwrap_or(u32::MAX));
        let told = format!(
            "{} sockets back with a cursor, {} events; caught up in {joins} ms; {:.0} a second, {:.0} µs each{}",
            plan.sockets,
            heard.events,
            sockets / took.as_secs_f64(),
            each(cpu, u64::try_from(plan.sockets).unwrap_or(1)),
            faults(heard, plan),
        );
        Self { what: "storm", on, told, cost: None, over_budget: false }
    }

    /// Of sockets that only stay.
    pub(crate) fn of_idle(on: &'static str, plan: Plan, bytes: u64) -> Self {
        let sockets = u64::try_from(plan.sockets).unwrap_or(1);
        let told = format!("{:.1} KiB a socket", each_kib(bytes, sockets));
        Self { what: "idle", on, told, cost: None, over_budget: false }
    }
}

fn each_kib(bytes: u64, sockets: u64) -> f64 {
    let tenths = bytes.saturating_mul(10) / 1_024 / sockets.max(1);
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}

/// What should not be: it is part of the line, so that nobody reads past it.
fn faults(heard: &Heard, plan: Plan) -> String {
    let meant = u64::from(plan.per_second) * u64::from(plan.seconds);
    let acked = u64::try_from(heard.acks.len()).unwrap_or(0);
    let mut told = String::new();
    if acked + heard.refused < meant {
        let missing = meant - acked - heard.refused;
        let _never_fails = write!(told, "; {missing} NOT ANSWERED");
    }
    for (count, what) in [(heard.refused, "REFUSED"), (heard.wrong, "OUT OF ORDER")] {
        if count > 0 {
            let _never_fails = write!(told, "; {count} {what}");
        }
    }
    told
}

/// Prints the lines; the cost of each beside the limit's.
pub(crate) fn table(rows: &[Row]) {
    println!(
        "\nlatencies are p50 / p95 / p99 / max, from when a message was meant to leave\n"
    );
    for row in rows {
        let limit = rows.iter().find(|it| it.on == "bare" && it.what == row.what);
        let ratio = match (row.cost, limit.and_then(|it| it.cost)) {
            (Some(cost), Some(limit)) if row.on != "bare" => {
                format!("; {:.2} of the limit's deliveries a CPU second", limit / cost)
            }
            _ => String::new(),
        };
        let peer = rows.iter().find(|it| it.on == "ejabberd" && it.what == row.what);
        let peer = match (row.cost, peer.and_then(|it| it.cost)) {
            (Some(cost), Some(peer)) if row.on != "ejabberd" => {
                format!(", {:.1} x ejabberd's", peer / cost)
            }
            _ => String::new(),
        };
        let budget = if row.over_budget { "; OVER 100 ms AT P95" } else { "" };
        println!("{:<11}{:<9}{}{ratio}{peer}{budget}", row.what, row.on, row.told);
    }
}
