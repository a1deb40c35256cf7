//! A name server on loopback that knows only TXT records (RFC 1035 § 4). It keeps silent about
//! silent.test and all below.

use std::{collections::HashMap, net::SocketAddr};

use tokio::net::UdpSocket;

/// Starts it; it answers until the test ends.
pub(crate) async fn serve(records: &[(&str, &str)]) -> SocketAddr {
    let records: HashMap<String, String> = records
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut asked = vec![0; 1500];
        loop {
            let (length, peer) = socket.recv_from(&mut asked).await.unwrap();
            if let Some(answer) = answer(&records, &asked[..length]) {
                socket.send_to(&answer, peer).await.unwrap();
            }
        }
    });
    address
}

fn answer(records: &HashMap<String, String>, asked: &[u8]) -> Option<Vec<u8>> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while asked[at] != 0 {
        let end = at + 1 + usize::from(asked[at]);
        labels.push(String::from_utf8_lossy(&asked[at + 1..end]).to_lowercase());
        at = end;
    }
    if labels.ends_with(&["silent".to_owned(), "test".to_owned()]) {
        return None;
    }
    let question = &asked[12..at + 5];
    let is_text = question[question.len() - 3] == 16;
    let text = records.get(&labels.join(".")).filter(|_| is_text);
    let mut said = asked[..2].to_vec();
    // A response that is authoritative; "no such name" where there is none.
    said.extend([0x85, if text.is_some() { 0x80 } else { 0x83 }, 0, 1, 0]);
    said.extend([u8::from(text.is_some()), 0, 0, 0, 0]);
    said.extend(question);
    if let Some(text) = text {
        let parts: Vec<&[u8]> = text.as_bytes().chunks(255).collect();
        let length = text.len() + parts.len();
        said.extend([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        said.extend(u16::try_from(length).unwrap().to_be_bytes());
        for part in parts {
            said.push(u8::try_from(part.len()).unwrap());
            said.extend(part);
        }
    }
    Some(said)
}
