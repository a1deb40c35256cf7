//! Listening, working, and going down in good order.

use std::{
    future::Future,
    net::{SocketAddr, ToSocketAddrs},
    pin::Pin,
    time::Duration,
};

use gate::House;
use kernel::{Clock, Fault};
use metrics_exporter_prometheus::PrometheusBuilder;
use rooms::Live;
use serde::Serialize;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::{Config, Role, app};

/// How long requests in hand may take to finish once the hub goes down.
const DRAIN: Duration = Duration::from_secs(10);
/// How much the kernel may hold for one connection, in bytes.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;

/// Where the hub listens.
#[derive(Clone, Debug, Serialize)]
pub struct Addresses {
    /// The web and the API.
    pub web: String,
    /// AS2; null where this node does not serve it.
    pub as2: Option<String>,
    /// Mailboxes by SFTP.
    pub sftp: Option<String>,
    /// Incoming mail.
    pub smtp: Option<String>,
}

/// A hub that is up.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addresses: Addresses,
    /// What its handlers use.
    pub house: House,
    /// The sockets.
    pub live: Live,
    stop: watch::Sender<bool>,
    web: JoinHandle<()>,
    workers: JoinSet<()>,
}

type Endless = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Opens the house, binds the listeners, starts the workers.
///
/// # Errors
/// If something that the settings name cannot be opened, or an address cannot be bound.
pub async fn start(config: &Config, clock: Clock) -> Result<Running, Fault> {
    let listener = listen(&config.listen)
        .map_err(Fault::new(format!("listening on {}", config.listen)))?;
    let here = listener.local_addr().map_err(Fault::new("reading our address"))?;
    let web = format!("http://{here}");
    let public = config.public_url.clone().unwrap_or_else(|| web.clone());
    let as2 = listen_as2(config).await?;
    let as2_url = match (&config.as2_public_url, &as2) {
        (Some(told), _) => told.clone(),
        (None, Some((_, here))) => here.clone(),
        (None, None) => format!("http://{}/as2", config.as2_listen),
    };
    let mailboxes = listen_sftp(config).await?;
    let here = mailboxes.as_ref().map_or(config.sftp_listen.as_str(), |(_, here)| here);
    let sftp_address = config.sftp_public_address.as_deref().unwrap_or(here);
    let house = crate::house(config, (&public, &as2_url, sftp_address), clock).await?;
    let live = Live::new();
    house.db.bus().set_barrier(live.barrier());
    house.db.join().await?;
    let (stop, stopping) = watch::channel(false);
    let mut workers = JoinSet::new();
    let mail = start_mail(config, &house, &mut workers).await?;
    let as2 = as2.map(|(listener, here)| {
        workers.spawn(crate::as2::serve(house.clone(), listener));
        here
    });
    let sftp = match mailboxes {
        Some((listener, here)) => {
            exchange::sftp::prepare(&house).await?;
            workers.spawn(serve_sftp(house.clone(), listener));
            Some(here)
        }
        None => None,
    };
    start_workers(config, &house, &live, &mut workers);
    let metrics = PrometheusBuilder::new().install_recorder().ok();
    let router = app::router(&house, &live, config.body_limit_bytes, metrics);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let web_task = tokio::spawn(async move {
        let stopped = async move {
            let mut stopping = stopping;
            drop(stopping.wait_for(|stop| *stop).await);
        };
        let served = axum::serve(listener, service).with_graceful_shutdown(stopped).await;
        if let Err(error) = served {
            tracing::error!(%error, "the web listener ended");
        }
    });
    let addresses = Addresses { web, as2, sftp, smtp: mail };
    Ok(Running { addresses, house, live, stop, web: web_task, workers })
}

/// Binds the web's address. The kernel may hold little for a reader that stalls: what waits
/// for it is counted, and bounded, by us.
fn listen(address: &str) -> std::io::Result<TcpListener> {
    let address =
        address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::InvalidInput)?;
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(1024)
}

