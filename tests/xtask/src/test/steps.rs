//! The steps of `cargo xtask test`, in the order in which they run.

use super::{Scene, Verdict, deny, plain};
use crate::{
    failure::Failure,
    house, openapi,
    peers::Demo,
    process,
    tally::{Runner, Tally},
    tools::Need,
    ui,
};

/// One thing that must hold.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    /// A second name, for several steps at once.
    pub(super) group: &'static str,
    pub(super) what: &'static str,
    pub(super) needs: &'static [Need],
    /// The steps that must hold before this one can be tried.
    pub(super) after: &'static [&'static str],
    /// Whether `--fast` leaves it out.
    pub(super) is_slow: bool,
    pub(super) act: fn(&mut Scene) -> Result<Verdict, Failure>,
}

/// Cheap ones first; the UI before whatever embeds it.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        group: "lint",
        what: "the code is formatted",
        needs: &[],
        after: &[],
        is_slow: false,
        act: |_| plain(&mut house::cargo(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "ui-build",
        group: "ui",
        what: "the web UI builds",
        needs: &[Need::Node],
        after: &[],
        is_slow: false,
        act: |scene| {
            ui::build(scene.tools.node()?)?;
            Ok(Verdict::Holds(Tally::default()))
        },
    },
    Step {
        name: "ui-check",
        group: "ui",
        what: "the web UI's types and unit tests",
        needs: &[Need::Node],
        after: &[],
        is_slow: false,
        act: |scene| {
            let mut check = ui::script(scene.tools.node()?, "check")?;
            Ok(process::count(&mut check, Runner::Vitest)?.into())
        },
    },
    Step {
        name: "clippy",
        group: "lint",
        what: "the lints of the house",
        needs: &[],
        after: &[],
        is_slow: false,
        act: |_| {
            let arguments =
                ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            plain(&mut house::cargo(&arguments))
        },
    },
    Step {
        name: "rustdoc",
        group: "lint",
        what: "the documentation builds without a warning",
        needs: &[],
        after: &[],
        is_slow: true,
        act: |_| {
            let mut doc = house::cargo(&["doc", "--no-deps", "--workspace"]);
            plain(doc.env("RUSTDOCFLAGS", "-D warnings"))
        },
    },
    Step {
        name: "deny",
        group: "lint",
        what: "dependencies: licences, sources, bans",
        needs: &[],
        after: &[],
        is_slow: false,
        act: deny::act,
    },
    Step {
        name: "build",
        group: "rust",
        what: "the binary, for tests that start it",
        needs: &[],
        after: &[],
        is_slow: false,
        act: |_| plain(&mut house::cargo(&["build", "--workspace", "--bins"])),
    },
    Step {
        name: "rust",
        group: "rust",
        what: "protocols, features and stories, on SQLite and PostgreSQL",
        needs: &[
            Need::Postgres,
            Need::Nats,
            Need::Swaks,
            Need::Dovecot,
            Need::Openssl,
            Need::Valgrind,
            Need::Java,
            Need::Openssh,
            Need::Python,
            Need::EdifactRs,
        ],
        after: &["build"],
        is_slow: false,
        act: rust,
    },
    Step {
        name: "doctests",
        group: "rust",
        what: "the examples in the documentation",
        needs: &[],
        after: &["build"],
        is_slow: true,
        act: |_| {
            let mut tests = house::cargo(&["test", "--workspace", "--doc"]);
            let (tally, ended) = process::count(&mut tests, Runner::CargoTest)?;
            ended?;
            Ok(Verdict::Holds(tally))
        },
    },
    Step {
        name: "openapi",
        group: "rust",
        what: "the API document that the UI was made for is the server's",
        needs: &[],
        after: &["build"],
        is_slow: false,
        act: |_| {
            if !openapi::is_committed() {
                let why = "no document yet: `cargo xtask openapi` writes it";
                return Ok(Verdict::LeftOut(why.to_owned()));
            }
            openapi::check()?;
            Ok(Verdict::Holds(Tally::default()))
        },
    },
    Step {
        name: "browser",
        group: "browser",
        what: "people's days in a headless Chromium",
        needs: &[Need::Node, Need::Chromium],
        after: &["ui-build", "build"],
        is_slow: true,
        act: browser,
    },
];

fn rust(scene: &mut Scene) -> Result<Verdict, Failure> {
    let has_nextest =
        process::version(&mut house::cargo(&["nextest", "--version"])).is_some();
    let profile = if house::is_ci() { "ci" } else { "default" };
    let (mut tests, runner) = if has_nextest {
        let arguments = ["nextest", "run", "--workspace", "--profile", profile];
        (house::cargo(&arguments), Runner::Nextest)
    } else {
        println!("no cargo-nextest here: `cargo test`, one binary after the other");
        let arguments =
            ["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"];
        (house::cargo(&arguments), Runner::CargoTest)
    };
    tests.args(&scene.arguments);
    tests.env("ENTENTE_TEST_BINARY", house::binary("debug"));
    // The same cases each time: a test that fails here fails at the next desk. `fuzz` roams.
    tests.env("PROPTEST_RNG_SEED", "20261122");
    scene.peers()?.tell(&mut tests);
    Ok(process::count(&mut tests, runner)?.into())
}

fn browser(scene: &mut Scene) -> Result<Verdict, Failure> {
    let Some(chromium) = scene.tools.chromium.clone() else {
        return Ok(Verdict::LeftOut("Chromium is missing".to_owned()));
    };
    let demo = Demo::start(&house::binary("debug"))?;
    let mut tests = ui::script(scene.tools.node()?, "e2e")?;
    tests.env("ENTENTE_CHROMIUM", chromium);
    // For those who kill a hub of their own.
    tests.env("ENTENTE_TEST_BINARY", house::binary("debug"));
    demo.tell(&mut tests)?;
    let verdict = Verdict::from(process::count(&mut tests, Runner::Playwright)?);
    if matches!(verdict, Verdict::Fails(..)) {
        demo.keep_log()?;
    }
    Ok(verdict)
}
