//! The job that tells a device.

use std::{sync::LazyLock, time::Duration};

use gate::{House, reach};
use kernel::{Fault, Id, Moment, Organisation};
use reqwest::{Client, ClientBuilder, StatusCode, Url, redirect::Policy};
use serde::Serialize;
use store::jobs::{self, Job, Outcome};
use webpush::{LIMIT_BYTES, SALT_BYTES, Sender};

use super::{About, Errand, LIMIT_ENDPOINT_BYTES, TELL, sql};
use crate::{
    Locale,
    notices::{self, NoticeView},
    quiet,
};

/// For how long a push service keeps what it could not deliver, in seconds (RFC 8030, 5.2): who
/// comes back after a day looks into the app.
const KEPT_FOR_S: u32 = 86_400;
/// For how long a token towards a push service holds; a day is the most (RFC 8292, 2).
const TOKEN_FOR: Duration = Duration::from_hours(12);
/// How long a push service may take to answer; shorter than a job's lease.
const PATIENCE: Duration = Duration::from_secs(20);

type Made = Result<Client, reqwest::Error>;

static ANYWHERE: LazyLock<Made> = LazyLock::new(|| plain().build());
static PUBLIC: LazyLock<Made> = LazyLock::new(|| reach::public_only(plain()).build());

fn plain() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).timeout(PATIENCE).user_agent("Entente")
}

/// What a device is told, before it is sealed.
#[derive(Serialize)]
struct Message {
    about: About,
    locale: Locale,
    #[serde(flatten)]
    news: Option<News>,
}

/// What is new.
#[derive(Serialize)]
struct News {
    notice: NoticeView,
    /// How many are unread, with this one.
    unread: i64,
    organisation: Id<Organisation>,
    organisation_name: String,
}

/// What came of posting a message.
enum Posted {
    /// The push service has it.
    Taken,
    /// It may take it later.
    Later(String),
    /// It never will: the browser is not there any more, or not ours.
    Gone(String),
}

/// Tells devices, for ever.
pub(crate) async fn telling(house: House) {
    let (db, clock) = (house.db.clone(), house.clock.clone());
    let run = move |job: Job, errand: Errand| {
        let house = house.clone();
        async move { tell(&house, &job, errand).await }
    };
    jobs::work(db, clock, TELL, run).await;
}

/// Who the hub is towards push services.
pub(super) fn sender(house: &House) -> Result<Sender, Fault> {
    let sender = Sender::of_secret(&house.settings.secret);
    sender.map_err(Fault::new("making the key for push services"))
}

