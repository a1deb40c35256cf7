//! Where an order stands, and where it may go from there. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an order stands.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderState {
    /// It came, and waits for its answer.
    Received,
    /// Every line was accepted as ordered.
    Accepted,
    /// Some line was changed, or some but not all were rejected.
    AcceptedWithChange,
    /// Every line was rejected.
    Rejected,
    /// What was taken on was changed by agreement, and nothing of it is under way.
    Changed,
    /// Some of it is under way, and some is still to come.
    PartShipped,
    /// Nothing of it is still to come.
    Shipped,
    /// Nothing of it is still to be invoiced.
    Invoiced,
    /// Nothing more is to happen.
    Closed,
    /// It was called off before anything was under way.
    Cancelled,
}

impl OrderState {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::AcceptedWithChange => "accepted_with_change",
            Self::Rejected => "rejected",
            Self::Changed => "changed",
            Self::PartShipped => "part_shipped",
            Self::Shipped => "shipped",
            Self::Invoiced => "invoiced",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// All of them, in the order of a trade.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Accepted,
        Self::AcceptedWithChange,
        Self::Rejected,
        Self::Changed,
        Self::PartShipped,
        Self::Shipped,
        Self::Invoiced,
        Self::Closed,
        Self::Cancelled,
    ];

    /// Whether the next state may be this one.
    ///
    /// An order that was changed before its answer stays [`Self::Received`], one of which some is
    /// under way stays [`Self::PartShipped`]. What is under way is not called off: the rest is
    /// taken out by a change, or the order is closed. A wrong invoice that was taken back leads
    /// out of [`Self::Invoiced`] to where the order stood without it, and so does a change that
    /// asks for more.
    pub const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Received => false,
            Self::Accepted | Self::AcceptedWithChange => {
                matches!(self, Self::Received | Self::Invoiced)
            }
            Self::Rejected => matches!(self, Self::Received),
            Self::Changed => {
                matches!(
                    self,
                    Self::Accepted
                        | Self::AcceptedWithChange
                        | Self::Changed
                        | Self::Invoiced
                )
            }
            Self::PartShipped => {
                self.is_agreed()
                    || matches!(self, Self::PartShipped | Self::Shipped | Self::Invoiced)
            }
            Self::Shipped => {
                self.is_agreed() || matches!(self, Self::PartShipped | Self::Invoiced)
            }
            Self::Invoiced => {
                self.is_agreed() || matches!(self, Self::PartShipped | Self::Shipped)
            }
            Self::Closed => {
                self.is_agreed()
                    || matches!(self, Self::PartShipped | Self::Shipped | Self::Invoiced)
            }
            Self::Cancelled => matches!(self, Self::Received) || self.is_agreed(),
        }
    }

    /// Whether it was taken on, and nothing of it is under way, invoiced or over.
    pub const fn is_agreed(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedWithChange | Self::Changed)
    }

    /// Whether goods may be sent, and invoices written, for it.
    pub const fn is_open(self) -> bool {
        self.is_agreed()
            || matches!(self, Self::PartShipped | Self::Shipped | Self::Invoiced)
    }
}

#[cfg(test)]
mod tests {
    use super::OrderState;

    #[test]
    fn an_order_goes_only_where_the_table_lets_it() {
        use OrderState::{
            Accepted, AcceptedWithChange, Cancelled, Changed, Closed, Invoiced,
            PartShipped, Received, Rejected, Shipped,
        };
        let table: [(OrderState, &[OrderState]); 10] = [
            (Received, &[Accepted, AcceptedWithChange, Rejected, Cancelled]),
            (Accepted, &[Changed, PartShipped, Shipped, Invoiced, Closed, Cancelled]),
            (
                AcceptedWithChange,
                &[Changed, PartShipped, Shipped, Invoiced, Closed, Cancelled],
            ),
            (Rejected, &[]),
            (Changed, &[Changed, PartShipped, Shipped, Invoiced, Closed, Cancelled]),
            (PartShipped, &[PartShipped, Shipped, Invoiced, Closed]),
            (Shipped, &[PartShipped, Invoiced, Closed]),
            (
                Invoiced,
                &[Accepted, AcceptedWithChange, Changed, PartShipped, Shipped, Closed],
            ),
            (Closed, &[]),
            (Cancelled, &[]),
        ];
        assert_eq!(table.map(|(from, _)| from), OrderState::ALL);
        for (from, leads) in table {
            let found = OrderState::ALL.into_iter().filter(|to| from.may_become(*to));
            assert_eq!(found.collect::<Vec<_>>(), leads, "from {}", from.word());
            assert_eq!(from.is_open(), leads.contains(&Closed), "{}", from.word());
        }
    }
}
