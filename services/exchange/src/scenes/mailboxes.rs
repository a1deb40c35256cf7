//! Mailboxes that we serve, with OpenSSH's `sftp` as the partner.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use russh::{
    client,
    keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate, load_secret_key},
};
use russh_sftp::client::SftpSession;
use serde_json::{Value, json};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::{
    openssh::{self, Partner},
    stage::{Order, Stage, interchange},
    stations::eventually,
};

/// Serves mailboxes.
pub(super) async fn serve(stage: &Stage) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(crate::sftp::serve(stage.house.clone(), listener));
    at
}

/// Vega's mailbox for Dorn, served by us; gives the name under which Dorn signs in.
async fn mailbox(stage: &Stage, dorn: &Partner) -> String {
    let form = json!({
        "name": "Dorn", "identifier": "ZZ:DORN", "acknowledge_hours": 24,
        "place": { "side": "ours", "keys": [dorn.read("key.pub")] },
    });
    let made = stage.post(stage.vendor, "/sftp/mailboxes", form).await.expect(200);
    made["id"].as_str().unwrap().to_owned()
}

pub(super) async fn files(stage: &Stage) -> Vec<(String, String)> {
    let told = stage.get(stage.vendor, "/sftp/files").await.expect(200);
    let word = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    let items = told["items"].as_array().unwrap();
    items.iter().map(|it| (word(it, "direction"), word(it, "state"))).collect()
}

pub(super) async fn orders(stage: &Stage) -> usize {
    let orders = stage.get(stage.vendor, "/orders").await.expect(200);
    orders["items"].as_array().unwrap().len()
}

pub(super) fn pair(direction: &str, state: &str) -> (String, String) {
    (direction.to_owned(), state.to_owned())
}

pub(super) async fn a_partner_puts_an_order_and_fetches_what_answers_it(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let (at, dorn) = (serve(&stage).await, Partner::new());
    let user = mailbox(&stage, &dorn).await;
    dorn.write("order.edi", Order::default().alone(1));
    let by = (at, user.as_str(), "key");

    // Under a name that is not whole nothing counts; renamed, it does, and once.
    let (done, told) =
        dorn.sftp(by, &["put order.edi in/order.edi.part", "ls -l in"]).await;
    assert!(done && told.contains("order.edi.part"), "{told}");
    assert_eq!(files(&stage).await, []);
    let put = ["put -p order.edi /in/o.part", "rename /in/o.part /in/o.edi", "ls -l /in"];
    let (done, told) = dorn.sftp(by, &put).await;
    assert!(done && told.contains("/in/o.edi"), "{told}");
    let (done, told) = dorn.sftp(by, &["put order.edi in/again.edi"]).await;
    assert!(done, "{told}");
    assert_eq!(files(&stage).await, [pair("in", "taken")]);
    eventually(|| async { orders(&stage).await == 1 }).await;

    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    eventually(|| async { files(&stage).await.contains(&pair("out", "waiting")) }).await;
    let built = "select count(*) from interchange where state = 'built'";
    assert_eq!(stage.count(built).await, 1, "it waits, and is not sent");
    let (done, told) = dorn.sftp(by, &["get /out/*.edi fetched.edi"]).await;
    assert!(done, "{told}");
    assert!(dorn.read("fetched.edi").contains("AK1*PO*1"));
    assert!(files(&stage).await.contains(&pair("out", "delivered")));
    assert_eq!(stage.count(built).await, 0);
    let (done, told) = dorn.sftp(by, &["rm /out/*.edi", "ls -1 /out"]).await;
    assert!(done && !told.contains("/out/0"), "{told}");
    worker.abort();
    let seen = stage.get(stage.vendor, "/sftp/mailboxes").await.expect(200);
    assert!(seen["items"][0]["seen_at"].is_string(), "{seen}");
    let rival = stage.get(stage.rival, "/sftp/files").await.expect(200);
    assert_eq!(rival["items"], json!([]));

    let close = format!("/sftp/mailboxes/{user}");
    assert_eq!(stage.ask(stage.rival, "DELETE", &close, "").await.status, 404);
    assert_eq!(stage.ask(stage.vendor, "DELETE", &close, "").await.status, 204);
    let (done, told) = dorn.sftp(by, &["ls"]).await;
    assert!(!done && told.contains("Permission denied"), "{told}");
}

