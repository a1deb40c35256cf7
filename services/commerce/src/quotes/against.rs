//! What is offered beside what was asked for, line by line.

use gate::{Action, Permit};
use kernel::{Currency, Fault, Id, Rfq};
use serde::Serialize;
use store::Conn;
use utoipa::ToSchema;

use super::{QuoteLine, QuoteLineView, QuoteView, Refusal, elsewhere};
use crate::{orders, rfqs};

/// In what a line that is offered is not what was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferDiffers {
    /// Another product.
    Product,
    /// How much.
    Quantity,
    /// Of what unit.
    Unit,
    /// At another price than was hoped for.
    Price,
    /// On another day, or on none.
    Date,
}

/// A line that was asked for, a line that is offered, or both.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedLine {
    /// What was asked for; none for a line that was not.
    pub asked: Option<QuoteLine>,
    /// What is offered for it; none where nothing is.
    pub offered: Option<QuoteLineView>,
    /// In what the two differ, where both are.
    pub differs: Vec<OfferDiffers>,
}

/// A quote that answers a request, beside it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RfqQuote {
    /// The quote.
    pub quote: QuoteView,
    /// Its last revision, as far as the reader sees it, line by line against the request.
    pub lines: Vec<OfferedLine>,
}

/// The quotes that answer a request, as far as one's organisation sees them, oldest first.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn of_request<A: Action>(
    conn: &mut Conn,
    permit: &Permit<A>,
    rfq: Id<Rfq>,
) -> Result<Vec<RfqQuote>, Refusal> {
    let asked = rfqs::read(conn, permit.scope(), rfq).await?;
    let organisation = permit.scope().organisation();
    let mut all = Vec::new();
    for id in elsewhere::of_rfq(conn, organisation, rfq).await? {
        let quote = super::read(conn, permit, id).await?;
        let missing = || Fault::broken("comparing a quote", "it has no revision");
        let last = quote.revisions.last().ok_or_else(missing)?;
        let lines = compare(&asked.lines, &last.lines, last.currency);
        all.push(RfqQuote { quote, lines });
    }
    Ok(all)
}

/// Units that count single things, by whatever name: one of them is one of another.
///
/// Source: UNECE Recommendation 20 (`EA`, `C62`, `H87`, and `PCE` of earlier revisions).
const ONES: [&str; 4] = ["EA", "C62", "H87", "PCE"];

/// Pairs the lines of a request with those that are offered: by product, where that is said, else by
/// their place; the lines of the request come first, in their order.
fn compare(
    asked: &[QuoteLine],
    offered: &[QuoteLineView],
    currency: Currency,
) -> Vec<OfferedLine> {
    let product = |it: &QuoteLine| it.product.trim().to_owned();
    let mut taken = vec![false; offered.len()];
    let mut found = vec![None; asked.len()];
    for (own, place) in asked.iter().zip(&mut found) {
        let named = product(own);
        let same = |(at, it): &(usize, &QuoteLineView)| {
            !named.is_empty()
                && product(&it.line) == named
                && taken.get(*at) == Some(&false)
        };
        let at = offered.iter().enumerate().find(same).map(|(at, _)| at);
        if let Some(mark) = at.and_then(|at| taken.get_mut(at)) {
            *mark = true;
            *place = at;
        }
    }
    // What has another name, or none, may still stand where it was asked for.
    for (at, place) in found.iter_mut().enumerate() {
        if place.is_none()
            && let Some(mark) = taken.get_mut(at).filter(|mark| !**mark)
        {
            *mark = true;
            *place = Some(at);
        }
    }
    let pairs = asked.iter().zip(&found).map(|(own, at)| {
        let offered = at.and_then(|at| offered.get(at)).cloned();
        let differs = offered.as_ref().map(|it| differences(own, &it.line, currency));
        let differs = differs.unwrap_or_default();
        OfferedLine { asked: Some(own.clone()), offered, differs }
    });
    let more = offered.iter().zip(&taken).filter(|(_, taken)| !**taken);
    let more = more.map(|(it, _)| OfferedLine {
        asked: None,
        offered: Some(it.clone()),
        differs: Vec::new(),
    });
    pairs.chain(more).collect()
}

