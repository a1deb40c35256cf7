//! The servers that tests need beside the hub, on free ports of the loopback address.

mod demo;
mod nats;
mod postgres;

use std::{io::stdin, process::Command};

pub(crate) use demo::Demo;

use crate::{
    failure::{Failure, While},
    house,
    process::{self, Folder, Service},
    tools::{Need, Tools, on_path},
};

/// A PostgreSQL and a nats-server for one run of the tests; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Peers {
    variables: Vec<(&'static str, String)>,
    // In this order they are dropped: the servers before the folder with their files.
    _servers: Vec<Service>,
    _folder: Folder,
}

impl Peers {
    /// Starts those whose programs are there.
    ///
    /// # Errors
    /// A server that does not come up.
    pub(crate) fn start(tools: &Tools) -> Result<Self, Failure> {
        let folder = Folder::new("peers")?;
        let mut servers = Vec::new();
        let mut variables = Vec::new();
        if let Some(programs) = &tools.postgres {
            let (server, url) = postgres::start(programs, folder.path())?;
            servers.push(server);
            variables.push(("ENTENTE_TEST_POSTGRES", url));
        }
        if let Some(program) = &tools.nats {
            let (server, url) = nats::start(program, folder.path())?;
            servers.push(server);
            variables.push(("ENTENTE_TEST_NATS", url));
        }
        if let Some(python) = &tools.python {
            variables.push(("ENTENTE_TEST_PYTHON", python.display().to_string()));
        }
        if let Some(program) = &tools.edifact_rs {
            variables.push(("ENTENTE_TEST_EDIFACT_RS", program.display().to_string()));
        }
        // Named even where they are missing: the tests that need them fail then.
        variables.push(("ENTENTE_TEST_JAVA", program("java")));
        variables.push(("ENTENTE_TEST_SSHD", program("sshd")));
        for (name, value) in &variables {
            println!("{name}={value}");
        }
        Ok(Self { variables, _servers: servers, _folder: folder })
    }

    /// Tells a program where they are.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

fn program(name: &str) -> String {
    on_path(name).map_or_else(|| name.to_owned(), |path| path.display().to_string())
}

/// Starts them for a person, until Enter is pressed; with `edi`, shows the samples to other readers.
///
/// # Errors
/// Another word on the command line, or a server that does not come up.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => serve(),
        ["edi"] => edi(),
        _ => Err(Failure::usage("peers takes nothing, or edi")),
    }
}

/// One table: what we say of each sample, beside what others say.
fn edi() -> Result<(), Failure> {
    let tools = Tools::gather(&[Need::Python, Need::EdifactRs])?;
    let (Some(python), Some(reader)) = (&tools.python, &tools.edifact_rs) else {
        return Err(Failure::new(tools.missing.join("; ")));
    };
    process::run(&mut house::cargo(&["build", "--package", "hub", "--bin", "entente"]))?;
    let mut table = Command::new(python);
    table.arg(house::root().join("tests/peers/edi/oracles.py"));
    process::run(table.arg(house::binary("debug")).arg(reader))
}

fn serve() -> Result<(), Failure> {
    let tools = Tools::gather(&[Need::Postgres, Need::Nats, Need::Python])?;
    let peers = Peers::start(&tools)?;
    println!("They stop when Enter is pressed.");
    stdin().read_line(&mut String::new()).while_doing("waiting for Enter")?;
    drop(peers);
    Ok(())
}