/// Reads the address of a browser at a push service; an error says why nobody writes there.
pub(super) fn address(house: &House, endpoint: &str) -> Result<Url, String> {
    if endpoint.len() > LIMIT_ENDPOINT_BYTES {
        return Err("it is longer than that".to_owned());
    }
    let url = Url::parse(endpoint).map_err(|bad| bad.to_string())?;
    let private = house.settings.as2_private_networks;
    if url.scheme() != "https" && !(private && url.scheme() == "http") {
        return Err(format!("it begins with `{}:`", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it holds a password".to_owned());
    }
    if !private {
        reach::look_at(endpoint)?;
    }
    Ok(url)
}

async fn tell(house: &House, job: &Job, errand: Errand) -> Result<Outcome, Fault> {
    let (now, Errand { device, about, since }) = (house.clock.now(), errand);
    let mut tx = house.db.write().await?;
    // What comes from here on plans a turn of its own.
    sql::begin(&mut tx, device).await?;
    let Some(live) = sql::live(&mut tx, device, now).await? else {
        sql::forget(&mut tx, device, None).await?;
        return done(tx, job).await;
    };
    let until = quiet::quiet_until(&mut tx, live.person_id, now).await?;
    if let Some(until) = until.filter(|_| about == About::News) {
        sql::put_off(&mut tx, device, until).await?;
        jobs::add(&mut tx, TELL, &errand, until).await?;
        return done(tx, job).await;
    }
    let Some(message) = message(&mut tx, (about, since), &live).await? else {
        return done(tx, job).await;
    };
    tx.commit().await?;

    let posted = post(house, &live, &message, now).await?;
    store::brink("push.posted");
    let mut tx = house.db.write().await?;
    match posted {
        Posted::Taken => {}
        Posted::Later(why) if !job.is_last() => {
            // What comes meanwhile is told then, with this.
            sql::put_off(&mut tx, device, now).await?;
            tx.commit().await?;
            return Ok(Outcome::Retry(why));
        }
        Posted::Later(why) => {
            tracing::warn!("a push service did not take a message for a day: {why}");
        }
        Posted::Gone(why) => {
            tracing::info!("a device is told nothing any more: {why}");
            sql::forget(&mut tx, device, None).await?;
        }
    }
    done(tx, job).await
}

async fn done(mut tx: store::Tx, job: &Job) -> Result<Outcome, Fault> {
    jobs::done(&mut tx, job.id).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

/// What a device is told now; none where all has been read.
async fn message(
    tx: &mut store::Tx,
    (about, since): (About, Moment),
    live: &sql::Live,
) -> Result<Option<Message>, Fault> {
    let locale = live.locale;
    if about == About::Trial {
        return Ok(Some(Message { about, locale, news: None }));
    }
    let since = since.max(live.created_at);
    let newest = sql::newest(tx, live.person_id, since).await?;
    let Some(sql::News { notice, organisation_id, organisation }) = newest else {
        return Ok(None);
    };
    let unread = notices::unread(tx, organisation_id, live.person_id).await?;
    let news = News {
        notice: notice.into(),
        unread,
        organisation: organisation_id,
        organisation_name: organisation,
    };
    Ok(Some(Message { about, locale, news: Some(news) }))
}

/// Seals a message and posts it.
async fn post(
    house: &House,
    live: &sql::Live,
    message: &Message,
    now: Moment,
) -> Result<Posted, Fault> {
    let url = match address(house, &live.endpoint) {
        Ok(url) => url,
        Err(why) => return Ok(Posted::Gone(why)),
    };
    let made = if house.settings.as2_private_networks { &*ANYWHERE } else { &*PUBLIC };
    let client = made.as_ref().map_err(|why| {
        tracing::error!(error = why as &dyn std::error::Error, "no client can be made");
        Fault::broken("making a client for push services", "the TLS library refuses")
    })?;
    let sealed = sealed(live, message)?;
    let until = (now + TOKEN_FOR).micros() / 1_000_000;
    let origin = url.origin().ascii_serialization();
    let signed = sender(house)?.authorization(&origin, until, &contact(house));
    let signed = signed.map_err(Fault::new("signing for a push service"))?;
    let urgency = match &message.news {
        Some(news) if !news.notice.is_urgent() => "normal",
        Some(_) | None => "high",
    };
    let asked = client
        .post(url)
        .header("authorization", signed)
        .header("content-encoding", "aes128gcm")
        .header("content-type", "application/octet-stream")
        .header("ttl", KEPT_FOR_S)
        .header("urgency", urgency)
        // What waits there is replaced (RFC 8030, 5.4): a phone that wakes rings once.
        .header("topic", "notices")
        .body(sealed);
    Ok(match asked.send().await {
        Ok(answer) => judged(answer.status()),
        Err(why) => Posted::Later(why.to_string()),
    })
}

/// What the answer of a push service means (RFC 8030, 5 and 7.3; RFC 8292, 4).
fn judged(status: StatusCode) -> Posted {
    let told = format!("the push service answers {status}");
    if status.is_success() {
        Posted::Taken
    } else if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        Posted::Later(told)
    } else {
        Posted::Gone(told)
    }
}

/// A message for one browser. What would be too long is told without its words.
fn sealed(live: &sql::Live, message: &Message) -> Result<Vec<u8>, Fault> {
    let ours = "sealing a message for a browser";
    let text = serde_json::to_vec(message).map_err(Fault::new(ours))?;
    let text = if text.len() <= LIMIT_BYTES {
        text
    } else {
        let (about, locale) = (message.about, message.locale);
        let bare = Message { about, locale, news: None };
        serde_json::to_vec(&bare).map_err(Fault::new(ours))?
    };
    let mut drawn = [0; webpush::KEY_BYTES + SALT_BYTES];
    aws_lc_rs::rand::fill(&mut drawn).map_err(Fault::new(ours))?;
    let (once, salt) = drawn.split_at(webpush::KEY_BYTES);
    let once = once.try_into().map_err(Fault::new(ours))?;
    let salt = salt.try_into().map_err(Fault::new(ours))?;
    webpush::seal(&text, &live.browser()?, once, salt).map_err(Fault::new(ours))
}

/// How a push service reaches whoever runs the hub (RFC 8292, 2.1).
fn contact(house: &House) -> String {
    if house.settings.is_secure() {
        house.settings.public_url.clone()
    } else {
        format!("mailto:postmaster@{}", house.settings.mail_domain)
    }
}
