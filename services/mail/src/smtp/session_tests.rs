use proptest::prelude::{any, prop, proptest};

use super::{Cover, FAULTS, Mail, Session, Step, Verdict};

const LIMIT: usize = 2000;

/// A conversation with a desk that knows every address at `hub.test` with a plus in it.
struct Scene {
    session: Session,
    mails: Vec<Mail>,
    said: String,
    over: Option<Step>,
}

impl Scene {
    fn new() -> Self {
        let session = Session::new("hub.test", LIMIT, Cover::Offered);
        Self { session, mails: Vec::new(), said: String::new(), over: None }
    }

    fn hear(&mut self, bytes: &[u8]) {
        if self.over.is_some() {
            return;
        }
        self.session.push(bytes);
        loop {
            match self.session.step() {
                Step::Bytes => break,
                Step::Recipient(address) => {
                    let known = address.contains('+') && address.ends_with("@hub.test");
                    let verdict = if known { Verdict::Taken } else { Verdict::Unknown };
                    self.session.recipient(verdict);
                }
                Step::Keep(mail) => {
                    self.mails.push(mail);
                    self.session.kept(Verdict::Taken);
                }
                step @ (Step::StartTls | Step::Close) => {
                    self.over = Some(step);
                    break;
                }
            }
        }
        self.said.push_str(&String::from_utf8(self.session.said()).unwrap());
    }

    fn after(wire: &[u8]) -> Self {
        let mut scene = Self::new();
        scene.hear(wire);
        scene
    }

    fn codes(&self) -> Vec<&str> {
        let last = |line: &&str| line.as_bytes().get(3) == Some(&b' ');
        self.said.lines().filter(last).map(|line| line.split_at(3).0).collect()
    }
}

const HEAD: &str =
    "EHLO c.test\r\nMAIL FROM:<x@c.test>\r\nRCPT TO:<reply+a@hub.test>\r\nDATA\r\n";

#[test]
fn a_mail_is_kept_before_it_is_acknowledged() {
    let mut scene = Scene::after(HEAD.as_bytes());
    scene.session.push(b"Subject: s\r\n\r\nhello\r\n.\r\n");

    let Step::Keep(mail) = scene.session.step() else { panic!("no mail") };

    assert_eq!(scene.session.said(), b"", "nothing is promised yet");
    assert_eq!(mail.bytes, b"Subject: s\r\n\r\nhello\r\n");
    assert_eq!((mail.from.as_str(), mail.helo.as_str()), ("x@c.test", "c.test"));
    assert_eq!(mail.recipients, ["reply+a@hub.test"]);
    scene.session.kept(Verdict::Later);
    assert!(scene.session.said().starts_with(b"451 4.3.0"));
}

#[test]
fn an_unknown_recipient_is_refused_at_once() {
    let wire = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<reply@hub.test>\r\nDATA\r\nQUIT\r\n";
    let scene = Scene::after(wire.as_bytes());
    assert_eq!(scene.codes(), ["220", "250", "250", "550", "503", "221"]);
    assert!(scene.said.contains("550 5.1.1"));
}

#[test]
fn what_we_can_do_is_told() {
    let scene = Scene::after(b"EHLO c.test\r\n");
    for word in [
        "SIZE 2000",
        "STARTTLS",
        "PIPELINING",
        "8BITMIME",
        "SMTPUTF8",
        "CHUNKING",
        "ENHANCEDSTATUSCODES",
    ] {
        assert!(scene.said.contains(word), "{word}");
    }
}

#[test]
fn a_mail_over_the_limit_is_refused_and_the_talk_goes_on() {
    let told = Scene::after(b"EHLO c\r\nMAIL FROM:<x@c.test> SIZE=2001\r\nNOOP\r\n");
    assert_eq!(told.codes(), ["220", "250", "552", "250"]);

    let mut untold = Scene::after(HEAD.as_bytes());
    untold.hear(&[b'x'; LIMIT]);
    untold.hear(b"y\r\n.\r\nNOOP\r\n");
    assert_eq!(untold.codes(), ["220", "250", "250", "250", "354", "552", "250"]);
    assert_eq!(untold.mails, []);
}

#[test]
fn a_mail_without_end_is_cut_off() {
    let mut scene = Scene::after(HEAD.as_bytes());
    for _ in 0..LIMIT {
        scene.hear(&[b'x'; 100]);
    }
    assert_eq!(scene.over, Some(Step::Close));
}

#[test]
fn chunks_make_a_mail_too() {
    let head = HEAD.replace("DATA\r\n", "");
    let wire = format!("{head}BDAT 5\r\n.\r\n.\nBDAT 2 LAST\r\nabNOOP\r\n");
    let scene = Scene::after(wire.as_bytes());
    assert_eq!(scene.mails[0].bytes, b".\r\n.\nab");
    assert_eq!(scene.codes(), ["220", "250", "250", "250", "250", "250", "250"]);

    let early = Scene::after(b"EHLO c\r\nBDAT 4 LAST\r\nQUITNOOP\r\n");
    assert_eq!(early.codes(), ["220", "250", "503", "250"]);
    let huge = Scene::after(
        format!("{head}BDAT 1500\r\n{0}BDAT 1500 LAST\r\n{0}", "x".repeat(1500))
            .as_bytes(),
    );
    assert_eq!(huge.mails, []);
    assert!(huge.said.contains("552 5.3.4"));
}

