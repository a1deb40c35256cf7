//! Rows of quotes, as they are read.

use kernel::{Currency, Day, Fault, Id, Moment, Order, Organisation, Quote, Rfq, Space};

use super::rules::{Offer, QuoteState, Side, Stand};

/// A quote, as an organisation sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id<Quote>,
    pub(super) number: String,
    pub(super) seller_id: Id<Organisation>,
    pub(super) seller_name: String,
    /// Under what name the seller is known in EDI, if it is not on the hub; else nothing.
    pub(super) seller_key: String,
    pub(super) buyer_id: Option<Id<Organisation>>,
    pub(super) buyer_name: String,
    pub(super) rfq_id: Option<Id<Rfq>>,
    pub(super) rfq_number: Option<String>,
    /// None for a quote of a seller that is not on the hub.
    pub(super) space_id: Option<Id<Space>>,
    pub(super) deal_id: Option<Id<Space>>,
    pub(super) deal_mask: Option<String>,
    pub(super) deal_title: Option<String>,
    pub(super) state: QuoteState,
    pub(super) rev: i64,
    pub(super) offer_rev: i64,
    pub(super) sha256: Option<String>,
    pub(super) until: Option<Moment>,
    pub(super) revision: i64,
    pub(super) face: i64,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    pub(super) shown_from: Option<Moment>,
    pub(super) shown_at: Option<Moment>,
    pub(super) currency: Currency,
    pub(super) total_minor: i64,
    pub(super) valid_until: Day,
    pub(super) order_id: Option<Id<Order>>,
}

/// A revision of a quote.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RevisionRow {
    pub(super) rev: i64,
    pub(super) currency: Currency,
    pub(super) valid_until: Day,
    pub(super) terms: String,
    pub(super) lines: String,
    pub(super) total_minor: i64,
    pub(super) sha256: Option<String>,
    pub(super) sent_at: Option<Moment>,
    pub(super) became: Option<String>,
    pub(super) note: Option<String>,
    pub(super) wishes: String,
    pub(super) became_at: Option<Moment>,
}

impl Row {
    /// On which side an organisation stands.
    pub(super) fn side(&self, organisation: Id<Organisation>) -> Side {
        let sells = self.seller_id == organisation && !self.is_elsewhere();
        if sells { Side::Seller } else { Side::Buyer }
    }

    /// Whether its seller is not on the hub: its buyer keeps it in the seller's stead.
    pub(super) const fn is_elsewhere(&self) -> bool {
        !self.seller_key.is_empty()
    }

    /// Where it stands.
    pub(super) fn stand(&self) -> Result<Stand, Fault> {
        let rev = self.rev;
        let offer = match (&self.sha256, self.until) {
            (Some(sha256), Some(until)) if self.offer_rev > 0 => {
                Some(Offer { rev: self.offer_rev, sha256: sha256.clone(), until })
            }
            _ => None,
        };
        let sent = || {
            let unsent = || Fault::broken("reading a quote", "it was answered unsent");
            offer.clone().ok_or_else(unsent)
        };
        Ok(match self.state {
            QuoteState::Draft => Stand::Draft { rev, before: offer },
            QuoteState::Priced => Stand::Priced { rev, before: offer },
            QuoteState::ApprovedInternal => Stand::Approved { rev, before: offer },
            QuoteState::Withdrawn => Stand::Withdrawn { rev, before: offer },
            QuoteState::Sent => Stand::Sent(sent()?),
            QuoteState::Accepted => Stand::Accepted(sent()?),
            QuoteState::Rejected => Stand::Rejected(sent()?),
            QuoteState::Countered => Stand::Countered(sent()?),
            QuoteState::Expired => Stand::Expired(sent()?),
        })
    }

    /// The revision that a side names when it changes something: what moves without being
    /// shown to the buyer does not count for the buyer.
    pub(super) const fn revision_for(&self, side: Side) -> i64 {
        match side {
            Side::Seller => self.revision,
            Side::Buyer => self.face,
        }
    }
}
