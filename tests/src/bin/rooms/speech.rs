//! The words of each protocol: ours, XMPP's group chat over WebSocket (RFC 7395, XEP-0045), and
//! socket.io's (protocol 5 on Engine.IO 4).

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

/// An open socket.
pub(crate) type Line = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Speech {
    /// `entente.v1.json`.
    Ours,
    /// XMPP; whoever comes is anonymous.
    Xmpp,
    /// socket.io.
    SocketIo,
}

/// What one frame is. Nothing is parsed: the load must cost less than what it measures.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Frame<'f> {
    /// A message in the room, and when it was meant to leave.
    Said { seq: Option<i64>, meant: Option<i64>, is_own: bool },
    /// A message stands.
    Ack { meant: Option<i64> },
    /// A message was refused.
    Refused,
    /// Something that wants this answer.
    Wants(&'f str),
    /// Anything else.
    Other,
}

impl Speech {
    /// Opens a socket.
    pub(crate) async fn connect(self, web: &str) -> Line {
        let (path, protocol) = match self {
            Self::Ours => ("/api/v1/socket", Some("entente.v1.json")),
            Self::Xmpp => ("/xmpp-websocket", Some("xmpp")),
            Self::SocketIo => ("/socket.io/?EIO=4&transport=websocket", None),
        };
        let url = format!("{}{path}", web.replace("http", "ws"));
        let mut request = url.into_client_request().expect("an address");
        if let Some(protocol) = protocol {
            let protocol = protocol.parse().expect("a name");
            request.headers_mut().insert("sec-websocket-protocol", protocol);
        }
        connect_async(request).await.expect("a socket").0
    }

    /// Says who it is, and enters a room without its history. Not for ours, which has cursors.
    pub(crate) async fn enter(self, line: &mut Line, room: &str, nick: &str) {
        match self {
            Self::Ours => {}
            Self::Xmpp => enter_xmpp(line, room, nick).await,
            Self::SocketIo => {
                ask(line, "40", "40{").await;
                ask(line, &format!("420{}", json!(["join", room])), "430[").await;
            }
        }
    }

    /// A message.
    pub(crate) fn say(self, number: u32, room: &str, cid: &str, body: &str) -> Message {
        Message::text(match self {
            Self::Ours => {
                json!({ "t": "send", "id": number, "room": room, "cid": cid, "body": body })
                    .to_string()
            }
            Self::Xmpp => format!(
                "<message xmlns='jabber:client' type='groupchat' id='{cid}' \
                 to='{room}@conference.localhost'><body>{body}</body></message>"
            ),
            Self::SocketIo => {
                let said = json!({ "room": room, "cid": cid, "body": body });
                format!("42{number}{}", json!(["say", said]))
            }
        })
    }

    /// What a frame is.
    pub(crate) fn hear<'f>(self, text: &'f str, nick: &str) -> Frame<'f> {
        match self {
            Self::Ours if text.starts_with("{\"t\":\"ev\"") => Frame::Said {
                seq: number(text, "\"seq\":"),
                meant: number(text, "\"body\":\"@"),
                is_own: false,
            },
            Self::Ours if text.starts_with("{\"t\":\"ack\"") => {
                Frame::Ack { meant: number(text, "\"cid\":\"") }
            }
            Self::Ours if text.starts_with("{\"t\":\"nak\"") => Frame::Refused,
            Self::Xmpp if text.starts_with("<message") && text.contains("<body") => {
                if text.contains("type='error'") || text.contains("type=\"error\"") {
                    return Frame::Refused;
                }
                let is_own = text.contains(&format!("/{nick}'"))
                    || text.contains(&format!("/{nick}\""));
                Frame::Said { seq: None, meant: number(text, ">@"), is_own }
            }
            Self::SocketIo if text == "2" => Frame::Wants("3"),
            Self::SocketIo if text.starts_with("42[\"ev\"") => Frame::Said {
                seq: number(text, "\"seq\":"),
                meant: number(text, "\"body\":\"@"),
                is_own: false,
            },
            Self::SocketIo if text.starts_with("43") => {
                Frame::Ack { meant: number(text, "\"cid\":\"") }
            }
            Self::Ours | Self::Xmpp | Self::SocketIo => Frame::Other,
        }
    }
}

/// Says something, and reads until an answer begins or holds this.
async fn ask(line: &mut Line, words: &str, until: &str) {
    line.send(Message::text(words.to_owned())).await.expect("a socket");
    loop {
        let message = line.next().await.expect("a frame").expect("a frame");
        if let Message::Text(text) = message
            && text.contains(until)
        {
            return;
        }
    }
}

async fn enter_xmpp(line: &mut Line, room: &str, nick: &str) {
    const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
    ask(line, OPEN, "</stream:features>").await;
    let auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
    ask(line, auth, "<success").await;
    ask(line, OPEN, "</stream:features>").await;
    let bind = "<iq xmlns='jabber:client' type='set' id='b'>\
                <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
    ask(line, bind, "<jid>").await;
    let presence = format!(
        "<presence xmlns='jabber:client' to='{room}@conference.localhost/{nick}'>\
         <x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
    );
    // The subject comes last of all that one is told on entering (XEP-0045, 7.2.15).
    ask(line, &presence, "<subject").await;
}

/// The number that follows a mark.
pub(crate) fn number(text: &str, mark: &str) -> Option<i64> {
    let (_, rest) = text.split_once(mark)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}
