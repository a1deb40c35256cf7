use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use gate::House;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

use super::{
    desk,
    session::{Cover, Session, Step},
    tls::Tls,
};

/// Silence longer than this is the end.
const IDLE: Duration = Duration::from_mins(1);
/// A conversation longer than this is the end, however busy it is.
const LONGEST: Duration = Duration::from_mins(10);
/// Conversations at once, in all and with one address.
const TALKS: usize = 200;
const TALKS_EACH: usize = 20;

/// Takes mail in at this listener, for ever, with a certificate of its own making.
pub async fn serve(house: House, listener: TcpListener) {
    let tls = match Tls::self_signed(&house.settings.mail_domain) {
        Ok(tls) => Some(tls),
        Err(fault) => {
            let error: &dyn std::error::Error = &fault;
            tracing::error!(error, "incoming mail goes without TLS: {fault}");
            None
        }
    };
    serve_with(house, listener, tls).await;
}

/// Takes mail in at this listener, for ever; TLS is offered where there is a certificate.
pub async fn serve_with(house: House, listener: TcpListener, tls: Option<Tls>) {
    let guests = Arc::new(Callers::default());
    loop {
        let (socket, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection for incoming mail was not accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (house, tls) = (house.clone(), tls.clone());
        let place = Callers::enter(&guests, peer.ip());
        tokio::spawn(async move {
            let Some(_place) = place else { return turn_away(socket, &house).await };
            let talk = Talk { house, tls, peer, until: Instant::now() + LONGEST };
            if let Err(error) = talk.hold(socket).await {
                tracing::debug!(%error, %peer, "a conversation broke off");
            }
        });
    }
}

async fn turn_away(mut socket: TcpStream, house: &House) {
    let line =
        format!("421 4.7.0 {} too many connections\r\n", house.settings.mail_domain);
    drop(timeout(Duration::from_secs(5), socket.write_all(line.as_bytes())).await);
}

/// Who is talking to us now.
#[derive(Default)]
struct Callers(Mutex<HashMap<IpAddr, usize>>);

/// A place among them, given back when dropped.
struct Place(Arc<Callers>, IpAddr);

impl Callers {
    fn enter(callers: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let mut now = callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = now.values().sum();
        let its = now.entry(from).or_default();
        if all >= TALKS || *its >= TALKS_EACH {
            return None;
        }
        *its += 1;
        Some(Place(Arc::clone(callers), from))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut now = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(its) = now.get_mut(&self.1) {
            *its -= 1;
            if *its == 0 {
                now.remove(&self.1);
            }
        }
    }
}

struct Talk {
    house: House,
    tls: Option<Tls>,
    peer: SocketAddr,
    until: Instant,
}

/// How one half of a conversation ended.
#[derive(Eq, PartialEq)]
enum End {
    Over,
    StartTls,
}

impl Talk {
    async fn hold(&self, mut socket: TcpStream) -> std::io::Result<()> {
        let cover = if self.tls.is_some() { Cover::Offered } else { Cover::None };
        if self.half(&mut socket, cover).await? == End::Over {
            return socket.shutdown().await;
        }
        let Some(tls) = &self.tls else { return Ok(()) };
        let shaken = timeout(IDLE, tls.0.accept(socket)).await;
        let mut secure = shaken.map_err(|_late| std::io::ErrorKind::TimedOut)??;
        self.half(&mut secure, Cover::Up).await?;
        secure.shutdown().await
    }

    async fn half<S>(&self, socket: &mut S, cover: Cover) -> std::io::Result<End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let settings = &self.house.settings;
        let mut session =
            Session::new(&settings.mail_domain, settings.mail_limit_bytes, cover);
        let mut buffer = vec![0; 16 * 1024];
        loop {
            match session.step() {
                Step::Bytes => {
                    self.flush(socket, &mut session).await?;
                    let patience = IDLE.min(self.until - Instant::now());
                    let Ok(read) = timeout(patience, socket.read(&mut buffer)).await
                    else {
                        session.hang_up("too slow");
                        continue;
                    };
                    let read = read?;
                    if read == 0 {
                        return Ok(End::Over);
                    }
                    session.push(buffer.get(..read).unwrap_or_default());
                }
                Step::Recipient(address) => {
                    session.recipient(desk::recipient(&self.house, &address).await);
                }
                Step::Keep(mail) => {
                    session.kept(desk::keep(&self.house, self.peer, mail).await);
                }
                Step::StartTls => {
                    self.flush(socket, &mut session).await?;
                    return Ok(End::StartTls);
                }
                Step::Close => {
                    self.flush(socket, &mut session).await?;
                    return Ok(End::Over);
                }
            }
        }
    }

    async fn flush<S>(&self, socket: &mut S, session: &mut Session) -> std::io::Result<()>
    where
        S: AsyncWrite + Unpin,
    {
        let said = session.said();
        if said.is_empty() {
            return Ok(());
        }
        let sending = async {
            socket.write_all(&said).await?;
            socket.flush().await
        };
        let sent = timeout(IDLE, sending).await;
        sent.map_err(|_late| std::io::ErrorKind::TimedOut)?
    }
}