async fn start_mail(
    config: &Config,
    house: &House,
    workers: &mut JoinSet<()>,
) -> Result<Option<String>, Fault> {
    if !config.does(Role::Mail) {
        return Ok(None);
    }
    let address = &config.smtp_listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(Fault::new(format!("listening on {address} for mail")))?;
    let here = listener.local_addr().map_err(Fault::new("reading our address"))?;
    let house = house.clone();
    workers.spawn(mail::serve(house, listener));
    Ok(Some(here.to_string()))
}

/// Binds the address of AS2, if this process serves it, and gives it as partners call it.
async fn listen_as2(config: &Config) -> Result<Option<(TcpListener, String)>, Fault> {
    if !config.does(Role::As2) {
        return Ok(None);
    }
    let address = &config.as2_listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(Fault::new(format!("listening on {address} for AS2")))?;
    let here = listener.local_addr().map_err(Fault::new("reading our address"))?;
    Ok(Some((listener, format!("http://{here}/as2"))))
}

/// Binds the address of SFTP, if this process serves it.
async fn listen_sftp(config: &Config) -> Result<Option<(TcpListener, String)>, Fault> {
    if !config.does(Role::Sftp) {
        return Ok(None);
    }
    let address = &config.sftp_listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(Fault::new(format!("listening on {address} for SFTP")))?;
    let here = listener.local_addr().map_err(Fault::new("reading our address"))?;
    Ok(Some((listener, here.to_string())))
}

async fn serve_sftp(house: House, listener: TcpListener) {
    if let Err(fault) = exchange::sftp::serve(house, listener).await {
        let error = &fault as &dyn std::error::Error;
        tracing::error!(error, "the SFTP listener ended: {fault}");
    }
}

fn start_workers(config: &Config, house: &House, live: &Live, workers: &mut JoinSet<()>) {
    for (name, _) in all_jobs(house, live, config) {
        let (house, live, config) = (house.clone(), live.clone(), config.clone());
        workers.spawn(supervise(name, move || {
            all_jobs(&house, &live, &config).into_iter().find(|(it, _)| *it == name)
        }));
    }
}

/// Every endless job of this process. Sockets and messages need theirs whatever its roles.
fn all_jobs(house: &House, live: &Live, config: &Config) -> Vec<(&'static str, Endless)> {
    let mut jobs = rooms::jobs(house, live);
    jobs.push(("store.lease", Box::pin(store::cluster::keep(house.db.clone()))));
    if config.does(Role::Jobs) {
        jobs.extend(directory::jobs(house));
        jobs.extend(sharing::jobs(house));
        jobs.extend(crm::jobs(house));
        jobs.extend(commerce::jobs(house));
        jobs.extend(exchange::jobs(house, config.drop_folder.clone()));
        jobs.extend(campaigns::jobs(house));
        jobs.extend(mail::jobs(house));
    }
    jobs
}

/// Starts a job again when it ends or panics, a second later.
async fn supervise(
    name: &'static str,
    make: impl Fn() -> Option<(&'static str, Endless)> + Send + 'static,
) {
    while let Some((_, job)) = make() {
        // In a set, so that the job goes down with its supervisor.
        let mut running = JoinSet::new();
        running.spawn(job);
        match running.join_next().await {
            Some(Ok(())) | None => {
                tracing::error!("the worker `{name}` ended; starting it again");
            }
            Some(Err(error)) if error.is_cancelled() => return,
            Some(Err(error)) => {
                tracing::error!(%error, "the worker `{name}` panicked; starting it again");
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

impl Running {
    /// Goes down: sockets are told to come back, requests in hand finish, workers stop.
    pub async fn drain(mut self) {
        self.live.drain(&self.house, DRAIN).await;
        // Nobody listens only if the web task is gone already.
        let _gone = self.stop.send(true);
        if tokio::time::timeout(DRAIN, &mut self.web).await.is_err() {
            tracing::warn!("requests were still in hand after {DRAIN:?}");
            self.web.abort();
        }
        self.workers.shutdown().await;
        self.house.db.leave().await;
        // A statement that nobody waits for any more may still run.
        drop(tokio::time::timeout(DRAIN, self.house.db.close()).await);
    }
}

/// Resolves when the process is asked to end: SIGTERM or Ctrl-C.
pub async fn asked_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    drop(interrupted.await);
}
