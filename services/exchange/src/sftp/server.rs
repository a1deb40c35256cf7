//! The SSH under it: who gets in, and how often somebody may try.
//!
//! A partner signs in as the id of its mailbox, so that nobody can take another's name, nor learn
//! that it has one. Whoever is refused hears the same, as late, whatever was wrong.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use gate::{House, Password};
use kernel::{Fault, Id, Moment, SftpMailbox};
use russh::{
    Channel, ChannelId, MethodKind, MethodSet,
    keys::PublicKey,
    server::{
        self, Auth, ChannelOpenHandle, Config, Msg, PublicKeyOffer, Session,
        VerifiedPublicKey,
    },
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use super::{Mailbox, SftpSide, folder::Folder, held::Held, keys, sql};

/// The most connections at once.
const LIMIT_CONNECTIONS: usize = 128;
/// The most connections of one address at once.
const LIMIT_OF_ONE: usize = 16;
/// How often one address may be refused within [`FORGOTTEN_AFTER`].
const LIMIT_REFUSALS: u32 = 20;
/// How often one connection may begin with SFTP.
const LIMIT_CHANNELS: usize = 4;
const FORGOTTEN_AFTER: Duration = Duration::from_mins(10);
/// The most addresses that are remembered.
const LIMIT_ADDRESSES: usize = 10_000;
/// How long a partner may be silent.
const PATIENCE: Duration = Duration::from_mins(5);
/// How long it takes to be refused.
const REFUSED_AFTER: Duration = Duration::from_secs(1);
/// Within how long somebody has to be signed in.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(30);

/// Makes the hub's key, at its first start.
///
/// # Errors
/// If it cannot be kept, or opened.
pub async fn prepare(house: &House) -> Result<(), Fault> {
    keys::of_hub(house).await.map(drop)
}

/// Serves mailboxes, for ever.
///
/// # Errors
/// If the hub's key cannot be had.
pub async fn serve(house: House, listener: TcpListener) -> Result<(), Fault> {
    let key = keys::of_hub(&house).await?;
    let config = Arc::new(Config {
        server_id: russh::SshId::Standard("SSH-2.0-Entente".into()),
        methods: MethodSet::from(&[MethodKind::PublicKey, MethodKind::Password][..]),
        auth_rejection_time: REFUSED_AFTER,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![(*key).clone()],
        max_auth_attempts: 6,
        inactivity_timeout: Some(PATIENCE),
        nodelay: true,
        ..Config::default()
    });
    let (room, callers) =
        (Arc::new(Semaphore::new(LIMIT_CONNECTIONS)), Callers::default());
    let held = Held::default();
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return Ok(()) };
        let Some(call) = callers.enter(from.ip(), house.clock.now()) else { continue };
        let partner = Caller::new(house.clone(), call, Arc::clone(&held));
        let config = Arc::clone(&config);
        tokio::spawn(async move {
            talk(config, (stream, from), partner).await;
            drop(permit);
        });
    }
}

async fn talk(
    config: Arc<Config>,
    (stream, from): (TcpStream, SocketAddr),
    partner: Caller,
) {
    let signed_in = Arc::clone(&partner.signed_in);
    let begun =
        tokio::time::timeout(SIGN_IN_WITHIN, server::run_stream(config, stream, partner));
    let Ok(Ok(mut session)) = begun.await else { return };
    let handle = session.handle();
    let late = async {
        tokio::time::sleep(SIGN_IN_WITHIN).await;
        if signed_in.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = &mut session => {
            if let Err(why) = ended {
                tracing::debug!(%from, "an SFTP session ended: {why}");
            }
        }
        () = late => {
            let why = "sign in sooner".to_owned();
            drop(handle.disconnect(russh::Disconnect::ByApplication, why, String::new()).await);
        }
    }
}

/// Who calls from where, and who was refused.
#[derive(Clone, Default)]
struct Callers(Arc<Mutex<HashMap<IpAddr, Known>>>);

#[derive(Default)]
struct Known {
    connections: usize,
    refusals: u32,
    since: Option<Moment>,
}

impl Callers {
    /// Lets a connection in, or does not.
    fn enter(&self, from: IpAddr, now: Moment) -> Option<Call> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= LIMIT_ADDRESSES {
            known.retain(|_, it| it.connections > 0 || !it.is_forgotten(now));
        }
        if known.len() >= LIMIT_ADDRESSES && !known.contains_key(&from) {
            return None;
        }
        let it = known.entry(from).or_default();
        if it.is_forgotten(now) {
            (it.refusals, it.since) = (0, None);
        }
        if it.connections >= LIMIT_OF_ONE || it.refusals >= LIMIT_REFUSALS {
            return None;
        }
        it.connections = it.connections.saturating_add(1);
        Some(Call { callers: self.clone(), from })
    }
}

impl Known {
    fn is_forgotten(&self, now: Moment) -> bool {
        self.since.is_none_or(|since| since + FORGOTTEN_AFTER < now)
    }
}

/// One connection, counted for as long as it lasts.
struct Call {
    callers: Callers,
    from: IpAddr,
}

