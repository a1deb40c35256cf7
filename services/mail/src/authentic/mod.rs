//! Whether a mail comes from where it says, and how ours prove it.
//!
//! `Judge` asks the DNS of the sender's domain (SPF, RFC 7208; DKIM, RFC 6376; DMARC,
//! RFC 7489). A mail whose domain publishes a DMARC policy and that fails it waits for a person;
//! one that proves nothing is posted and marked. [`dkim`] signs what goes out.

pub mod dkim;
mod lookup;

use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use gate::MailDns;
use kernel::Fault;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator,
    SpfOutput, SpfResult,
    dmarc::verify::DmarcParameters,
    hickory_resolver::config::{
        ConnectionConfig, NameServerConfig, ProtocolConfig, ResolverConfig, ResolverOpts,
    },
    spf::verify::SpfParameters,
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::ToSchema;

/// What one check found.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    Deserialize,
    Eq,
    PartialEq,
    Serialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = MailVerdict)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold: somebody else may have sent the mail.
    Fail,
    /// The sender's domain, or the mail, says nothing about it.
    None,
    /// It was not asked, or no answer came.
    #[default]
    Unknown,
}

/// What is known of whether a mail comes from where it says.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, ToSchema)]
#[schema(as = MailChecks)]
pub struct Checks {
    /// Whether the server that brought it may send for the envelope's domain (RFC 7208).
    pub spf: Verdict,
    /// Whether a domain signed it, and it is unchanged (RFC 6376).
    pub dkim: Verdict,
    /// Whether either proves the domain that stands in `From` (RFC 7489).
    pub dmarc: Verdict,
}

/// How a mail was brought.
#[derive(Clone, Debug)]
pub(crate) struct Brought<'m> {
    /// From where; none where we did not see that ourselves.
    pub(crate) peer: Option<IpAddr>,
    /// What the server called itself.
    pub(crate) helo: &'m str,
    /// The envelope's sender; empty for bounces.
    pub(crate) sender: &'m str,
}

/// Who asks the DNS.
pub(crate) struct Judge {
    asks: Option<MessageAuthenticator>,
    host: String,
}

/// One question takes no longer. Each has a time of its own: the servers that a forger names
/// may keep silent, and must not use up that of the domain that stands in `From`.
const PATIENCE: Duration = Duration::from_secs(5);
/// So many signatures are looked at; each asks the DNS.
const SIGNATURES: usize = 10;

impl Judge {
    /// A judge that asks these servers.
    ///
    /// # Errors
    /// If the system's resolver cannot be read.
    pub(crate) fn new(dns: &MailDns, host: &str) -> Result<Self, Fault> {
        let asks = match dns {
            MailDns::Off => None,
            MailDns::System => Some(MessageAuthenticator::new_system_conf()),
            MailDns::At(servers) => {
                let servers = servers.iter().map(|server| {
                    let (mut udp, mut tcp) = (
                        ConnectionConfig::new(ProtocolConfig::Udp),
                        ConnectionConfig::new(ProtocolConfig::Tcp),
                    );
                    (udp.port, tcp.port) = (server.port(), server.port());
                    NameServerConfig::new(server.ip(), true, vec![udp, tcp])
                });
                let config =
                    ResolverConfig::from_parts(None, Vec::new(), servers.collect());
                Some(MessageAuthenticator::new(config, ResolverOpts::default()))
            }
        };
        let asks = asks.transpose().map_err(Fault::new("reading the DNS settings"))?;
        Ok(Self { asks, host: host.to_owned() })
    }

    /// Judges a mail; the domains besides that signed it, and whose signatures hold. Where the DNS
    /// does not answer, nothing is known.
    pub(crate) async fn judge(
        &self,
        raw: &[u8],
        brought: &Brought<'_>,
    ) -> (Checks, Vec<String>) {
        let Some(asks) = &self.asks else { return Default::default() };
        self.ask(asks, raw, brought).await
    }

