//! What must hold for every text and every frame.

use proptest::{collection::vec, option, prelude::*};
use wire::{
    Ack, Auth, Broken, ClientFrame, Cursor, Edit, Event, Hello, Marked, Mode, Nak,
    Number, Pin, React, Redact, Said, ServerFrame, Sub, Subd, Unsub, read,
};

const MAX: i64 = 9_007_199_254_740_991;

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

fn seq() -> impl Strategy<Value = i64> {
    0..=MAX
}

fn client() -> impl Strategy<Value = ClientFrame> {
    let id = || option::of(any::<u64>());
    let room = || (id(), text()).prop_map(|(id, room)| Unsub { id, room });
    let cursor = (text(), seq()).prop_map(|(epoch, seq)| Cursor { epoch, seq });
    prop_oneof![
        (id(), option::of(text()), any::<u32>(), vec(text(), 0..3)).prop_map(
            |(id, token, v, caps)| ClientFrame::Hello(Hello { id, token, v, caps })
        ),
        (id(), text(), option::of(cursor), option::of(any::<u32>())).prop_map(
            |(id, room, cursor, limit)| ClientFrame::Sub(Sub { id, room, cursor, limit })
        ),
        room().prop_map(ClientFrame::Unsub),
        room().prop_map(ClientFrame::Typing),
        (id(), text(), text(), text(), option::of(seq()), vec(text(), 0..3)).prop_map(
            |(id, room, cid, body, reply_to, attach)| {
                ClientFrame::Send(Said { id, room, cid, body, reply_to, attach })
            }
        ),
        (id(), text(), text(), seq(), text()).prop_map(
            |(id, room, cid, target, body)| {
                ClientFrame::Edit(Edit { id, room, cid, target, body })
            }
        ),
        (id(), text(), text(), seq()).prop_map(|(id, room, cid, target)| {
            ClientFrame::Redact(Redact { id, room, cid, target })
        }),
        (id(), text(), text(), seq(), text(), any::<bool>()).prop_map(
            |(id, room, cid, target, emoji, on)| {
                ClientFrame::React(React { id, room, cid, target, emoji, on })
            }
        ),
        (id(), text(), text(), seq(), any::<bool>()).prop_map(
            |(id, room, cid, target, on)| {
                ClientFrame::Pin(Pin { id, room, cid, target, on })
            }
        ),
        (text(), seq()).prop_map(|(room, seq)| ClientFrame::Read(Marked { room, seq })),
        (id(), text()).prop_map(|(id, token)| ClientFrame::Auth(Auth { id, token })),
        id().prop_map(|n| ClientFrame::Ping(Number { n })),
        id().prop_map(|n| ClientFrame::Pong(Number { n })),
    ]
}

fn server() -> impl Strategy<Value = ServerFrame> {
    let id = || option::of(any::<u64>());
    let mode = prop_oneof![Just(Mode::Live), Just(Mode::Replay), Just(Mode::Gap)];
    prop_oneof![
        (id(), text(), text(), seq(), seq(), mode).prop_map(
            |(id, room, epoch, head, from, mode)| {
                ServerFrame::Subd(Subd { id, room, epoch, head, from, mode })
            }
        ),
        (text(), seq(), text(), option::of(text())).prop_map(|(room, seq, body, cid)| {
            let kind = "msg".to_owned();
            ServerFrame::Ev(Event {
                room,
                seq,
                kind,
                cid,
                body: Some(body),
                ..Event::default()
            })
        }),
        (id(), text(), text(), seq(), any::<bool>()).prop_map(
            |(id, cid, room, seq, dup)| {
                ServerFrame::Ack(Ack { id, cid, room, seq, at: 7, dup })
            }
        ),
        (id(), option::of(text()), text()).prop_map(|(id, cid, code)| {
            ServerFrame::Nak(Nak { id, cid, room: None, code, retry: Some(9) })
        }),
    ]
}

proptest! {
    #[test]
    fn property_no_text_makes_the_reader_panic(text in any::<String>()) {
        drop(read(&text));
    }

    #[test]
    fn property_no_almost_frame_makes_the_reader_panic(
        frame in client(),
        cut in any::<proptest::sample::Index>(),
        junk in any::<String>(),
    ) {
        let text = serde_json::to_string(&frame).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let (before, after) = text.split_at(places[cut.index(places.len())]);
        drop(read(&format!("{before}{junk}{after}")));
        drop(read(before));
    }

    #[test]
    fn property_a_client_frame_survives_the_trip(frame in client()) {
        let text = serde_json::to_string(&frame).unwrap();
        prop_assert_eq!(read(&text), Ok(frame));
    }

    #[test]
    fn property_a_server_frame_survives_the_trip(frame in server()) {
        let text = frame.text().unwrap();
        prop_assert_eq!(serde_json::from_str::<ServerFrame>(&text).unwrap(), frame);
    }
}

#[test]
fn the_transcript_reads() {
    let send = r#"{"t":"send","id":3,"room":"deal-17","cid":"0193","body":"Thanks"}"#;
    let said = Said {
        id: Some(3),
        room: "deal-17".to_owned(),
        cid: "0193".to_owned(),
        body: "Thanks".to_owned(),
        ..Said::default()
    };
    assert_eq!(read(send), Ok(ClientFrame::Send(said)));

    let ev = ServerFrame::Ev(serde_json::json!({"room": "r", "seq": 1}));
    assert_eq!(ev.text().unwrap(), r#"{"t":"ev","room":"r","seq":1}"#);
}

#[test]
fn an_unknown_frame_is_told_apart_from_a_broken_one() {
    let unknown = Broken::Unknown { t: "dance".to_owned(), id: Some(4) };
    assert_eq!(read(r#"{"t":"dance","id":4,"x":[1]}"#), Err(unknown));
    assert!(matches!(read(r#"{"id":4}"#), Err(Broken::NotAFrame(_))));
    assert!(matches!(read(r#"["sub"]"#), Err(Broken::NotAFrame(_))));
    assert!(matches!(read(r#"{"t":"sub"}"#), Err(Broken::Field { .. })));
    let negative = r#"{"t":"read","room":"r","seq":-1}"#;
    assert!(matches!(read(negative), Err(Broken::Field { .. })));
}

#[test]
fn a_frame_may_be_neither_long_nor_deep() {
    let deep = format!(r#"{{"t":"ping","x":{}{}}}"#, "[".repeat(15), "]".repeat(15));
    assert!(read(&deep).is_ok());
    let deeper = format!(r#"{{"t":"ping","x":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    assert!(matches!(read(&deeper), Err(Broken::TooDeep(_))));
    let long = format!(r#"{{"t":"ping","x":"{}"}}"#, "a".repeat(wire::MAX_FRAME_BYTES));
    assert!(matches!(read(&long), Err(Broken::TooBig(_))));
}
