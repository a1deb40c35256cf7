//! A request for quote out of an 840 or a REQOTE, and the quote that answers it: by the canonical
//! document, in the dialect and release that the request came in.

use commerce::{orders::Clues, quotes::QuoteLine, rfqs::Wanted};
use kernel::Fault;
use trade::{Document, Kind, Left, Line, Party, Product};

use super::{
    Came, Paper, Wire, canonical, clues, day, iso_day, plain, reference, written,
};
use crate::interchanges::{NotCarried, clean};

/// A request, as a buyer sent it.
pub(crate) struct Asked {
    /// What is asked.
    pub(crate) wanted: Wanted,
    /// Who asks, if it says.
    pub(crate) name: Option<String>,
    /// What it says about its deal.
    pub(crate) clues: Clues,
    /// What the request says and we do not hold but in its paper.
    pub(crate) left: Vec<NotCarried>,
}

/// The longest words of a line, and of a note, in characters.
const DESCRIPTION: usize = 200;
const NOTE: usize = 2_000;

/// The request that a document is.
///
/// # Errors
/// In plain words, what keeps it from being one.
pub(super) fn asked(paper: Paper<'_, '_>) -> Result<Asked, String> {
    let read = canonical(paper).map_err(|broken| broken.to_string())?;
    let document = read.outcome;
    let number = clean(document.number.trim());
    if number.is_empty() {
        return Err("the request has no number (BQT02, or BGM 1004)".to_owned());
    }
    let known = matches!(document.purpose.as_str(), "" | "original" | "duplicate");
    if document.kind != Kind::RequestForQuote || !known {
        return Err(format!(
            "request {number} is no new request (BQT01, or BGM 1225); send it as an original"
        ));
    }
    let mut left: Vec<_> = read.left.iter().map(NotCarried::from).collect();
    let mut lines = Vec::with_capacity(document.lines.len());
    for (at, it) in (1..).zip(&document.lines) {
        lines.push(line(at, it, &number, &mut left)?);
    }
    let notes = document.notes.iter().map(|note| plain(&note.text));
    let note = notes.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n");
    let due = document.dates.iter().find(|it| it.kind == "expiry");
    let name = document.party("buyer").map(|party| plain(&party.name));
    let wanted = Wanted {
        number: Some(number),
        lines,
        note: short("its notes", &note, NOTE, &mut left),
        answer_by: due.and_then(|it| iso_day(&it.date)),
    };
    let name = name.filter(|it| !it.is_empty());
    Ok(Asked { wanted, name, clues: clues(&document), left })
}

/// Words, as many as are held; the rest is told of.
fn short(what: &str, text: &str, most: usize, left: &mut Vec<NotCarried>) -> String {
    let count = text.chars().count();
    if count > most {
        let why = format!("of its {count} characters, {most} are held beside the paper");
        left.push(NotCarried { what: what.to_owned(), why });
    }
    text.chars().take(most).collect()
}

/// A line of a request. The price is what the buyer hopes for.
fn line(
    ordinal: usize,
    line: &Line,
    number: &str,
    left: &mut Vec<NotCarried>,
) -> Result<QuoteLine, String> {
    let quantity = line.quantity.unwrap_or_default().normalize();
    if quantity.is_sign_negative() || quantity.is_zero() {
        return Err(format!("request {number}: line {ordinal} asks for nothing"));
    }
    let what = |what: &str| format!("line {ordinal}: {what}");
    let ours = line.products.iter().find(|product| product.kind == "vendor");
    let product = ours.or(line.products.first());
    let dates = line.dates.iter().map(|it| (&it.kind, &it.date));
    let dates = dates.chain(line.schedules.iter().map(|it| (&it.kind, &it.date)));
    let mut wanted = dates.filter(|(kind, _)| *kind == "requested_delivery");
    let deliver_on = wanted.find_map(|(_, date)| iso_day(date));
    if wanted.next().is_some() {
        let why = "of several deliveries, the first day is held beside the paper";
        left.push(NotCarried { what: what("its deliveries"), why: why.to_owned() });
    }
    let hoped = line.unit_price().map(|it| it.normalize());
    let price = hoped.filter(|it| it.scale() <= 6 && it.mantissa().abs() < PRICE);
    if line.price.is_some() && price.is_none() {
        let why = "its price of one unit is not known, or has too many digits";
        left.push(NotCarried { what: what("its price"), why: why.to_owned() });
    }
    let description = plain(line.description.as_deref().unwrap_or_default());
    Ok(QuoteLine {
        product: product.map(|it| plain(&it.value)).unwrap_or_default(),
        description: short(&what("its words"), &description, DESCRIPTION, left),
        quantity: quantity.to_string(),
        unit: clean(&line.unit),
        unit_price: price.filter(|it| !it.is_sign_negative()).map(|it| it.to_string()),
        price_per: 1,
        discount: None,
        deliver_on,
    })
}

/// Eleven digits, all told, are what a line of ours holds.
const PRICE: i128 = 100_000_000_000;

