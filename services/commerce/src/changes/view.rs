//! Changes as the API shows them.

use kernel::Moment;
use serde::Serialize;
use utoipa::ToSchema;

use super::rules::{ChangeLine, ChangeState, OrderedLine};

/// A change of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its place among the changes of the order, from 1.
    pub rev: i64,
    /// The buyer's number for it, or nothing.
    pub number: String,
    /// How far it is.
    pub state: ChangeState,
    /// Whether it calls the order off.
    pub cancels: bool,
    /// Whether it takes or refuses the seller's counter-offer: then it waits for nobody, and its state
    /// says how much was taken.
    pub settles: bool,
    /// What is to become of which lines.
    pub lines: Vec<ChangeLine>,
    /// The buyer's words.
    pub note: String,
    /// The seller's words.
    pub answer_note: Option<String>,
    /// The lines that the order had before; none where nothing was agreed to.
    pub before: Option<Vec<OrderedLine>>,
    /// What the order came to before, in minor units.
    pub before_minor: Option<i64>,
    /// When it was asked for.
    pub at: Moment,
    /// When it was answered.
    pub answered_at: Option<Moment>,
}
