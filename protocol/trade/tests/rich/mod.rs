//! Documents rich in all fields, drawn from a number.

use rust_decimal::Decimal;
use trade::{
    Amount, Break, Channel, Charge, Confirmation, Contact, DateOf, Delivery, Document,
    Identifier, Kind, Line, Mark, Note, OrderOf, Package, Party, PaymentTerm, Product,
    QuantityOf, Reference, Schedule, Tax, Transport,
};

/// A source of choices; equal numbers give equal documents.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.below(words.len() as u64)).unwrap_or_default()]
    }

    fn word(&mut self, words: &[&str]) -> String {
        self.of(words).to_owned()
    }

    fn perhaps(&mut self, words: &[&str]) -> Option<String> {
        self.often().then(|| self.word(words))
    }

    fn some<T>(&mut self, most: u64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn number(&mut self, most: u64, scale: u32) -> Decimal {
        let scale = u32::try_from(self.below(u64::from(scale) + 1)).unwrap_or_default();
        Decimal::new(i64::try_from(self.below(most) + 1).unwrap_or(1), scale).normalize()
    }

    fn text(&mut self, words: u64) -> String {
        const WORDS: [&str; 20] = [
            "Widget",
            "blue",
            "für",
            "Größe",
            "x*y",
            "a:b",
            "it's",
            "50%",
            "+",
            "~",
            "Straße",
            "ship",
            "by",
            "rail?",
            "naïve",
            "no",
            "returns",
            "Łódź",
            "|",
            "extraordinarily-long",
        ];
        let count = self.below(words) + 1;
        let own: Vec<&str> = (0..count).map(|_| self.of(&WORDS)).collect();
        own.join(" ")
    }

    fn moment(&mut self) -> String {
        let day = self.below(28) + 1;
        match self.below(9) {
            0 => format!("2026-11-{day:02}T18:30"),
            1 => "2026-12".to_owned(),
            2 => format!("2026-11-{day:02}/2026-12-{day:02}"),
            3 => "2026-W47".to_owned(),
            4 => format!("2026-11-{day:02}T00:00:07"),
            _ => self.day(),
        }
    }

    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", self.below(12) + 1, self.below(28) + 1)
    }

    fn id(&mut self) -> String {
        let lead = self.of(&["A-", "7", "PO/", "X 1 ", "ref_"]).to_owned();
        format!("{lead}{}", self.below(1_000_000))
    }

    fn unit(&mut self) -> String {
        self.word(&[
            "PCE",
            "EA",
            "KGM",
            "MTR",
            "C62",
            "DZN",
            "HUR",
            "x12:ZZ",
            "edifact:NAR",
        ])
    }

    fn reference(&mut self) -> Reference {
        Reference {
            kind: self.word(&[
                "contract",
                "customer_order",
                "invoice",
                "price_list",
                "x12:QZ",
                "order",
                "bill_of_lading",
            ]),
            number: self.id(),
            date: (self.below(4) == 0).then(|| self.moment()),
        }
    }

    fn date(&mut self) -> DateOf {
        let kind = self.word(&[
            "requested_delivery",
            "latest_delivery",
            "expiry",
            "edifact:318",
            "x12:999",
        ]);
        DateOf { kind, date: self.moment() }
    }

    fn contact(&mut self) -> Contact {
        Contact {
            desk: self.perhaps(&["order", "accounts_payable", "information"]),
            name: self.text(4),
            channels: self.some(4, |draw| Channel {
                kind: draw.word(&["phone", "email", "fax", "web"]),
                value: draw.id(),
            }),
        }
    }

    fn party(&mut self) -> Party {
        Party {
            role: self
                .word(&["buyer", "seller", "ship_to", "bill_to", "carrier", "x12:Z9"]),
            name: if self.often() { self.text(20) } else { String::new() },
            id: self.often().then(|| Identifier {
                scheme: self.word(&[
                    "gln",
                    "duns",
                    "assigned_by_buyer",
                    "agreed",
                    "duns_with_suffix",
                ]),
                value: "5412345000013".to_owned(),
            }),
            street: self.some(5, |draw| draw.text(6)),
            city: self.perhaps(&["Reno", "A", "Köln"]),
            region: self.perhaps(&["NV", "Nordrhein-Westfalen"]),
            postal_code: self.perhaps(&["89501", "1"]),
            country: self.perhaps(&["US", "DE"]),
            references: self.some(2, Self::reference),
            contacts: self.some(2, Self::contact),
        }
    }

    fn note(&mut self) -> Note {
        Note {
            kind: self.perhaps(&["delivery", "general", "invoice"]),
            label: (self.below(4) == 0).then(|| self.id()),
            language: (self.below(3) == 0).then(|| self.word(&["de", "fr"])),
            text: if self.below(8) == 0 {
                "two  blanks\nand a line".into()
            } else {
                self.text(120)
            },
        }
    }

    fn charge(&mut self) -> Charge {
        Charge {
            direction: self.word(&["allowance", "charge"]),
            service: self.perhaps(&[
                "freight",
                "discount",
                "packing",
                "x12:I530",
                "edifact:ABL",
            ]),
            amount: self.often().then(|| self.number(99_999, 3)),
            percent: self
                .perhaps(&["5", "2.5", "0.125"])
                .and_then(|text| text.parse().ok()),
            rate: (self.below(4) == 0).then(|| self.number(500, 2)),
            quantity: (self.below(4) == 0).then(|| self.number(500, 0)),
            unit: (self.below(4) == 0).then(|| self.unit()),
            settlement: self.perhaps(&["off_invoice", "credit"]),
            text: self.often().then(|| self.text(12)),
        }
    }

    fn tax(&mut self) -> Tax {
        Tax {
            kind: self.word(&["vat", "state_sales", "other"]),
            amount: self.often().then(|| self.number(99_999, 2)),
            base: self.often().then(|| self.number(99_999, 2)),
            percent: self
                .perhaps(&["19", "7", "8.375"])
                .and_then(|text| text.parse().ok()),
            category: self.perhaps(&["standard", "exempt", "reverse_charge"]),
            number: self.perhaps(&["DE123456789"]),
        }
    }

    fn amount(&mut self) -> Amount {
        let kind = self.word(&["lines", "taxable", "tax", "payable", "charges"]);
        Amount { kind, amount: self.number(9_999_999, 3) }
    }

    fn line(&mut self, kind: Kind, place: u64, packages: u64) -> Line {
        let number =
            if self.below(6) == 0 { format!("{place}-A") } else { place.to_string() };
        let answers = matches!(kind, Kind::OrderAnswer | Kind::OrderChangeAnswer);
        let dispatch = kind == Kind::DispatchAdvice;
        Line {
            number,
            change: self.perhaps(&["added", "changed", "quantity_increased"]),
            quantity: self.often().then(|| self.number(100_000, 3)),
            open_quantity: (self.below(4) == 0).then(|| self.number(100, 0)),
            unit: self.unit(),
            price: self.often().then(|| self.number(9_999_999, 4)),
            price_per: self
                .perhaps(&["1", "100", "12"])
                .and_then(|text| text.parse().ok()),
            price_unit: (self.below(5) == 0).then(|| self.unit()),
            price_kind: (self.below(5) == 0).then(|| self.word(&["gross", "net"])),
            breaks: self.some(2, |draw| Break {
                from: Some(draw.number(1000, 0)),
                unit: None,
                price: draw.number(9999, 2),
            }),
            products: self.some(12, |draw| Product {
                kind: draw.word(&["buyer", "vendor", "ean", "upc", "x12:ZZ", "gtin"]),
                value: draw.id(),
            }),
            description: self.often().then(|| self.text(60)),
            schedules: self.some(2, |draw| Schedule {
                quantity: draw.number(100, 1),
                unit: None,
                kind: "requested_delivery".into(),
                date: draw.moment(),
            }),
            confirmations: if answers {
                self.some(2, |draw| Confirmation {
                    status: draw.word(&[
                        "accepted",
                        "changed",
                        "rejected",
                        "back_ordered",
                        "x12:IF",
                    ]),
                    quantity: draw.often().then(|| draw.number(100, 1)),
                    unit: None,
                    date_kind: Some("promised".into()),
                    date: draw.often().then(|| draw.moment()),
                })
            } else {
                Vec::new()
            },
            quantities: self.some(1, |draw| QuantityOf {
                kind: "back_ordered".into(),
                quantity: draw.number(100, 0),
                unit: None,
            }),
            dates: self.some(2, Self::date),
            references: self.some(2, Self::reference),
            notes: self.some(2, Self::note),
            parties: self.some(1, Self::party),
            charges: self.some(2, Self::charge),
            taxes: self.some(2, Self::tax),
            amounts: self.some(1, |draw| Amount {
                kind: "line".into(),
                amount: draw.number(99_999, 2),
            }),
            package: (dispatch && packages > 0 && self.often())
                .then(|| (self.below(packages) + 1).to_string()),
            order: (dispatch && self.below(4) == 0)
                .then(|| OrderOf { number: self.word(&["PO-2", "PO-3"]), date: None }),
        }
    }

    /// A document of a kind.
    pub(crate) fn document(&mut self, kind: Kind) -> Document {
        let packages = if kind == Kind::DispatchAdvice { self.below(4) } else { 0 };
        let mut document = Document {
            kind,
            number: if self.below(8) == 0 {
                "A-NUMBER-THAT-IS-RATHER-LONG".into()
            } else {
                self.id()
            },
            date: Some(if self.below(5) == 0 {
                "2026-11-20T08:15".into()
            } else {
                self.day()
            }),
            purpose: self.word(&[
                "original",
                "change",
                "confirmation",
                "duplicate",
                "x12:18",
            ]),
            order_type: self.perhaps(&["stand_alone", "blanket", "drop_shipment"]),
            release: (self.below(6) == 0).then(|| self.id()),
            answer: self.perhaps(&["accepted", "changed", "rejected"]),
            about: self.often().then(|| Reference {
                kind: "order".into(),
                number: self.id(),
                date: self.often().then(|| self.day()),
            }),
            currency: self.perhaps(&["EUR", "USD"]),
            references: self.some(3, Self::reference),
            dates: self.some(3, Self::date),
            parties: self.some(3, Self::party),
            contacts: self.some(1, Self::contact),
            notes: self.some(2, Self::note),
            payment_terms: self.some(2, |draw| PaymentTerm {
                kind: draw.word(&["net", "discount", "end_of_month"]),
                from: draw.perhaps(&["invoice_date", "receipt_of_goods"]),
                days: draw.often().then(|| draw.number(90, 0)),
                date: draw.often().then(|| draw.moment()),
                percent: draw.perhaps(&["2", "2.5"]).and_then(|text| text.parse().ok()),
                amount: draw.often().then(|| draw.number(999, 3)),
                text: draw.often().then(|| draw.text(5)),
            }),
            delivery: self.often().then(|| Delivery {
                payment: self.perhaps(&["prepaid", "collect"]),
                incoterm: self.perhaps(&["FCA", "DDP", "DAP"]),
                place_kind: self.perhaps(&["destination", "origin"]),
                place: self.perhaps(&["Hamburg", "Reno, NV"]),
            }),
            transport: self.some(2, |draw| Transport {
                mode: draw.perhaps(&["road", "sea", "air"]),
                carrier: draw.perhaps(&["ABCD"]),
                name: draw.perhaps(&[
                    "Fast & Co",
                    "A carrier with a name of more than 35 letters",
                ]),
                service: draw.perhaps(&["ND"]),
            }),
            charges: self.some(3, Self::charge),
            taxes: self.some(2, Self::tax),
            lines: (1..=self.below(4) + 1)
                .map(|place| self.line(kind, place, packages))
                .collect(),
            packages: Vec::new(),
            amounts: self.some(2, Self::amount),
            ..Document::default()
        };
        for place in 1..=packages {
            let parent = (place > 1 && self.often())
                .then(|| (self.below(place - 1) + 1).to_string());
            document.packages.push(Package {
                number: place.to_string(),
                parent,
                kind: self.perhaps(&["pallet", "carton"]),
                count: self.often().then(|| self.number(9, 0)),
                marks: self.some(2, |draw| Mark {
                    kind: draw.word(&["sscc", "lot"]),
                    value: format!("00340123450000000{}", draw.below(10)),
                }),
            });
        }
        if self.often() {
            let amount = self.number(9_999_999, 3);
            document.amounts.push(Amount { kind: "total".into(), amount });
        }
        if kind == Kind::Invoice {
            document.invoice_type =
                self.perhaps(&["credit_note", "debit_note", "x12:CI"]);
        }
        document
    }
}
