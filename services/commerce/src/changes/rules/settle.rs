//! Taking and refusing what a seller offered otherwise than it was ordered. Pure.

use rust_decimal::Decimal;

use super::{
    ChangeError, ChangeKind, ChangeLine, ChangeState, LineOffer, OrderedLine, about,
};

/// A line that the seller offers otherwise than it was ordered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::changes) struct Countered {
    /// As it was ordered.
    pub(in crate::changes) ordered: OrderedLine,
    /// What the seller offers instead; what it leaves out is as ordered.
    pub(in crate::changes) offer: LineOffer,
}

/// What the buyer says of a line that is offered otherwise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LineSettled {
    /// The line, as the order names it.
    pub line: String,
    /// Whether it is taken as it is offered; else it is ordered no more.
    pub take: bool,
}

/// What becomes of the lines that the buyer spoke of, and how much was taken. What is not spoken of
/// stays offered.
///
/// # Errors
/// [`ChangeError::Nothing`] where nothing is said; [`ChangeError::Line`] for a line of which nothing
/// is offered otherwise, or that is named twice.
pub(in crate::changes) fn settle(
    countered: &[Countered],
    said: &[LineSettled],
) -> Result<(ChangeState, Vec<ChangeLine>), ChangeError> {
    let mut lines: Vec<ChangeLine> = Vec::with_capacity(said.len());
    for one in said {
        let why = |why: &str| ChangeError::Line(one.line.clone(), why.to_owned());
        if lines.iter().any(|it| it.line == one.line) {
            return Err(why("it is named twice"));
        }
        let found = countered.iter().find(|it| it.ordered.line == one.line);
        let found = found.ok_or_else(|| why("nothing is offered otherwise of it"))?;
        lines.push(found.settled(one.take));
    }
    let taken = said.iter().filter(|it| it.take).count();
    let state = match taken {
        _ if said.is_empty() => return Err(ChangeError::NothingSettled),
        0 => ChangeState::Rejected,
        all if all == said.len() => ChangeState::Accepted,
        _ => ChangeState::AcceptedInPart,
    };
    Ok((state, lines))
}

/// What a change that a buyer sent says of the offer, where that is all it says: each line is
/// one that is offered otherwise, and is wanted just as it is offered, or no more. None, if it
/// asks for anything else.
pub(in crate::changes) fn settles(
    countered: &[Countered],
    standing: &[OrderedLine],
    asked: &[ChangeLine],
) -> Option<Vec<LineSettled>> {
    let mut said = Vec::new();
    for change in asked {
        let offered = countered.iter().find(|it| it.ordered.line == change.line);
        let stands = standing.iter().find(|it| it.line == change.line)?;
        let take = match change.kind {
            ChangeKind::Deleted => false,
            ChangeKind::Changed if is_so(change, stands) => true,
            ChangeKind::Changed | ChangeKind::Added => return None,
        };
        match offered {
            Some(_) => said.push(LineSettled { line: change.line.clone(), take }),
            // It only repeats what is agreed already.
            None if take => {}
            None => return None,
        }
    }
    (!said.is_empty()).then_some(said)
}

/// Whether a line of a change wants one of the order just as it stands.
pub(in crate::changes) fn stands(standing: &[OrderedLine], change: &ChangeLine) -> bool {
    standing.iter().any(|it| it.line == change.line && is_so(change, it))
}

/// Whether a change wants a line just as it stands.
fn is_so(change: &ChangeLine, stands: &OrderedLine) -> bool {
    let same = |wanted: &Option<String>, stands: &str| {
        wanted.as_deref().is_none_or(|wanted| {
            wanted.parse::<Decimal>().ok() == stands.parse::<Decimal>().ok()
        })
    };
    same(&change.quantity, &stands.quantity)
        && same(&change.unit_price, &stands.unit_price)
        && change.requested_on.is_none_or(|it| Some(it) == stands.requested_on)
}

