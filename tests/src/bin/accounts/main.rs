//! What a request costs at 100,000 accounts: CPU time of the hub and of its database together,
//! HTTP included, on SQLite and on PostgreSQL.
//!
//! `cargo xtask bench accounts -- [--rows N] [--asks N] [--json]`. It makes the accounts itself,
//! builds and starts the release binary (or the one that `ENTENTE_BENCH_BINARY` names), and uses
//! the PostgreSQL server of `ENTENTE_TEST_POSTGRES`, which must run on this machine.
//!
//! Beside each cost stands its budget, and how often the cost of `/healthz` on the same hub
//! goes into it: the least that any request can cost here. Nothing passes or fails.

mod customers;
mod table;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::{Value, json};

use customers::Customers;
use suite::bench::{self, Client, Database, Failure, Hub};
use table::{Cost, Table};

/// What was asked for.
struct Options {
    rows: usize,
    asks: u32,
    json: bool,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("accounts: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, Failure> {
    let mut options = Options { rows: 100_000, asks: 300, json: false };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || -> Result<usize, Failure> {
            let text = given.next().ok_or(format!("{argument} takes a number"))?;
            Ok(text.parse::<usize>()?.max(1))
        };
        match argument.as_str() {
            "--rows" => options.rows = number()?.min(100_000),
            "--asks" => options.asks = number()?.try_into()?,
            "--json" => options.json = true,
            _ => return Err("usage: accounts [--rows N] [--asks N] [--json]".into()),
        }
    }
    Ok(options)
}

fn run(options: &Options) -> Result<(), Failure> {
    let binary = bench::binary()?;
    let mut tables = vec![measure(&binary, Database::sqlite(), options)?];
    match Database::postgres()? {
        Some(database) => tables.push(measure(&binary, database, options)?),
        None => eprintln!("PostgreSQL is left out: ENTENTE_TEST_POSTGRES is not set"),
    }
    let bytes = std::fs::metadata(&binary)?.len();
    let mut out = io::stdout().lock();
    if options.json {
        let tables: Vec<Value> = tables.iter().map(Table::json).collect();
        writeln!(
            out,
            "{}",
            json!({ "rows": options.rows, "asks": options.asks, "binary_bytes": bytes, "databases": tables })
        )?;
    } else {
        writeln!(
            out,
            "{} accounts, {} requests a line; CPU of hub and database together",
            options.rows, options.asks
        )?;
        let (whole, tenth) = (bytes / 1_000_000, bytes / 100_000 % 10);
        writeln!(out, "binary: {whole}.{tenth} MB ({})", binary.display())?;
        for table in &tables {
            writeln!(out, "\n{table}")?;
        }
    }
    Ok(())
}

/// One hub on a new database, from its start to the undoing of its import.
fn measure(
    binary: &std::path::Path,
    database: Database,
    options: &Options,
) -> Result<Table, Failure> {
    let mut table = Table::new(database.name());
    let mut hub = Hub::start(binary, database)?;
    table.first_answer_ms = hub.first_answer_ms;
    std::thread::sleep(std::time::Duration::from_secs(3));
    table.at_rest_mib = hub.memory_mib()?;
    let mut client = hub.sign_in()?;
    let customers = Customers::new(options.rows);

    // A few by hand, as everybody begins: what is planned and kept now is small.
    let mut one = 0..;
    let mut create = |hub: &mut Hub, client: &mut Client, asks| {
        hub.cost(asks, |_| {
            let number = one.next().unwrap_or_default();
            let form = json!({ "name": format!("Handmade {number}"), "city": "Lyon" });
            client.post("/api/v1/accounts", &form)
        })
    };
    create(&mut hub, &mut client, 20)?;
    let imports = "/api/v1/accounts/imports";
    let form = customers.form();
    let mut import = Value::Null;
    let cost = hub.cost(1, |_| {
        import = client.post(imports, &form)?;
        Ok(import.clone())
    })?;
    table.add(Cost { what: "import of all rows", budget_ms: None, cpu: cost });

    let list = "/api/v1/accounts?limit=50".to_owned();
    let asks = options.asks;
    let ask = |hub: &mut Hub, client: &mut Client, path: &dyn Fn(usize) -> String| {
        hub.cost(asks, |number| client.get(&path(number)))
    };
    if hub.counts_its_tables() {
        // Before the server has counted its tables: autovacuum does so within a minute or two.
        let cost = ask(&mut hub, &mut client, &|_| list.clone())?;
        table.add(Cost {
            what: "list of 50, uncounted",
            budget_ms: Some(2.0),
            cpu: cost,
        });
        let cost = ask(&mut hub, &mut client, &|number| customers.search(number, 1))?;
        table.add(Cost {
            what: "name search, uncounted",
            budget_ms: Some(10.0),
            cpu: cost,
        });
        hub.count_tables()?;
    }
    table.floor = ask(&mut hub, &mut client, &|_| "/healthz".to_owned())?;
    let cost = ask(&mut hub, &mut client, &|_| list.clone())?;
    table.add(Cost { what: "list of 50", budget_ms: Some(2.0), cpu: cost });
    let cost = ask(&mut hub, &mut client, &|_| format!("{list}&total=true"))?;
    table.add(Cost { what: "page with total", budget_ms: Some(5.0), cpu: cost });
    let cost = ask(&mut hub, &mut client, &|number| customers.search(number, 1))?;
    table.add(Cost { what: "name search, a word", budget_ms: Some(10.0), cpu: cost });
    let cost = ask(&mut hub, &mut client, &|number| customers.search(number, 2))?;
    table.add(Cost { what: "name search, two words", budget_ms: Some(10.0), cpu: cost });
    let cost = ask(&mut hub, &mut client, &|number| customers.beginning(number))?;
    table.add(Cost {
        what: "name search, two letters",
        budget_ms: Some(10.0),
        cpu: cost,
    });
    let cost = create(&mut hub, &mut client, asks)?;
    table.add(Cost { what: "create", budget_ms: Some(5.0), cpu: cost });
    table.after_mib = hub.memory_mib()?;

    let id = import["id"].as_str().ok_or("the import has no id")?;
    let undo = format!("{imports}/{id}/undo");
    let cost = hub.cost(1, |_| client.post(&undo, &json!({})))?;
    table.add(Cost { what: "undo of the import", budget_ms: None, cpu: cost });
    hub.stop()?;
    Ok(table)
}