fn differences(
    asked: &QuoteLine,
    offered: &QuoteLine,
    currency: Currency,
) -> Vec<OfferDiffers> {
    let number = |it: &QuoteLine| orders::decimal(&it.quantity);
    let each = |it: &QuoteLine| it.worth(currency).map(|it| it.each);
    let units = [asked.unit.as_str(), offered.unit.as_str()];
    let (own, its) = (asked.product.trim(), offered.product.trim());
    let told = [
        (!own.is_empty() && !its.is_empty() && own != its, OfferDiffers::Product),
        (number(asked) != number(offered), OfferDiffers::Quantity),
        (
            units[0] != units[1] && !units.iter().all(|it| ONES.contains(it)),
            OfferDiffers::Unit,
        ),
        (each(asked).is_some() && each(asked) != each(offered), OfferDiffers::Price),
        (
            asked.deliver_on.is_some() && asked.deliver_on != offered.deliver_on,
            OfferDiffers::Date,
        ),
    ];
    told.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::{OfferDiffers, OfferedLine, compare};
    use crate::quotes::{QuoteLine, QuoteLineView};

    fn line(product: &str, quantity: &str, price: Option<&str>) -> QuoteLine {
        QuoteLine {
            product: product.to_owned(),
            quantity: quantity.to_owned(),
            unit: "EA".to_owned(),
            unit_price: price.map(str::to_owned),
            price_per: 1,
            ..QuoteLine::default()
        }
    }

    fn against(asked: &[QuoteLine], offered: &[QuoteLine]) -> Vec<OfferedLine> {
        let shown = |line: &QuoteLine| QuoteLineView {
            line: line.clone(),
            net_price: None,
            amount_minor: None,
        };
        let offered: Vec<_> = offered.iter().map(shown).collect();
        compare(asked, &offered, "EUR".parse().unwrap())
    }

    #[test]
    fn lines_are_found_by_product_whatever_their_order() {
        let asked = [line("A", "1", None), line("B", "2", None)];
        let told = against(&asked, &[line("B", "2", Some("3")), line("A", "1", None)]);
        let products: Vec<_> = told
            .iter()
            .map(|it| it.offered.as_ref().unwrap().line.product.as_str())
            .collect();
        assert_eq!(products, ["A", "B"]);
        assert!(told.iter().all(|it| it.differs.is_empty()), "{told:?}");
    }

    #[test]
    fn what_is_not_as_asked_is_told() {
        let day = |it: QuoteLine, day: &str| QuoteLine {
            deliver_on: Some(day.parse().unwrap()),
            ..it
        };
        let asked = [day(line("A", "10", Some("4.10")), "2026-12-01")];
        let same = QuoteLine {
            price_per: 100,
            unit: "C62".into(),
            ..line("A", "10.0", Some("410"))
        };
        let same = day(same, "2026-12-01");
        assert!(against(&asked, &[same]).iter().all(|it| it.differs.is_empty()));
        let other = QuoteLine { unit: "CS".into(), ..line("X", "9", Some("4.2")) };
        let told = against(&asked, &[other]);
        let all = [
            OfferDiffers::Product,
            OfferDiffers::Quantity,
            OfferDiffers::Unit,
            OfferDiffers::Price,
            OfferDiffers::Date,
        ];
        assert_eq!(told[0].differs, all);
    }

    #[test]
    fn a_line_that_is_not_offered_and_one_that_was_not_asked_for_stand_alone() {
        let told = against(
            &[line("A", "1", None), line("B", "1", None)],
            &[line("A", "1", Some("1"))],
        );
        assert!(told[1].offered.is_none());
        let told = against(
            &[line("A", "1", None)],
            &[line("A", "1", Some("1")), line("C", "1", Some("1"))],
        );
        assert!(told.len() == 2 && told[1].asked.is_none());
    }
}
