//! `serve` and `demo`.

use std::path::PathBuf;

use kernel::{Clock, Fault};

use super::{Failure, say};
use crate::{
    Config, demo,
    serve::{Running, asked_to_end, start},
};

/// Serves until asked to end.
pub(super) async fn serve(config: &Config, print_addresses: bool) -> Result<(), Failure> {
    let running = start(config, Clock::system()).await?;
    if print_addresses {
        print(&running)?;
    }
    tracing::info!("serving at {}", running.addresses.web);
    asked_to_end().await;
    tracing::info!("going down");
    running.drain().await;
    Ok(())
}

/// Fills a fresh folder with demo companies, and serves it.
pub(super) async fn demo(
    mut config: Config,
    data: PathBuf,
    print_addresses: bool,
) -> Result<(), Failure> {
    config.data_dir = data;
    config.database_url = None;
    // It is there to be tried out, with stations on this machine.
    config.as2_private_networks = true;
    let fresh = !config.data_dir.join("entente.db").exists();
    if fresh {
        tracing::info!("making the demo companies in `{}`", config.data_dir.display());
        demo::build(&config).await?;
    }
    let running = start(&config, Clock::system()).await?;
    if print_addresses {
        print(&running)?;
    } else {
        say(&demo::greeting(&running.addresses));
    }
    asked_to_end().await;
    running.drain().await;
    Ok(())
}

fn print(running: &Running) -> Result<(), Fault> {
    let line = serde_json::to_string(&running.addresses);
    say(&line.map_err(Fault::new("writing the addresses"))?);
    Ok(())
}
