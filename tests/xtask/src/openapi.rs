//! `cargo xtask openapi`: what the server says of its API, and the UI's types made from it.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    failure::{Failure, While},
    house, process, stamp,
    tools::{Need, Node, Tools},
};

/// The generator needs TypeScript 5, the UI is checked by a later one: it has its own folder.
const GENERATOR: &str = r#"{
  "private": true,
  "dependencies": { "openapi-typescript": "7.13.0", "typescript": "5.9.3" }
}
"#;

/// The document, beside the UI's sources.
const DOCUMENT: &str = "src/api/openapi.json";
/// The types made from it.
const TYPES: &str = "src/api/schema.d.ts";

/// Writes both, or with `--check` only tells whether they are those of the server.
///
/// # Errors
/// The server or the generator fails; with `--check`, a file that is out of date.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let is_check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err(Failure::usage("openapi takes --check and nothing else")),
    };
    process::run(&mut house::cargo(&["build", "--workspace", "--bins"]))?;
    if is_check {
        return check();
    }
    let document = house::ui().join(DOCUMENT);
    write(&document, &described()?)?;
    let tools = Tools::gather(&[Need::Node])?;
    generate(tools.node()?, &document, &house::ui().join(TYPES))
}

/// Whether there is a committed document to check.
pub(crate) fn is_committed() -> bool {
    house::ui().join(DOCUMENT).is_file()
}

/// Whether the committed document is the one that the built server gives.
///
/// # Errors
/// It is not, or the server gives none.
pub(crate) fn check() -> Result<(), Failure> {
    let document = house::ui().join(DOCUMENT);
    let committed = fs::read_to_string(&document).while_doing(document.display())?;
    if committed == described()? {
        println!("{DOCUMENT} is what the server says");
        return Ok(());
    }
    Err(Failure::new(format!("{DOCUMENT} is out of date: run `cargo xtask openapi`")))
}

fn described() -> Result<String, Failure> {
    let document = process::output(Command::new(house::binary("debug")).arg("openapi"))?;
    if document.trim_start().starts_with('{') {
        return Ok(format!("{}\n", document.trim_end()));
    }
    Err(Failure::new("`entente openapi` gave no JSON object"))
}

fn generate(node: &Node, document: &Path, types: &Path) -> Result<(), Failure> {
    let folder = house::tools().join("openapi-typescript");
    write(&folder.join("package.json"), GENERATOR)?;
    let program = folder.join("node_modules/openapi-typescript/bin/cli.js");
    let wanted = stamp::digest(&folder.join("package.json"), &[])?;
    stamp::unless_done("openapi-typescript", wanted, program.is_file(), || {
        process::run(&mut node.npm(&folder, &["install", "--no-audit", "--no-fund"]))
    })?;
    let mut generator = Command::new(node.program());
    generator.arg(&program).arg(document).arg("-o").arg(types).stdin(Stdio::null());
    process::run(&mut generator)
}

fn write(place: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).while_doing(folder.display())?;
    }
    fs::write(place, text).while_doing(place.display())
}
