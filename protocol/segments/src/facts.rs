//! The tables that come with the crate, as text for [`Release::read`](crate::Release::read).

/// X12 004010: 810, 820, 840, 843, 850, 855, 856, 860, 864, 865, 997.
pub const X12_004010: &str = include_str!("../tables/x12-004010.txt");
/// X12 005010: the same sets, and 999.
pub const X12_005010: &str = include_str!("../tables/x12-005010.txt");
/// X12 TA1, which no transaction set holds.
pub const X12_ENVELOPE: &str = include_str!("../tables/x12-envelope.txt");
/// X12 code lists.
pub const X12_CODES: &str = include_str!("../tables/x12-codes.txt");
/// X12 code lists that are known as a whole for 004010.
pub const X12_004010_CODES: &str = include_str!("../tables/x12-004010-codes.txt");
/// X12 codes that the maps of trade use, in part.
pub const X12_CODES_MAPPED: &str = include_str!("../tables/x12-codes-mapped.txt");
/// UN/EDIFACT D.96A: APERAK, DESADV, INVOIC, ORDCHG, ORDERS, ORDRSP, QUOTES, REQOTE.
pub const EDIFACT_D96A: &str = include_str!("../tables/edifact-d96a.txt");
/// UN/EDIFACT D.01B: the same messages.
pub const EDIFACT_D01B: &str = include_str!("../tables/edifact-d01b.txt");
/// ISO 9735 syntax 1 to 3: service segments and CONTRL.
pub const EDIFACT_SERVICE_3: &str = include_str!("../tables/edifact-service-3.txt");
/// ISO 9735 syntax 4: service segments and CONTRL.
pub const EDIFACT_SERVICE_4: &str = include_str!("../tables/edifact-service-4.txt");
/// UN/EDIFACT code lists.
pub const EDIFACT_CODES: &str = include_str!("../tables/edifact-codes.txt");

/// UN/EDIFACT code lists that are known as a whole, without words.
pub const EDIFACT_CODE_LISTS: &str = include_str!("../tables/edifact-code-lists.txt");

/// UN/EDIFACT codes that the maps of trade use, in part.
pub const EDIFACT_CODES_MAPPED: &str = include_str!("../tables/edifact-codes-mapped.txt");

/// What people see, in English, French and Spanish.
pub const WORDS: &str = include_str!("../tables/words.txt");

/// The releases of X12: how GS08 begins, and the tables.
pub const X12: &[(&str, &[&str])] = &[
    (
        "004010",
        &[X12_004010, X12_ENVELOPE, X12_CODES, X12_004010_CODES, X12_CODES_MAPPED],
    ),
    ("005010", &[X12_005010, X12_ENVELOPE, X12_CODES, X12_CODES_MAPPED]),
];

/// The directories of UN/EDIFACT, each with syntax 3 (and before) and 4: 0054, the syntax, and
/// the tables.
pub const EDIFACT: &[(&str, u8, &[&str])] = &[
    (
        "96A",
        3,
        &[
            EDIFACT_D96A,
            EDIFACT_SERVICE_3,
            EDIFACT_CODES,
            EDIFACT_CODE_LISTS,
            EDIFACT_CODES_MAPPED,
        ],
    ),
    (
        "96A",
        4,
        &[
            EDIFACT_D96A,
            EDIFACT_SERVICE_4,
            EDIFACT_CODES,
            EDIFACT_CODE_LISTS,
            EDIFACT_CODES_MAPPED,
        ],
    ),
    (
        "01B",
        3,
        &[
            EDIFACT_D01B,
            EDIFACT_SERVICE_3,
            EDIFACT_CODES,
            EDIFACT_CODE_LISTS,
            EDIFACT_CODES_MAPPED,
        ],
    ),
    (
        "01B",
        4,
        &[
            EDIFACT_D01B,
            EDIFACT_SERVICE_4,
            EDIFACT_CODES,
            EDIFACT_CODE_LISTS,
            EDIFACT_CODES_MAPPED,
        ],
    ),
];
