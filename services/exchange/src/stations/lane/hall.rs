//! Where the lane is played: a database, files and listeners that live for one run.

use std::{future::Future, path::PathBuf, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use directory::organisations::{self, Identifier, Scheme};
use gate::{Action, House, Permit, Settings};
use kernel::{As2Message, Fault, Id, Node, Organisation};
use store::{Bus, Db, Files};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{
    super::{
        ManageStation, Refusal, Station, Terms, import_key, inbound,
        partners::{self, TradingPartnerForm},
        set_up,
        wire::{self, Told},
    },
    papers::PARTNER,
    peer::{self, Manner, Peer},
};
use crate::drop_folder::DropFolder;

/// For so long something is waited for.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(40);

/// What stands in for an EDI id that the organisation does not have.
const NAMELESS: &str = "ZZ:ENTENTELANEOWN";

/// How the folder of a hall begins.
const FOLDER: &str = "lane-";
/// A hall that is so old was left behind by a process that was killed.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(1);

/// A hall, with the organisation's station and the partner in it.
pub(super) struct Hall {
    pub(super) house: House,
    pub(super) seller: Id<Organisation>,
    /// The EDI id and the AS2 name of the station's organisation.
    pub(super) own: String,
    name: String,
    url: String,
    pub(super) peer: Arc<Peer>,
    folder: PathBuf,
    work: Vec<JoinHandle<()>>,
}

/// A permit to do in the hall what its people would do.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody lives in the hall; who plays was asked for a permit of the same name"
)]
pub(super) fn permit<A: Action>(organisation: Id<Organisation>) -> Permit<A> {
    Permit::for_system(organisation)
}

fn failed(what: &'static str) -> impl FnOnce(std::io::Error) -> Fault {
    Fault::new(what)
}

async fn listener() -> Result<(TcpListener, String), Fault> {
    let doing = "opening a listener of the test lane";
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed(doing))?;
    let address = listener.local_addr().map_err(failed(doing))?;
    Ok((listener, format!("http://{address}/as2")))
}

fn serve(listener: TcpListener, router: axum::Router) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(error = &error as &dyn std::error::Error, "the test lane");
        }
    })
}

/// A key and its certificate in one file, as they are imported.
fn pem(identity: &as2::Identity) -> String {
    let key = STANDARD.encode(identity.pkcs8());
    let certificate = identity.certificate().pem();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n{certificate}"
    )
}

impl Hall {
    /// Opens one for a run: the organisation's station, as it is, and a partner who receipts in a
    /// manner.
    ///
    /// # Errors
    /// [`Refusal::NoStation`]; ours.
    pub(super) async fn open(
        house: &House,
        organisation: Id<Organisation>,
        manner: Manner,
    ) -> Result<Self, Refusal> {
        let mut conn = house.db.read().await?;
        let station = super::super::station(house, &mut conn, organisation).await?;
        let station = station.ok_or(Refusal::NoStation)?;
        let names = organisations::identifiers(&mut conn, organisation).await?;
        drop(conn);
        let isa = names.into_iter().find(|(scheme, _)| scheme == Scheme::Isa.word());
        let own = isa.map_or_else(|| NAMELESS.to_owned(), |(_, name)| name);
        let folder = Folder::beside(&house.files)?;
        let (at, url) = listener().await?;
        let inner = build(house, &folder.0, &url).await?;
        let seller = company(&inner, &own).await?;
        let certificate = settle(&inner, seller, &station).await?;
        let now = house.clock.now().micros() / 1_000_000;
        let peer = Arc::new(Peer::new(certificate, manner, now).await?);
        let (partners_at, partners_url) = listener().await?;
        let form = TradingPartnerForm {
            name: peer::NAME.to_owned(),
            identifier: PARTNER.to_owned(),
            further: Vec::new(),
            url: partners_url,
            certificates: peer.identity.certificate().pem(),
            terms: Terms { later: manner == Manner::Late, ..Terms::default() },
        };
        partners::set_partner(&inner, &permit(seller), form).await?;
        let work = vec![
            serve(at, inbound::listener_routes(&inner)),
            serve(partners_at, peer.routes()),
            tokio::spawn(crate::judging(inner.clone())),
            tokio::spawn(crate::delivering(
                inner.clone(),
                DropFolder::beside(&inner.files),
            )),
        ];
        let url = format!("{url}/{seller}");
        let name = station.name.as_str().to_owned();
        let folder = folder.keep();
        Ok(Self { house: inner, seller, own, name, url, peer, folder, work })
    }

