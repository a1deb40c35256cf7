//! Words of ours for the codes of both dialects.

use std::borrow::Cow;

/// The two dialects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dialect {
    X12,
    Edifact,
}

impl Dialect {
    fn prefix(self) -> &'static str {
        match self {
            Self::X12 => "x12:",
            Self::Edifact => "edifact:",
        }
    }
}

/// Words with the code of X12 and the code of EDIFACT; the first match counts.
pub(crate) struct Words(&'static [(&'static str, &'static str, &'static str)]);

impl Words {
    /// The word for a code, or the code with the name of its dialect.
    pub(crate) fn word(&self, dialect: Dialect, code: &str) -> String {
        let of = |row: &&(&str, &str, &str)| match dialect {
            Dialect::X12 => row.1 == code,
            Dialect::Edifact => row.2 == code,
        };
        let found = self.0.iter().find(of).map(|row| row.0.to_owned());
        found.unwrap_or_else(|| format!("{}{code}", dialect.prefix()))
    }

    /// The code for a word; none where the dialect has none.
    pub(crate) fn code<'a>(
        &self,
        dialect: Dialect,
        word: &'a str,
    ) -> Option<Cow<'a, str>> {
        if let Some(code) = word.strip_prefix(dialect.prefix()) {
            return Some(Cow::Borrowed(code));
        }
        let row = self.0.iter().find(|row| row.0 == word)?;
        let code = match dialect {
            Dialect::X12 => row.1,
            Dialect::Edifact => row.2,
        };
        (!code.is_empty()).then_some(Cow::Borrowed(code))
    }
}

/// X12 98, EDIFACT 3035.
pub(crate) const ROLES: Words = Words(&[
    ("buyer", "BY", "BY"),
    ("seller", "SE", "SE"),
    ("supplier", "SU", "SU"),
    ("ship_to", "ST", "DP"),
    ("bill_to", "BT", "IV"),
    ("ship_from", "SF", "SF"),
    ("payee", "PE", "PE"),
    ("consignee", "CN", "CN"),
    ("vendor", "VN", "VN"),
    ("maker", "MF", "MF"),
    ("end_user", "EN", "UC"),
    ("invoice_issuer", "II", "II"),
]);

/// X12 66, EDIFACT 3055.
pub(crate) const SCHEMES: Words = Words(&[
    ("duns", "1", "16"),
    ("duns", "9", "16"),
    ("gln", "UL", "9"),
    ("assigned_by_seller", "91", "91"),
    ("assigned_by_buyer", "92", "92"),
    ("agreed", "ZZ", "ZZZ"),
]);

/// X12 128, EDIFACT 1153.
pub(crate) const REFERENCES: Words = Words(&[
    ("order", "PO", "ON"),
    ("contract", "CT", "CT"),
    ("quote", "PR", "AAG"),
    ("customer_order", "CO", "CO"),
    ("supplier_order", "VN", "VN"),
    ("customer_reference", "CR", "CR"),
    ("invoice", "IV", "IV"),
    ("delivery_note", "DJ", "DQ"),
    ("bill_of_lading", "BM", "BM"),
    ("price_list", "PL", "PL"),
    ("promotion", "PD", "PD"),
    ("shipment", "SI", "SRN"),
]);

/// X12 374, EDIFACT 2005.
pub(crate) const DATES: Words = Words(&[
    ("requested_delivery", "002", "2"),
    ("invoice", "003", "3"),
    ("order", "004", "4"),
    ("requested_shipment", "010", "10"),
    ("shipped", "011", "11"),
    ("estimated_delivery", "017", "17"),
    ("delivered", "035", "35"),
    ("expiry", "036", "36"),
    ("not_before", "037", "37"),
    ("latest_shipment", "038", "38"),
    ("latest_delivery", "063", "63"),
    ("earliest_delivery", "064", "64"),
    ("current_schedule", "067", "67"),
    ("promised", "069", "69"),
]);

/// X12 235, EDIFACT 7143.
pub(crate) const PRODUCTS: Words = Words(&[
    ("buyer", "BP", "BP"),
    ("vendor", "VP", "VP"),
    ("supplier_article", "VN", "SA"),
    ("upc", "UP", "UP"),
    ("ean", "EN", "EN"),
    ("gtin", "UK", "SRV"),
    ("maker", "MG", "MF"),
    ("buyer_item", "IN", "IN"),
    ("stock_keeping_unit", "SK", "SK"),
]);

/// X12 353, EDIFACT 1225.
pub(crate) const PURPOSES: Words = Words(&[
    ("original", "00", "9"),
    ("cancellation", "01", "1"),
    ("change", "04", "4"),
    ("replacement", "05", "5"),
    ("duplicate", "07", "7"),
]);