#[test]
fn after_five_faults_the_line_is_cut() {
    let scene = Scene::after("FOO\r\n".repeat(FAULTS + 2).as_bytes());
    assert_eq!(scene.codes(), ["220", "501", "501", "501", "501", "501", "421"]);
    assert_eq!(scene.over, Some(Step::Close));
}

#[test]
fn what_is_pipelined_behind_starttls_is_dropped() {
    let mut scene = Scene::after(b"EHLO c\r\nSTARTTLS\r\nMAIL FROM:<evil@c.test>\r\n");
    assert_eq!(scene.over, Some(Step::StartTls));
    assert_eq!(scene.codes(), ["220", "250", "220"]);
    assert_eq!(scene.session.step(), Step::Close, "this half is over");

    let mut secure = Session::new("hub.test", LIMIT, Cover::Up);
    secure.push(b"STARTTLS\r\nMAIL FROM:<x@c.test>\r\n");
    assert_eq!(secure.step(), Step::Bytes);
    let said = String::from_utf8(secure.said()).unwrap();
    assert!(said.starts_with("503") && said.contains("\r\n503"), "{said}");
}

#[test]
fn a_smuggled_mail_is_part_of_the_one_it_came_in() {
    let second =
        "MAIL FROM:<boss@c.test>\r\nRCPT TO:<reply+b@hub.test>\r\nDATA\r\nevil\r\n.\r\n";
    for end in
        ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\n\0.\r\n"]
    {
        let wire = format!("{HEAD}one{end}{second}QUIT\r\n");
        let scene = Scene::after(wire.as_bytes());
        assert_eq!(scene.mails.len(), 1, "{end:?}");
        assert!(scene.mails[0].bytes.windows(4).any(|it| it == b"evil"), "{end:?}");
        assert_eq!(scene.mails[0].from, "x@c.test");
    }
}

#[test]
fn of_ten_thousand_recipients_a_hundred_are_taken_and_the_mail_is_one() {
    let mut scene = Scene::after(b"EHLO c.test\r\nMAIL FROM:<x@c.test>\r\n");
    for at in 0..10_000 {
        scene.hear(format!("RCPT TO:<reply+{at}@hub.test>\r\n").as_bytes());
    }
    scene.hear(b"DATA\r\none for all\r\n.\r\nQUIT\r\n");

    let codes = scene.codes();
    let many = |code: &str| codes.iter().filter(|it| **it == code).count();
    // 250 to EHLO, MAIL, a hundred recipients and the mail.
    assert_eq!((many("250"), many("452"), many("354")), (103, 9_900, 1));
    let mails: Vec<_> = scene.mails.iter().map(|it| it.recipients.len()).collect();
    assert_eq!(mails, [100]);

    let mut guessing = Scene::after(b"EHLO c.test\r\nMAIL FROM:<x@c.test>\r\n");
    for at in 0..10_000 {
        guessing.hear(format!("RCPT TO:<reply{at}@hub.test>\r\n").as_bytes());
    }
    assert_eq!(
        guessing.codes(),
        ["220", "250", "250", "550", "550", "550", "550", "550", "421"]
    );
}

#[test]
fn what_no_database_keeps_is_in_no_command() {
    let scene = Scene::after(b"EHLO c\r\nMAIL FROM:<x\0@c.test>\r\nNOOP\r\n");
    assert_eq!(scene.codes(), ["220", "250", "501", "250"]);
}

#[test]
fn a_torn_command_line_is_refused() {
    let scene = Scene::after(b"EHLO c\nMAIL FROM:<x@c.test>\r\nNOOP\r\n");
    assert_eq!(scene.codes(), ["220", "500", "250"]);
}

proptest! {
    #[test]
    fn property_replies_do_not_depend_on_how_bytes_arrive(
        cuts in prop::collection::vec(1_usize..40, 0..60),
        end in prop::sample::select(vec!["\r\n.\r\n", "\n.\n", "\n.\r\n", "\r.\r\n", "\r\n..\r\n"]),
        tail in "[A-Z a-z:<>@+.\r\n]{0,60}",
    ) {
        let wire = format!("{HEAD}one{end}MAIL FROM:<y@c.test>\r\nRCPT TO:<reply+b@hub.test>\r\nDATA\r\ntwo\r\n.\r\n{tail}");
        let whole = Scene::after(wire.as_bytes());
        let mut pieces = Scene::new();
        let mut rest = wire.as_bytes();
        for cut in cuts {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            pieces.hear(piece);
            rest = after;
        }
        pieces.hear(rest);

        assert_eq!(pieces.said, whole.said);
        assert_eq!(pieces.mails, whole.mails);
        assert_eq!(whole.mails.len(), if end == "\r\n.\r\n" { 2 } else { 1 });
    }

    #[test]
    fn property_no_bytes_make_a_session_panic(wire in prop::collection::vec(any::<u8>(), 0..300), known in any::<bool>()) {
        let mut scene = if known { Scene::after(HEAD.as_bytes()) } else { Scene::new() };
        scene.hear(&wire);
        scene.hear(b"\r\n.\r\n");
    }
}