    /// Posts what the partner makes to the station, over HTTP.
    ///
    /// # Errors
    /// Ours: nobody listens.
    pub(super) async fn post(
        &self,
        fields: &[(String, String)],
        body: &[u8],
    ) -> Result<Told, Fault> {
        let to = as2::Name::new(&self.name).map(|name| name.header());
        let to = to.map_err(Fault::new("naming the station of the test lane"))?;
        let mut whole = format!("AS2-From: \"{}\"\r\nAS2-To: {to}\r\n", peer::NAME);
        for (name, value) in fields {
            whole.extend([name, ": ", value, "\r\n"]);
        }
        let mut whole = (whole + "\r\n").into_bytes();
        whole.extend_from_slice(body);
        let told = wire::post(&self.house, &self.url, &whole).await;
        let doing = Fault::new("calling the station of the test lane");
        told.map_err(std::io::Error::other).map_err(doing)
    }

    /// A Message-ID that nothing else has.
    pub(super) fn message_id() -> String {
        format!("<{}@test-lane.invalid>", Id::<As2Message>::mint())
    }

    /// Ends it: nothing of it is left.
    pub(super) async fn close(mut self) {
        for work in self.work.drain(..) {
            work.abort();
        }
        self.house.db.close().await;
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        for work in &self.work {
            work.abort();
        }
        sweep(&self.folder);
    }
}

fn sweep(folder: &std::path::Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a hall was left behind"
        );
    }
}

/// Takes away the halls of runs that were killed: those that are older than an hour.
fn forgotten(beside: Option<&std::path::Path>) {
    let entries = beside.and_then(|folder| folder.read_dir().ok());
    for entry in entries.into_iter().flatten().flatten() {
        let is_hall = entry.file_name().to_string_lossy().starts_with(FOLDER);
        let age = entry.metadata().and_then(|it| it.modified()).map(|it| it.elapsed());
        if is_hall && matches!(age, Ok(Ok(age)) if age > FORGOTTEN_AFTER) {
            sweep(&entry.path());
        }
    }
}

/// A folder that is swept unless it is kept: what fails half way leaves nothing.
struct Folder(PathBuf);

impl Folder {
    fn beside(files: &Files) -> Result<Self, Fault> {
        let doing = "making the hall of the test lane";
        let name = format!("{FOLDER}{}", Id::<Node>::mint());
        let folder = files.folder().with_file_name(name);
        forgotten(folder.parent());
        std::fs::create_dir_all(&folder).map_err(failed(doing))?;
        Ok(Self(folder))
    }

    fn keep(mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            sweep(&self.0);
        }
    }
}

/// A house of its own: its secret is the hub's, for what is sealed; nothing else is shared.
async fn build(
    house: &House,
    folder: &std::path::Path,
    url: &str,
) -> Result<House, Fault> {
    let file = folder.join("hall.db");
    let db = Db::open(&format!("sqlite:{}", file.display()), Bus::local()).await?;
    db.migrate().await?;
    let settings = Settings {
        as2_url: url.to_owned(),
        as2_private_networks: true,
        smtp_relay: None,
        ..Settings::clone(&house.settings)
    };
    Ok(House {
        db,
        files: Files::at(folder.join("files")),
        clock: house.clock.clone(),
        settings: Arc::new(settings),
        actions: house.actions,
    })
}

/// The organisation, by its EDI id alone.
async fn company(house: &House, own: &str) -> Result<Id<Organisation>, Fault> {
    let doing = "making the organisation of the test lane";
    let domain = "test-lane.invalid".parse();
    let domain = domain.map_err(|_never| Fault::broken(doing, "its domain"))?;
    let name = Identifier::new(Scheme::Isa, own).map_err(Fault::new(doing))?;
    let mut tx = house.db.write().await?;
    let made =
        organisations::create(&mut tx, "Test lane", &domain, false, house.clock.now());
    let seller = made.await.map_err(Fault::new(doing))?;
    let named = organisations::identify(&mut tx, seller, &[name]).await;
    named.map_err(Fault::new(doing))?;
    tx.commit().await?;
    Ok(seller)
}

/// The station, with the keys of the real one; gives the certificate that it signs with.
async fn settle(
    house: &House,
    seller: Id<Organisation>,
    station: &Station,
) -> Result<as2::Certificate, Refusal> {
    let own = permit::<ManageStation>(seller);
    set_up(house, &own, station.name.as_str()).await?;
    for identity in station.identities.iter().rev() {
        import_key(house, &own, (pem(identity).as_bytes(), "")).await?;
    }
    let newest = station.identities.first().ok_or(Refusal::NoStation)?;
    Ok(newest.certificate().clone())
}

/// Looks until there is something, or patience ends.
pub(super) async fn until<T, F>(mut look: impl FnMut() -> F) -> Result<Option<T>, Fault>
where
    F: Future<Output = Result<Option<T>, Fault>>,
{
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(Some(found));
        }
        if tokio::time::Instant::now() >= end {
            return Ok(None);
        }
        tokio::time::sleep(LOOK).await;
    }
}