pub(super) async fn a_mailbox_has_two_folders_and_no_way_out(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let (at, dorn) = (serve(&stage).await, Partner::new());
    let user = mailbox(&stage, &dorn).await;
    dorn.key("other", "ed25519");
    dorn.write("order.edi", Order::default().alone(1));
    let rival = interchange("RIVAL", "VEGA", 1, "PO", &[Order::default().set()]);
    dorn.write("rival.edi", rival);
    dorn.write("large.edi", vec![b'x'; crate::interchanges::LIMIT_BYTES + 1]);
    dorn.write("empty.edi", "");
    std::fs::create_dir(dorn.folder.join("sub")).unwrap();
    let by = (at, user.as_str(), "key");

    for command in [
        "get /etc/passwd stolen",
        "get ../../../../etc/passwd stolen",
        "get /in/../../etc/passwd stolen",
        "put order.edi /etc/cron.d/x",
        "put order.edi /order.edi",
        "put order.edi /out/order.edi",
        "put order.edi /in/sub/order.edi",
        "put order.edi \"/in/a\\\\b.edi\"",
        "put -R sub /in",
        "mkdir /in/sub",
        "rmdir /in",
        "rm /in",
        "rename /in /out",
        "ln -s /etc/passwd /in/link",
        "ln /etc/passwd /in/link",
        "put large.edi /in/large.edi",
        "put empty.edi /in/empty.edi",
        "put rival.edi /in/rival.edi",
    ] {
        let (done, told) = dorn.sftp(by, &[command]).await;
        assert!(!done, "{command}: {told}");
        assert!(!dorn.folder.join("stolen").exists());
    }
    // Nor what a program closes that it failed to write. What its sender may not send is kept with the reason, and told of; nothing else came in.
    assert_eq!(files(&stage).await, [pair("in", "refused")]);
    let refused = "select count(*) from notification where kind = 'sftp_refused'";
    assert_eq!(stage.count(refused).await, 1);
    assert_eq!(stage.count("select count(*) from interchange").await, 0);
    let (done, told) =
        dorn.sftp(by, &["pwd", "ls -la", "ls -la /in", "ls -la /out"]).await;
    assert!(done && told.contains("Remote working directory: /"), "{told}");

    let unknown = kernel::Id::<kernel::SftpMailbox>::mint().to_string();
    for (user, key) in [(user.as_str(), "other"), (&unknown, "key"), ("root", "key")] {
        let (done, told) = dorn.sftp((at, user, key), &["ls"]).await;
        assert!(!done && told.contains("Permission denied"), "{user}: {told}");
    }
}

/// Any server will do.
struct Anybody;

impl client::Handler for Anybody {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _key: &PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

async fn connect(at: SocketAddr, user: &str, dorn: &Partner) -> client::Handle<Anybody> {
    let mut handle =
        client::connect(Arc::new(client::Config::default()), at, Anybody).await.unwrap();
    let key = Arc::new(load_secret_key(dorn.folder.join("key"), None).unwrap());
    let key = PrivateKeyWithHashAlg::new(key, None);
    assert!(handle.authenticate_publickey(user, key).await.unwrap().success());
    handle
}

async fn session(handle: &client::Handle<Anybody>) -> SftpSession {
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    SftpSession::new(channel.into_stream()).await.unwrap()
}

pub(super) async fn what_breaks_off_half_way_was_never_there(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let (at, dorn) = (serve(&stage).await, Partner::new());
    let user = mailbox(&stage, &dorn).await;
    let handle = connect(at, &user, &dorn).await;
    // Who loses its key in the middle of a session can go on with nothing.
    let sftp = session(&handle).await;
    let mut late = sftp.create("/in/late.edi").await.unwrap();
    late.write_all(Order::default().alone(9).as_bytes()).await.unwrap();
    mailbox(&stage, &dorn).await;
    assert!(late.close().await.is_err());
    assert!(sftp.read_dir("/out").await.is_err());

    let handle = connect(at, &user, &dorn).await;
    let sftp = session(&handle).await;
    let mut gap = sftp.create("/in/gap.edi").await.unwrap();
    gap.seek(std::io::SeekFrom::Start(10)).await.unwrap();
    gap.write_all(Order::default().alone(1).as_bytes()).await.unwrap();
    assert!(gap.close().await.is_err(), "it has a hole");
    let mut half = sftp.create("/in/half.edi").await.unwrap();
    half.write_all(b"ISA*00*").await.unwrap();
    half.flush().await.unwrap();
    // No more than so many files are open at once, and no shell, command or way through is.
    let mut open = Vec::new();
    for number in 0..32 {
        open.push(sftp.create(format!("/in/{number}.part")).await);
    }
    assert_eq!(open.iter().filter(|it| it.is_ok()).count(), 15);
    let channel = handle.channel_open_session().await.unwrap();
    channel.exec(true, "id").await.unwrap();
    assert!(
        handle.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err()
    );
    std::mem::forget(open);
    std::mem::forget(half);
    drop(sftp);
    handle.disconnect(russh::Disconnect::ByApplication, "", "").await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;

    assert_eq!(files(&stage).await, []);
    let handle = connect(at, &user, &dorn).await;
    let sftp = session(&handle).await;
    let listed: Vec<_> = sftp.read_dir("/in").await.unwrap().collect();
    assert_eq!(
        listed.len(),
        0,
        "{:?}",
        listed.first().map(russh_sftp::client::fs::DirEntry::file_name)
    );
}

pub(super) async fn whoever_guesses_passwords_is_shut_out(stage: Stage) {
    let at = serve(&stage).await;
    let form = json!({
        "name": "Dorn", "identifier": "ZZ:DORN", "password": "correct horse",
        "place": { "side": "ours", "keys": [] },
    });
    let made = stage.post(stage.vendor, "/sftp/mailboxes", form).await.expect(200);
    assert_eq!((&made["has_password"], &made["password"]), (&json!(true), &Value::Null));
    let user = made["id"].as_str().unwrap();
    let enter = |password: &'static str| async move {
        let config = Arc::new(client::Config::default());
        let mut handle = client::connect(config, at, Anybody).await.ok()?;
        Some(handle.authenticate_password(user, password).await.ok()?.success())
    };
    assert_eq!(enter("correct horse").await, Some(true));

