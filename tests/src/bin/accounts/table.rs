//! What was measured, for people and for programs.

use std::fmt::{self, Display, Formatter};

use serde_json::{Value, json};
use suite::bench::Millis;

/// What one kind of request costs.
pub(crate) struct Cost {
    pub(crate) what: &'static str,
    pub(crate) budget_ms: Option<f64>,
    pub(crate) cpu: Millis,
}

/// Everything measured on one database.
pub(crate) struct Table {
    database: &'static str,
    pub(crate) first_answer_ms: f64,
    pub(crate) at_rest_mib: f64,
    pub(crate) after_mib: f64,
    /// Of `/healthz`: what asking alone costs.
    pub(crate) floor: Millis,
    costs: Vec<Cost>,
}

impl Table {
    pub(crate) const fn new(database: &'static str) -> Self {
        let floor = Millis { hub: 0.0, database: 0.0 };
        let (first_answer_ms, at_rest_mib, after_mib) = (0.0, 0.0, 0.0);
        Self {
            database,
            first_answer_ms,
            at_rest_mib,
            after_mib,
            floor,
            costs: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, cost: Cost) {
        self.costs.push(cost);
    }

    fn of_floor(&self, cost: Millis) -> f64 {
        cost.all() / self.floor.all().max(0.001)
    }

    pub(crate) fn json(&self) -> Value {
        let cost = |it: &Cost| {
            json!({
                "what": it.what, "cpu_ms": it.cpu.all(), "hub_ms": it.cpu.hub,
                "database_ms": it.cpu.database, "budget_ms": it.budget_ms,
                "of_healthz": self.of_floor(it.cpu),
            })
        };
        json!({
            "database": self.database, "first_answer_ms": self.first_answer_ms,
            "at_rest_mib": self.at_rest_mib, "after_mib": self.after_mib,
            "healthz_ms": self.floor.all(),
            "costs": self.costs.iter().map(cost).collect::<Vec<_>>(),
        })
    }
}

impl Display for Table {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let Self { database, first_answer_ms, at_rest_mib, after_mib, floor, costs } =
            self;
        writeln!(
            to,
            "{database}: first answer after {first_answer_ms:.0} ms (budget 300), {at_rest_mib:.1} MiB at rest (budget 60), {after_mib:.1} MiB after the requests"
        )?;
        let head = ["", "CPU ms", "hub", "database", "budget", "of /healthz"];
        let [what, all, hub, base, budget, ratio] = head;
        writeln!(to, "{what:<26}{all:>10}{hub:>10}{base:>10}{budget:>10}{ratio:>14}")?;
        let healthz = Cost { what: "/healthz", budget_ms: None, cpu: *floor };
        for Cost { what, budget_ms, cpu: cost } in std::iter::once(&healthz).chain(costs)
        {
            let budget = budget_ms.map_or_else(String::new, |it| format!("{it:.0}"));
            let (all, hub, base) = (cost.all(), cost.hub, cost.database);
            let ratio = self.of_floor(*cost);
            writeln!(
                to,
                "{what:<26}{all:>10.2}{hub:>10.2}{base:>10.2}{budget:>10}{ratio:>14.1}"
            )?;
        }
        Ok(())
    }
}
