//! What an AS2 message costs on its way through the whole station: HTTP, CMS, the database with
//! its durable commit, the signed receipt; and what a page of an inbox of a million costs.
//!
//! `cargo xtask bench station -- [--messages N] [--inbox N] [--long MB]`. It makes its messages and documents
//! itself, builds and starts the release binary (or the one that `ENTENTE_BENCH_BINARY` names),
//! and counts CPU time, of the hub and of its database together. In the same run it asks openssl
//! for the private-key operations of this machine, of which a message needs two, and pyas2lib
//! (`ENTENTE_TEST_PYTHON`) for its own speed. Nothing passes or fails.

mod inbox;
mod messages;
mod peers;

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use messages::{Kind, Trade};
use suite::bench::{self, Client, Database, Failure, Hub, Millis};

/// How many connections send at once.
const CONNECTIONS: usize = 8;

/// What was asked for.
struct Options {
    messages: u32,
    inbox: usize,
    /// How long the long message is, in MB; none where it is 0.
    long: u32,
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("station: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, Failure> {
    let mut options = Options { messages: 2_000_u32, inbox: 1_000_000, long: 500 };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let number: Option<u32> = given.next().and_then(|text| text.parse().ok());
        match (argument.as_str(), number) {
            ("--messages", Some(number)) => options.messages = number,
            ("--inbox", Some(number)) => options.inbox = number as usize,
            ("--long", Some(number)) => options.long = number,
            _ => {
                return Err(
                    "usage: station [--messages N] [--inbox N] [--long MB]".into()
                );
            }
        }
    }
    Ok(options)
}

fn run(options: &Options) -> Result<(), Failure> {
    let binary = bench::binary()?;
    let trade = Trade::new()?;
    let rate = peers::openssl()?;
    say(&format!("openssl: {rate:.0} private operations (RSA-2048) a second"))?;
    if let Some((made, read)) = peers::pyas2lib(&trade)? {
        say(&format!(
            "pyas2lib: {made:.0}/s signed and encrypted, {read:.0}/s decrypted, verified and receipted"
        ))?;
    }
    measure(&binary, Database::sqlite(), options, (&trade, rate))?;
    match Database::postgres()? {
        Some(database) => measure(&binary, database, options, (&trade, rate))?,
        None => say("PostgreSQL is left out: ENTENTE_TEST_POSTGRES is not set")?,
    }
    say(&format!("openssl at the end: {:.0}/s", peers::openssl()?))
}

fn say(line: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}

fn measure(
    binary: &Path,
    database: Database,
    options: &Options,
    (trade, rate): (&Trade, f64),
) -> Result<(), Failure> {
    say(&format!("\n{}", database.name()))?;
    let mut hub = Hub::start(binary, database)?;
    let mut client = hub.sign_in()?;
    let address = messages::settle(&mut client, trade)?;
    for (kind, what) in [
        (Kind::Plain, "10 KB that is no EDI: taken, kept, receipted"),
        (Kind::Order(3), "an 850 of 3 lines: and judged, applied, its 997 built"),
        (Kind::Order(180), "an 850 of 180 lines (10 KB): the same"),
    ] {
        let requests = messages::make(trade, kind, options.messages as usize)?;
        let before = hub.used()?;
        send(&address, &requests)?;
        await_judgement(&mut client)?;
        let after = hub.used()?;
        let count = f64::from(options.messages);
        let cost = Millis {
            hub: (after.hub - before.hub) / count,
            database: (after.database - before.database) / count,
        };
        let limit = 2_000.0 / rate;
        say(&format!(
            "{what:<58}{:>8.2} ms CPU (hub {:.2}, database {:.2}){:>8.0}/s a core, {:.0} % of the RSA limit",
            cost.all(),
            cost.hub,
            cost.database,
            1e3 / cost.all(),
            limit / cost.all() * 100.0,
        ))?;
    }
    if options.long > 0 {
        let mut requests = messages::make(trade, Kind::Long(options.long as usize), 1)?;
        let (before, peak) = (hub.used()?, hub.peak_mib()?);
        send(&address, &requests)?;
        requests.clear();
        let after = hub.used()?;
        let cost = after.hub - before.hub + after.database - before.database;
        say(&format!(
            "a message of {} MB: {:.0} ms CPU, {:.0} MB a second; memory at most {:.0} MiB ({peak:.0} before)",
            options.long,
            cost,
            f64::from(options.long) * 1e3 / cost,
            hub.peak_mib()?,
        ))?;
    }
    if options.inbox > 0 {
        inbox::fill(&hub, options.inbox)?;
        for (what, path) in inbox::ASKS {
            let cost = hub.cost(300, |_| client.get(path))?;
            say(&format!("{what:<58}{:>8.2} ms CPU (budget 5)", cost.all()))?;
        }
    }
    hub.stop()
}

/// Sends all of them, over some connections at once.
fn send(address: &str, requests: &[messages::Sent]) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let (host, path) = messages::parts(address)?;
    let one = || -> Result<(), Failure> {
        while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
            // The station closes each connection, as it unfolds the headers of one request.
            let mut client = Client::connect(&host, String::new())?;
            let (status, told) =
                client.send(("POST", &path), &request.head, &request.body)?;
            let text = String::from_utf8_lossy(&told);
            if status != 200
                || !text.contains("automatic-action/MDN-sent-automatically; processed")
            {
                return Err(format!("{status}: {text}").into());
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(one)).collect();
        for done in all {
            done.join().map_err(|_panic| "a sender panicked")??;
        }
        Ok(())
    })
}

/// Waits until nothing is left to be judged.
fn await_judgement(client: &mut Client) -> Result<(), Failure> {
    loop {
        let left = client.get("/api/v1/edi/interchanges?state=received&limit=1")?;
        if left["items"].as_array().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