impl Countered {
    fn settled(&self, take: bool) -> ChangeLine {
        let kind = if take { ChangeKind::Changed } else { ChangeKind::Deleted };
        let line = about(self.ordered.line.clone(), kind, &self.ordered);
        let offer = if take { self.offer.clone() } else { LineOffer::default() };
        ChangeLine {
            quantity: offer.quantity,
            unit_price: offer.unit_price,
            requested_on: offer.requested_on,
            accepted: Some(true),
            ..line
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::ordered, *};

    fn countered() -> Vec<Countered> {
        let offer = |quantity: &str| LineOffer {
            quantity: Some(quantity.to_owned()),
            unit_price: Some("4.20".to_owned()),
            requested_on: None,
        };
        let both = ordered().into_iter().zip(["2", "1"]);
        both.map(|(ordered, quantity)| Countered { ordered, offer: offer(quantity) })
            .collect()
    }

    fn says(line: &str, take: bool) -> LineSettled {
        LineSettled { line: line.to_owned(), take }
    }

    #[test]
    fn what_is_taken_is_as_offered_and_what_is_refused_is_ordered_no_more() {
        let (state, lines) =
            settle(&countered(), &[says("2", false), says("1", true)]).unwrap();
        assert_eq!(state, ChangeState::AcceptedInPart);
        assert_eq!((lines[0].kind, &lines[0].quantity), (ChangeKind::Deleted, &None));
        let two = Some("2".to_owned());
        assert_eq!((lines[1].kind, &lines[1].quantity), (ChangeKind::Changed, &two));
        assert!(lines.iter().all(|it| it.accepted == Some(true)));
        let state = |said: &[LineSettled]| settle(&countered(), said).map(|it| it.0);
        assert_eq!(state(&[says("1", true)]), Ok(ChangeState::Accepted));
        assert_eq!(state(&[says("1", false)]), Ok(ChangeState::Rejected));
        assert_eq!(state(&[]), Err(ChangeError::NothingSettled));
        for bad in [vec![says("3", true)], vec![says("1", true), says("1", false)]] {
            assert!(matches!(state(&bad), Err(ChangeError::Line(..))), "{bad:?}");
        }
    }

    #[test]
    fn a_change_that_says_what_is_offered_takes_the_offer_and_any_other_asks() {
        let [mut one, two] = [0, 1].map(|at| ordered()[at].clone());
        one.quantity = "2".to_owned();
        one.unit_price = "4.20".to_owned();
        let standing = [one.clone(), two];
        let offers = &countered()[..1];
        let change =
            |line: &str, kind, quantity: Option<&str>, price: Option<&str>| ChangeLine {
                quantity: quantity.map(str::to_owned),
                unit_price: price.map(str::to_owned),
                ..about(line.to_owned(), kind, &one)
            };
        let as_offered = change("1", ChangeKind::Changed, Some("2.0"), Some("4.2"));
        let said = |asked: &[ChangeLine]| settles(offers, &standing, asked);
        assert_eq!(said(std::slice::from_ref(&as_offered)), Some(vec![says("1", true)]));
        let repeats = change("2", ChangeKind::Changed, Some("3"), Some("4.15"));
        let both = [as_offered.clone(), repeats.clone()];
        assert_eq!(said(&both), Some(vec![says("1", true)]));
        let gone = change("1", ChangeKind::Deleted, None, None);
        assert_eq!(said(&[gone]), Some(vec![says("1", false)]));
        for asks in [
            change("1", ChangeKind::Changed, Some("3"), Some("4.2")),
            change("2", ChangeKind::Deleted, None, None),
            change("2", ChangeKind::Changed, Some("9"), None),
            change("3", ChangeKind::Added, Some("1"), Some("1")),
        ] {
            assert_eq!(said(&[as_offered.clone(), asks.clone()]), None, "{asks:?}");
        }
        assert_eq!(said(&[repeats]), None, "it speaks of no offer");
    }
}