/// X12 92, EDIFACT 1001.
pub(crate) const ORDER_TYPES: Words = Words(&[
    ("stand_alone", "SA", "220"),
    ("blanket", "BK", "221"),
    ("rush", "RO", "224"),
    ("new", "NE", "220"),
]);

/// X12 587, EDIFACT 4343.
pub(crate) const ANSWERS: Words = Words(&[
    ("accepted", "AD", "AP"),
    ("accepted", "AT", "AP"),
    ("accepted", "AP", "AP"),
    ("changed", "AC", "AC"),
    ("rejected", "RD", "RE"),
    ("rejected", "RJ", "RE"),
    ("received", "AK", "AB"),
]);

/// X12 668, EDIFACT 1229.
pub(crate) const LINE_ANSWERS: Words = Words(&[
    ("accepted", "IA", "5"),
    ("changed", "IC", "6"),
    ("changed", "IC", "3"),
    ("rejected", "IR", "7"),
    ("quantity_changed", "IQ", "6"),
    ("price_changed", "IP", "6"),
    ("date_changed", "DR", "6"),
    ("back_ordered", "IB", "6"),
    ("deleted", "ID", "2"),
]);

/// X12 670, EDIFACT 1229.
pub(crate) const CHANGES: Words = Words(&[
    ("added", "AI", "1"),
    ("deleted", "DI", "2"),
    ("changed", "CA", "3"),
    ("quantity_increased", "QI", "3"),
    ("quantity_decreased", "QD", "3"),
    ("price_changed", "PC", "3"),
    ("replaced", "RZ", "3"),
]);

/// UN/ECE recommendation 20, as D.96A and D.01B use it; X12 355.
pub(crate) const UNITS: Words = Words(&[
    ("EA", "EA", "EA"),
    ("PCE", "PC", "PCE"),
    ("C62", "UN", "C62"),
    ("KGM", "KG", "KGM"),
    ("GRM", "GR", "GRM"),
    ("LBR", "LB", "LBR"),
    ("ONZ", "OZ", "ONZ"),
    ("STN", "TN", "STN"),
    ("TNE", "MP", "TNE"),
    ("LTR", "LT", "LTR"),
    ("MLT", "ML", "MLT"),
    ("GLL", "GA", "GLL"),
    ("MTR", "MR", "MTR"),
    ("CMT", "CM", "CMT"),
    ("MMT", "MM", "MMT"),
    ("KMT", "DK", "KMT"),
    ("FOT", "FT", "FOT"),
    ("INH", "IN", "INH"),
    ("YRD", "YD", "YRD"),
    ("SMI", "DH", "SMI"),
    ("MTK", "SM", "MTK"),
    ("FTK", "SF", "FTK"),
    ("YDK", "SY", "YDK"),
    ("MTQ", "CR", "MTQ"),
    ("FTQ", "CF", "FTQ"),
    ("YDQ", "CY", "YDQ"),
    ("MIN", "MJ", "MIN"),
    ("HUR", "HR", "HUR"),
    ("DAY", "DA", "DAY"),
    ("WEE", "WK", "WEE"),
    ("MON", "MO", "MON"),
    ("ANN", "YR", "ANN"),
    ("DZN", "DZ", "DZN"),
    ("PR", "PR", "PR"),
    ("SET", "ST", "SET"),
    ("KT", "KT", "KT"),
    ("GRO", "GS", "GRO"),
    ("CEN", "HU", "CEN"),
    ("MIL", "TH", "MIL"),
    ("KWH", "KH", "KWH"),
    ("ACR", "AC", "ACR"),
    ("HAR", "HQ", "HAR"),
    ("BX", "BX", "BX"),
    ("CT", "CT", "CT"),
    ("CS", "CA", "CS"),
    ("PK", "PK", "PK"),
    ("BG", "BG", "BG"),
    ("BO", "BO", "BO"),
    ("RO", "RL", "RO"),
    ("DR", "DR", "DR"),
    ("JR", "JR", "JR"),
    ("PF", "PL", "PF"),
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_itself_in_x12() {
        for words in [
            ROLES, SCHEMES, REFERENCES, DATES, PRODUCTS, PURPOSES, ANSWERS, CHANGES,
            UNITS,
        ] {
            for (word, _, _) in words.0 {
                let code = words.code(Dialect::X12, word).unwrap();
                assert_eq!(words.word(Dialect::X12, &code), *word);
            }
        }
    }

    #[test]
    fn a_code_without_a_word_keeps_the_name_of_its_dialect() {
        let word = REFERENCES.word(Dialect::X12, "ZZ");
        assert_eq!(word, "x12:ZZ");
        assert_eq!(REFERENCES.code(Dialect::X12, &word).as_deref(), Some("ZZ"));
        assert_eq!(REFERENCES.code(Dialect::Edifact, &word), None);
    }
}
