//! Whether everything that the hub says is what the books say.

use std::collections::BTreeMap;

use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::{Play, books::Purse};

impl Play {
    /// The fund, both parts, and the ledger say what the model says.
    pub(super) async fn same(&self) -> Result<(), TestCaseError> {
        let fund = self.stage.felix.get(&self.stage.fund).await.expect(200);
        let told = |of: &Value, word: &str| of[format!("{word}_minor")].as_i64().unwrap();
        let model = &self.model;
        let sum = |of: fn(&Purse) -> i64| model.purses.values().map(of).sum::<i64>();
        let holds = [
            ("amount", model.put_in),
            ("free", model.free),
            ("allocated", sum(|it| it.free)),
            ("reserved", sum(|it| it.reserved)),
            ("claimed", sum(|it| it.claimed)),
            ("paid", sum(|it| it.paid)),
            ("expired", model.expired),
        ];
        for (word, minor) in holds {
            proptest::prop_assert_eq!(told(&fund, word), minor, "{}", word);
        }
        let all = holds.iter().skip(1).map(|it| it.1).sum::<i64>();
        proptest::prop_assert_eq!(all, model.put_in, "conserved");
        for (who, purse) in &model.purses {
            let Some(part) = &purse.part else { continue };
            let theirs = self.partner(*who).get(part).await.expect(200);
            for (word, minor) in [
                ("amount", purse.sum()),
                ("rest", purse.free - purse.pending()),
                ("pending", purse.pending()),
                ("reserved", purse.reserved),
                ("claimed", purse.claimed),
                ("paid", purse.paid),
            ] {
                proptest::prop_assert_eq!(
                    told(&theirs, word),
                    minor,
                    "{} of {}",
                    word,
                    who
                );
            }
        }
        self.adds_up(&holds).await
    }

    /// The ledger alone leads to the same balances, and no account but the source is ever below
    /// zero on the way.
    async fn adds_up(&self, holds: &[(&str, i64)]) -> Result<(), TestCaseError> {
        let mut balances: BTreeMap<(String, String), i64> = BTreeMap::new();
        let (mut after, mut seq) = (String::new(), 0);
        loop {
            let path = format!("{}/ledger?limit=7{after}", self.stage.fund);
            let page = self.stage.felix.get(&path).await.expect(200);
            for row in page["items"].as_array().unwrap() {
                seq += 1;
                proptest::prop_assert_eq!(row["seq"].as_i64(), Some(seq), "dense");
                let minor = row["minor"].as_i64().unwrap();
                for (side, sign) in [("from", -1), ("to", 1)] {
                    let account = row[side].as_str().unwrap().to_owned();
                    let outer = matches!(account.as_str(), "source" | "fund" | "expired");
                    let part =
                        if outer { "" } else { row["allocation"].as_str().unwrap() };
                    let balance =
                        balances.entry((account.clone(), part.to_owned())).or_default();
                    *balance += sign * minor;
                    proptest::prop_assert!(account == "source" || *balance >= 0, "{row}");
                }
            }
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        proptest::prop_assert_eq!(balances.values().sum::<i64>(), 0);
        for (word, minor) in holds {
            let (account, sign) = match *word {
                "amount" => ("source", -1),
                "free" => ("fund", 1),
                it => (it, 1),
            };
            let of = balances.iter().filter(|((it, _), _)| it == account);
            proptest::prop_assert_eq!(
                of.map(|it| it.1).sum::<i64>() * sign,
                *minor,
                "{}",
                word
            );
        }
        Ok(())
    }
}