    let mut guesses = Vec::new();
    for _ in 0..20 {
        guesses.push(tokio::spawn({
            let user = user.to_owned();
            async move {
                let config = Arc::new(client::Config::default());
                let mut handle = client::connect(config, at, Anybody).await.ok()?;
                let tried =
                    handle.authenticate_password(user, "battery staple").await.ok()?;
                Some(tried.success())
            }
        }));
        if guesses.len() % 10 == 0 {
            for guess in guesses.drain(..) {
                assert_eq!(guess.await.unwrap(), Some(false));
            }
        }
    }
    assert_eq!(enter("correct horse").await, None, "from this address, for a while");
}

pub(super) async fn a_mailbox_that_makes_no_sense_is_refused_by_name(stage: Stage) {
    let theirs = |more: Value| {
        let mut place = json!({
            "side": "theirs", "host": "sftp.example.com", "user": "vega",
            "host_keys": [], "fetch_from": "/out", "put_into": "/in",
        });
        for (name, value) in more.as_object().unwrap() {
            place[name] = value.clone();
        }
        json!({ "name": "Dorn", "identifier": "ZZ:DORN", "place": place })
    };
    let ours = |keys: Value| json!({ "name": "Dorn", "identifier": "ZZ:DORN", "place": { "side": "ours", "keys": keys } });
    for (form, field) in [
        (theirs(json!({ "host": "a b" })), "host"),
        (theirs(json!({ "port": 0 })), "host"),
        (theirs(json!({ "user": "" })), "user"),
        (theirs(json!({ "host_keys": ["x"] })), "host_keys"),
        (theirs(json!({ "fetch_from": "", "put_into": "" })), "fetch_from"),
        (theirs(json!({ "move_to": "/out" })), "move_to"),
        (theirs(json!({ "every_minutes": 0 })), "every_minutes"),
        (ours(json!([])), "keys"),
        (ours(json!(["nonsense"])), "keys"),
    ] {
        let told = stage.post(stage.vendor, "/sftp/mailboxes", form).await.expect(422);
        assert!(told.to_string().contains(&format!("\"{field}\"")), "{field}: {told}");
    }
    stage.post(stage.vendor, "/sftp/mailboxes", theirs(json!({}))).await.expect(200);
    let mut twin = theirs(json!({}));
    twin["name"] = json!("Dorn again");
    let told = stage.post(stage.vendor, "/sftp/mailboxes", twin).await.expect(422);
    assert!(told.to_string().contains("\"identifier\""), "{told}");
}

pub(super) async fn a_file_that_nobody_fetches_is_told_of_once(stage: Stage) {
    if !openssh::is_there() {
        return;
    }
    let dorn = Partner::new();
    mailbox(&stage, &dorn).await;
    stage.send(stage.buyer, Order::default().alone(1)).await;
    let (house, work) = (stage.house.clone(), stage.drop_folder());
    let worker = tokio::spawn(async move { crate::delivering(house, work).await });
    eventually(|| async { files(&stage).await.contains(&pair("out", "waiting")) }).await;
    worker.abort();
    let told = "select count(*) from notification where kind = 'sftp_unfetched'";
    crate::sftp::warn(&stage.house).await.unwrap();
    assert_eq!(stage.count(told).await, 0);

    stage
        .clock_us
        .fetch_add(25 * 60 * 60 * 1_000_000, std::sync::atomic::Ordering::SeqCst);
    crate::sftp::warn(&stage.house).await.unwrap();
    crate::sftp::warn(&stage.house).await.unwrap();
    assert_eq!(stage.count(told).await, 1);
}
