//! The whole policy as one table that a person can read.

use gate::{Reach, Role};

#[test]
fn the_policy_reads_like_this() {
    let mut rows: Vec<String> = hub::actions()
        .iter()
        .map(|action| {
            let cells = Role::ALL.map(|role| match (action.reach)(role) {
                Reach::Organisation => "all",
                Reach::Own => "own",
                Reach::Nowhere => " - ",
            });
            format!("{:<24}{}", action.name, cells.join("  "))
        })
        .collect();
    rows.sort();
    let twice = rows.windows(2).find(|pair| pair[0][..24] == pair[1][..24]);
    assert!(twice.is_none(), "an action stands twice: {twice:?}");
    let head = "                        own  adm  chm  sel  mar  buy  sup  edi  fin  vie";
    insta::assert_snapshot!(format!("{head}\n{}", rows.join("\n")));
}
