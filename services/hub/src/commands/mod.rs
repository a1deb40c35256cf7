//! The command line.

mod admin;
mod backup;
mod doctor;
mod edi;
mod run;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use kernel::Fault;

use crate::{Config, ConfigError, LogFormat};

/// The partner-relationship hub: shared deals, rooms, EDI and mail in one binary.
#[derive(Debug, Parser)]
#[command(name = "entente", version, about)]
struct Cli {
    /// The settings file; `deploy/entente.toml` documents each setting.
    #[arg(long, env = "ENTENTE_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the hub.
    Serve(ServeArgs),
    /// Serve a hub with demo companies in it, on SQLite; prints address and logins.
    Demo(DemoArgs),
    /// Bring the database's schema up to date.
    Migrate,
    /// Check settings, database, files and the audit chains.
    Doctor,
    /// Write a copy of the database (SQLite) and the files into a new folder.
    Backup {
        /// The folder; it must not exist yet.
        folder: PathBuf,
    },
    /// Put a backup in place of an empty data folder.
    Restore {
        /// The folder that `backup` wrote.
        folder: PathBuf,
    },
    /// Add an organisation, or list them.
    #[command(subcommand)]
    Org(admin::OrgCommand),
    /// Add a person, or set a password.
    #[command(subcommand)]
    User(admin::UserCommand),
    /// Read, judge, answer, convert and cut EDI files; no server is needed.
    #[command(subcommand)]
    Edi(edi::EdiCommand),
    /// Print the API's OpenAPI document.
    Openapi,
}

#[derive(Args, Debug)]
struct ServeArgs {
    /// What this process does: any of web,realtime,as2,sftp,mail,jobs.
    #[arg(long)]
    roles: Option<String>,
    /// Print one line of JSON with the addresses once the hub is ready.
    #[arg(long)]
    print_addresses: bool,
}

#[derive(Args, Debug)]
struct DemoArgs {
    /// Where the demo is kept; made and filled if it is not there.
    #[arg(long, default_value = "entente-demo")]
    data: PathBuf,
    /// Print one line of JSON with the addresses once the hub is ready.
    #[arg(long)]
    print_addresses: bool,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// What was asked cannot be done.
    #[error("{0}")]
    Refused(String),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Runs the command that the process was started with. Exit codes: 0 done, 1 failed, 2 usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(dispatch(cli)),
        Err(error) => Err(Fault::new("starting")(error).into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut text = format!("entente: {failure}");
            let mut source = std::error::Error::source(&failure);
            while let Some(cause) = source {
                text = format!("{text}: {cause}");
                source = cause.source();
            }
            drop(writeln!(std::io::stderr(), "{text}"));
            ExitCode::from(if matches!(failure, Failure::Config(_)) { 2 } else { 1 })
        }
    }
}

async fn dispatch(cli: Cli) -> Result<(), Failure> {
    let mut config = settings(cli.config.as_deref())?;
    if matches!(cli.command, Command::Serve(_) | Command::Demo(_)) {
        logs(config.log_format);
    }
    // A process has one provider of TLS; a second call changes nothing.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    match cli.command {
        Command::Serve(args) => {
            if let Some(roles) = args.roles {
                let told = |name| (name == "ENTENTE_ROLES").then(|| roles.clone());
                config.roles = Config::read(None, told)?.roles;
            }
            run::serve(&config, args.print_addresses).await
        }
        Command::Demo(args) => run::demo(config, args.data, args.print_addresses).await,
        Command::Migrate => admin::migrate(&config).await,
        Command::Doctor => doctor::examine(&config).await,
        Command::Backup { folder } => backup::backup(&config, &folder).await,
        Command::Restore { folder } => backup::restore(&config, &folder),
        Command::Org(command) => admin::org(&config, command).await,
        Command::User(command) => admin::user(&config, command).await,
        Command::Edi(command) => edi::run(command),
        Command::Openapi => {
            let json = crate::app::openapi().to_pretty_json();
            say(&json.map_err(Fault::new("writing the OpenAPI document"))?);
            Ok(())
        }
    }
}

fn settings(file: Option<&Path>) -> Result<Config, ConfigError> {
    Config::read(file, |name| std::env::var(name).ok())
}

fn logs(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_unset| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

/// Says something on standard output. A reader that has gone is no failure.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}