impl Call {
    fn refused(&self, now: Moment) {
        let mut known = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = known.get_mut(&self.from) {
            it.refusals = it.refusals.saturating_add(1);
            it.since.get_or_insert(now);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let mut known = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = known.get_mut(&self.from) {
            it.connections = it.connections.saturating_sub(1);
            if it.connections == 0 && it.refusals == 0 {
                known.remove(&self.from);
            }
        }
    }
}

/// Somebody who calls: a partner, once it has signed in.
struct Caller {
    house: House,
    call: Call,
    held: Held,
    mailbox: Option<Mailbox>,
    signed_in: Arc<AtomicBool>,
    channel: Option<Channel<Msg>>,
    channels: usize,
}

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error(transparent)]
    Wire(#[from] russh::Error),
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Caller {
    fn new(house: House, call: Call, held: Held) -> Self {
        let signed_in = Arc::default();
        Self { house, call, held, mailbox: None, signed_in, channel: None, channels: 0 }
    }

    /// The mailbox of this name, if it is served here.
    async fn named(&self, user: &str) -> Result<Option<Mailbox>, Fault> {
        // A name that makes no sense is looked for as one that is not there.
        let id = user.parse().unwrap_or_else(|_bad| Id::<SftpMailbox>::mint());
        let mut conn = self.house.db.read().await?;
        let row = sql::door(&mut conn, id).await?;
        drop(conn);
        let mailbox = row.map(Mailbox::try_from).transpose()?;
        Ok(mailbox.filter(|it| matches!(it.side, SftpSide::Ours { .. })))
    }

    async fn by_key(
        &self,
        user: &str,
        key: &PublicKey,
    ) -> Result<Option<Mailbox>, Fault> {
        let mailbox = self.named(user).await?;
        Ok(mailbox.filter(|mailbox| match &mailbox.side {
            SftpSide::Ours { keys: lines } => keys::read(lines)
                .is_ok_and(|keys| keys.iter().any(|it| it.key_data() == key.key_data())),
            SftpSide::Theirs(_) => false,
        }))
    }

    async fn let_in(&mut self, mailbox: Option<Mailbox>) -> Result<Auth, Fault> {
        let now = self.house.clock.now();
        let Some(mailbox) = mailbox else {
            self.call.refused(now);
            return Ok(Auth::reject());
        };
        let mut tx = self.house.db.write().await?;
        sql::seen(&mut tx, mailbox.whose(), now).await?;
        tx.commit().await?;
        tracing::info!(mailbox.id = %mailbox.id, "a partner signed in by SFTP");
        self.mailbox = Some(mailbox);
        self.signed_in.store(true, Ordering::Relaxed);
        Ok(Auth::Accept)
    }
}

impl server::Handler for Caller {
    type Error = Ended;

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Ended> {
        // A program offers each of its keys: that is no try yet.
        let known = self.by_key(user, offer.public_key).await?.is_some();
        Ok(if known { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(
        &mut self,
        user: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Ended> {
        let mailbox = self.by_key(user, key.public_key).await?;
        Ok(self.let_in(mailbox).await?)
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Ended> {
        let mailbox = self.named(user).await?;
        let hash = mailbox.as_ref().and_then(|it| it.row.password.clone());
        let matches = match Password::try_from(password.to_owned()) {
            Ok(password) => password.matches(hash).await?,
            Err(_short) => false,
        };
        Ok(self.let_in(mailbox.filter(|_| matches)).await?)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Ended> {
        // For SFTP alone: there is no shell, and no way through.
        let free = self.channel.is_none() && self.channels < LIMIT_CHANNELS;
        if self.mailbox.is_some() && free {
            self.channel = Some(channel);
            self.channels = self.channels.saturating_add(1);
            reply.accept().await;
        }
        Ok(())
    }

    async fn channel_eof(
        &mut self,
        channel: ChannelId,
        session: &mut Session,
    ) -> Result<(), Ended> {
        Ok(session.close(channel)?)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Ended> {
        let (Some(mailbox), "sftp") = (&self.mailbox, name) else {
            return Ok(session.channel_failure(channel)?);
        };
        let Some(open) = self.channel.take() else {
            return Ok(session.channel_failure(channel)?);
        };
        session.channel_success(channel)?;
        let folder =
            Folder::new(self.house.clone(), mailbox.clone(), Arc::clone(&self.held));
        russh_sftp::server::run(open.into_stream(), folder).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::Moment;

    use super::{Callers, LIMIT_OF_ONE, LIMIT_REFUSALS};

    #[test]
    fn whoever_is_refused_too_often_is_not_let_in_for_a_while() {
        let callers = Callers::default();
        let (from, at) = ("192.0.2.1".parse().unwrap(), |minutes: i64| {
            Moment::from_micros(minutes * 60_000_000)
        });
        let call = callers.enter(from, at(1)).unwrap();
        for _ in 0..LIMIT_REFUSALS {
            call.refused(at(1));
        }
        drop(call);

        assert!(callers.enter(from, at(2)).is_none());
        assert!(callers.enter("192.0.2.2".parse().unwrap(), at(2)).is_some());
        assert!(callers.enter(from, at(12)).is_some());
    }

    #[test]
    fn one_address_has_so_many_connections_and_no_more() {
        let (callers, now) = (Callers::default(), Moment::from_micros(1));
        let from = "192.0.2.1".parse().unwrap();
        let mut calls: Vec<_> =
            (0..LIMIT_OF_ONE).map(|_| callers.enter(from, now).unwrap()).collect();

        assert!(callers.enter(from, now).is_none());
        calls.pop();
        assert!(callers.enter(from, now).is_some());
    }
}