    async fn ask(
        &self,
        asks: &MessageAuthenticator,
        raw: &[u8],
        brought: &Brought<'_>,
    ) -> (Checks, Vec<String>) {
        let Some(mut mail) = AuthenticatedMessage::parse(raw) else {
            return Default::default();
        };
        mail.dkim_headers.truncate(SIGNATURES);
        // Without its server there is no SPF; an address that no domain allows stands for it.
        let peer = brought.peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let asked = SpfParameters::verify_mail_from(
            peer,
            brought.helo,
            &self.host,
            brought.sender,
        );
        let unproven =
            |result: SpfResult| SpfOutput::new(String::new()).with_result(result);
        let spf = match brought.peer {
            Some(_) => timeout(PATIENCE, asks.verify_spf(asked))
                .await
                .unwrap_or_else(|_late| unproven(SpfResult::TempError)),
            None => unproven(SpfResult::None),
        };
        let looked = timeout(PATIENCE, asks.verify_dkim(&mail)).await;
        let dkim = looked.as_deref().unwrap_or_default();
        let signatures: Vec<Verdict> =
            dkim.iter().map(|it| signed(it.result())).collect();
        let good = dkim.iter().filter(|it| signed(it.result()) == Verdict::Pass);
        let signers = good.filter_map(|it| Some(it.signature()?.d.to_lowercase()));
        let domain = brought.sender.rsplit_once('@').map_or(brought.helo, |it| it.1);
        let mut dmarc = policy(asks, (&mail, domain), (&spf, dkim)).await;
        // What a silent server kept from being proven is not proven. So what the domain says
        // of such a mail is asked of that domain alone.
        if dmarc != Verdict::Pass {
            let nothing = unproven(SpfResult::None);
            dmarc = policy(asks, (&mail, domain), (&nothing, &[])).await;
        }
        let checks = Checks {
            spf: sent(spf.result()),
            dkim: looked.as_ref().map_or(Verdict::Unknown, |_| best(&signatures)),
            dmarc,
        };
        (checks, signers.collect())
    }
}

/// What the domain in `From` says of a mail of which so much is proven.
async fn policy(
    asks: &MessageAuthenticator,
    (message, domain): (&AuthenticatedMessage<'_>, &str),
    (spf_output, dkim_output): (&SpfOutput, &[DkimOutput<'_>]),
) -> Verdict {
    let asked = DmarcParameters {
        message,
        dkim_output,
        dkim2_output: None,
        rfc5321_mail_from_domain: domain,
        spf_output,
    };
    let told = timeout(PATIENCE, asks.verify_dmarc(asked)).await;
    told.map_or(Verdict::Unknown, |it| aligned(&it.result()))
}

/// One good signature is enough (RFC 6376 § 6.1).
fn best(signatures: &[Verdict]) -> Verdict {
    let order = [Verdict::Pass, Verdict::Unknown, Verdict::Fail];
    order.into_iter().find(|it| signatures.contains(it)).unwrap_or(Verdict::None)
}

const fn sent(result: SpfResult) -> Verdict {
    match result {
        SpfResult::Pass => Verdict::Pass,
        SpfResult::Fail | SpfResult::SoftFail => Verdict::Fail,
        SpfResult::Neutral | SpfResult::None | SpfResult::PermError => Verdict::None,
        SpfResult::TempError => Verdict::Unknown,
    }
}

/// A signature that does not verify counts as none would, but is told apart (RFC 6376 § 6.1).
const fn signed(result: &DkimResult) -> Verdict {
    match result {
        DkimResult::Pass => Verdict::Pass,
        DkimResult::Neutral(_) | DkimResult::Fail(_) | DkimResult::PermError(_) => {
            Verdict::Fail
        }
        DkimResult::TempError(_) => Verdict::Unknown,
        DkimResult::None => Verdict::None,
    }
}

const fn aligned(result: &DmarcResult) -> Verdict {
    match result {
        DmarcResult::Pass => Verdict::Pass,
        DmarcResult::Fail(_) => Verdict::Fail,
        DmarcResult::PermError(_) | DmarcResult::None => Verdict::None,
        DmarcResult::TempError(_) => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, best};

    #[test]
    fn one_good_signature_is_enough() {
        assert_eq!(best(&[Verdict::Fail, Verdict::Pass]), Verdict::Pass);
        assert_eq!(best(&[Verdict::Fail, Verdict::Unknown]), Verdict::Unknown);
        assert_eq!(best(&[Verdict::None, Verdict::Fail]), Verdict::Fail);
        assert_eq!(best(&[]), Verdict::None);
    }
}
