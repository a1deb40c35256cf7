//! Orders as the API shows them.

use kernel::{Currency, Day, Id, Moment, Order, Organisation, Quote, Space};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    counter::CounterOffer,
    rules::Decision,
    sql::{LineRow, Row},
    state::OrderState,
};

/// A seller: on the hub, or known by name alone.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct SellerRef {
    /// Which, if it is on the hub.
    pub id: Option<Id<Organisation>>,
    /// Its name.
    pub name: String,
}

impl SellerRef {
    /// The seller of a paper that `keeper` keeps; `key` is its own, if it is not on the hub.
    pub(crate) fn of(
        keeper: Id<Organisation>,
        name: String,
        key: Option<&String>,
    ) -> Self {
        Self { id: key.is_none().then_some(keeper), name }
    }
}

/// A buyer: on the hub, or known by name alone.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct BuyerRef {
    /// Which, if it is on the hub.
    pub id: Option<Id<Organisation>>,
    /// Its name, as the order tells it.
    pub name: String,
}

/// The deal that an order stands in, as far as the reader sees it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderDeal {
    /// Which.
    pub id: Id<Space>,
    /// Its title, if the reader may see it.
    pub title: Option<String>,
}

/// The quote that an order names.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderQuote {
    /// Which, if the seller sent it to this buyer.
    pub id: Option<Id<Quote>>,
    /// Its number, as the order has it.
    pub number: String,
}

/// An order in brief.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderSummary {
    /// Which.
    pub id: Id<Order>,
    /// The buyer's number for it.
    pub number: String,
    /// Where it stands.
    pub state: OrderState,
    /// Who buys.
    pub buyer: BuyerRef,
    /// Who sells.
    pub seller: SellerRef,
    /// Who keeps the seller's side: the seller, or its buyer in its stead if it is not on the hub.
    #[serde(skip)]
    pub keeper: Id<Organisation>,
    /// By what name a seller that is not on the hub is known in EDI.
    #[serde(skip)]
    pub seller_key: Option<String>,
    /// The day that the buyer wrote on it.
    pub ordered_on: Day,
    /// In what its amounts are.
    pub currency: Currency,
    /// What it is worth, in minor units.
    pub total_minor: i64,
    /// The deal it stands in, if the reader takes part there.
    pub deal: Option<OrderDeal>,
    /// The quote that it names.
    pub quote: Option<OrderQuote>,
    /// When it last changed.
    pub updated_at: Moment,
    /// How often it changed.
    pub revision: i64,
}

/// What was decided about a line.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct LineAnswerView {
    /// What.
    pub decision: Decision,
    /// How much will be delivered, if that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// At what price a unit, if that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<String>,
    /// On what day, if that changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_on: Option<Day>,
}

/// A line of an order.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderLineView {
    /// Its name in the order: answers name it by this.
    pub line: String,
    /// How much, in decimals.
    pub quantity: String,
    /// Of what unit.
    pub unit: String,
    /// At what price a unit, in decimals of the currency.
    pub unit_price: String,
    /// Quantity times price, in minor units, halves rounded up.
    pub amount_minor: i64,
    /// What, by the first of its numbers.
    pub product: String,
    /// What, in words.
    pub description: Option<String>,
    /// By what day the buyer wants it.
    pub requested_on: Option<Day>,
    /// What was decided.
    pub answer: Option<LineAnswerView>,
}

/// An order with its lines.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, ToSchema)]
pub struct OrderView {
    /// The order in brief.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// Its lines, in order.
    pub lines: Vec<OrderLineView>,
    /// What the seller told the buyer with its answer.
    pub note: Option<String>,
    /// What the seller offers otherwise than it was ordered, until the buyer takes or refuses it.
    pub counter: Option<CounterOffer>,
    /// Whether it waits for an answer that the caller may give.
    pub can_answer: bool,
}

impl OrderLineView {
    /// What was decided about it.
    pub(crate) fn decision(&self) -> Option<Decision> {
        self.answer.as_ref().map(|it| it.decision)
    }
}

impl From<Row> for OrderSummary {
    fn from(row: Row) -> Self {
        let sees_title =
            row.deal_mask.iter().any(|mask| mask.split(',').any(|word| word == "title"));
        let title = row.deal_title.filter(|_| sees_title);
        let quote_id = row.quote_id;
        let quote = row.quote_number.map(|number| OrderQuote { id: quote_id, number });
        Self {
            id: row.id,
            number: row.number,
            state: row.state,
            buyer: BuyerRef { id: row.buyer_id, name: row.buyer_name },
            seller: SellerRef::of(
                row.seller_id,
                row.seller_name,
                row.seller_key.as_ref(),
            ),
            keeper: row.seller_id,
            seller_key: row.seller_key,
            ordered_on: row.ordered_on,
            currency: row.currency,
            total_minor: row.total_minor,
            deal: row.deal_id.map(|id| OrderDeal { id, title }),
            quote,
            updated_at: row.updated_at,
            revision: row.revision,
        }
    }
}

impl From<LineRow> for OrderLineView {
    fn from(row: LineRow) -> Self {
        let (quantity, unit_price) = (row.answer_quantity, row.answer_unit_price);
        let requested_on = row.answer_requested_on;
        let answer = row.answer.map(|decision| LineAnswerView {
            decision,
            quantity,
            unit_price,
            requested_on,
        });
        Self {
            line: row.assigned_id,
            quantity: row.quantity,
            unit: row.unit,
            unit_price: row.unit_price,
            amount_minor: row.amount_minor,
            product: row.product,
            description: (!row.description.is_empty()).then_some(row.description),
            requested_on: row.requested_on,
            answer,
        }
    }
}