impl From<&Left> for NotCarried {
    fn from(left: &Left) -> Self {
        Self { what: clean(&left.what), why: left.why.clone() }
    }
}

impl Came<'_> {
    /// What a quote is called that answers it.
    pub(crate) const fn quote_kind(&self) -> &'static str {
        match self.wire {
            Wire::X12(_) => "843",
            Wire::Edifact(_) => "QUOTES",
        }
    }

    /// Writes a quote that answers it under these numbers, and tells what could not be carried.
    ///
    /// # Errors
    /// If what was read as a request before is none any more.
    pub(crate) fn quote(
        &self,
        document: &Document,
        numbers: x12::Numbers,
        stamp: &x12::Stamp,
    ) -> Result<(Vec<u8>, Vec<Left>), Fault> {
        let doing = "writing a quote";
        let papers = self.wire.papers();
        let paper = papers.get(self.ordinal).map(|(_, paper)| *paper);
        let gone = || Fault::broken(doing, "its request is not there any more");
        let paper = paper.ok_or_else(gone)?;
        let asked = canonical(paper).map_err(Fault::new(doing))?.outcome;
        let today = Some(day(&stamp.date)).filter(|it| !it.is_empty());
        let quote = Document { date: today, ..document.clone() };
        let quote = answering(quote, &asked);
        let mapped = match (&self.wire, paper) {
            (Wire::X12(wire), Paper::X12(_)) => {
                let envelope = x12::Envelope::answering(wire, numbers, stamp.clone());
                trade::to_x12(&quote, &envelope)
            }
            (Wire::Edifact(wire), Paper::Edifact(message)) => {
                let control = reference(numbers);
                let stamp = written(stamp);
                let envelope = edifact::Envelope::answering(wire, &control, stamp);
                let release = if message.head.release == "01B" { "01B" } else { "96A" };
                trade::to_edifact_of(&quote, &envelope, release)
            }
            (Wire::X12(_), Paper::Edifact(_)) | (Wire::Edifact(_), Paper::X12(_)) => {
                return Err(gone());
            }
        };
        Ok((mapped.outcome, mapped.left))
    }
}

/// The quote with what the buyer needs to know its own request again: the parties under their
/// identifiers, its date, and of each line that offers what a line of the request asks for, the
/// buyer's number of the line and of the product.
fn answering(mut quote: Document, asked: &Document) -> Document {
    for party in &mut quote.parties {
        // A request may call its seller the supplier (3035 of NAD).
        let supplier = || asked.party("supplier").filter(|_| party.role == "seller");
        if let Some(known) = asked.party(&party.role).or_else(supplier) {
            let name = std::mem::take(&mut party.name);
            let role = std::mem::take(&mut party.role);
            *party = Party { role, name, ..known.clone() };
        }
    }
    if let Some(about) = &mut quote.about {
        about.date.clone_from(&asked.date);
    }
    let mut free: Vec<Option<&Line>> = asked.lines.iter().map(Some).collect();
    let mut found: Vec<Option<&Line>> = vec![None; quote.lines.len()];
    for (line, its) in quote.lines.iter().zip(&mut found) {
        let place = free.iter().position(|it| it.is_some_and(|it| is_about(line, it)));
        *its = place.and_then(|place| free.get_mut(place)).and_then(Option::take);
    }
    // What is offered under the seller's own name alone stands where the buyer asked for it.
    for ((line, its), asked) in quote.lines.iter().zip(&mut found).zip(&mut free) {
        let same = |it: &&Line| (it.quantity, &it.unit) == (line.quantity, &line.unit);
        if its.is_none() && asked.as_ref().is_some_and(same) {
            *its = asked.take();
        }
    }
    for (line, its) in quote.lines.iter_mut().zip(&found) {
        let Some(its) = its else { continue };
        // What our line calls the vendor's may be the only name that the buyer gave.
        let named = |own: &Product| its.products.iter().any(|it| is_same(it, own));
        line.products.retain(|own| !named(own));
        let own = !line.products.is_empty();
        let theirs = its.products.iter().filter(|it| !own || it.kind != "vendor");
        line.products.splice(0..0, theirs.cloned());
    }
    // The buyer's numbers are taken where every line has one, and each another.
    let its = found.iter().flatten().map(|its| its.number.trim());
    let mut numbers: Vec<_> = its.collect();
    numbers.sort_unstable();
    numbers.dedup();
    let good = numbers.len() == quote.lines.len() && !numbers.contains(&"");
    if good {
        for (line, its) in quote.lines.iter_mut().zip(found.into_iter().flatten()) {
            its.number.trim().clone_into(&mut line.number);
        }
    }
    quote
}

fn is_same(one: &Product, other: &Product) -> bool {
    one.value.trim() == other.value.trim()
}

/// Whether two lines name one product, whoever gave it the name.
fn is_about(one: &Line, other: &Line) -> bool {
    one.products.iter().any(|own| other.products.iter().any(|its| is_same(its, own)))
}
