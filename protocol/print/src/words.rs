//! What a sheet says besides its document.

use segments::Language;

/// Words of a sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// `{page}` and `{pages}` are filled.
    pub(crate) page: &'static str,
    /// What the digits at the foot are.
    pub(crate) sha256: &'static str,
    /// Of a document that was not sent.
    pub(crate) draft: &'static str,
    /// The head of the column of prices before discount.
    pub(crate) list_price: &'static str,
    /// The head of the column of discounts.
    pub(crate) discount: &'static str,
    /// The sum of the lines.
    pub(crate) lines: &'static str,
}

impl Words {
    /// The words of a language.
    pub(crate) const fn of(language: Language) -> Self {
        match language {
            Language::English => Self {
                page: "Page {page} of {pages}",
                sha256: "SHA-256 of the document",
                draft: "Draft. This was not sent and binds nobody.",
                list_price: "List price",
                discount: "Discount",
                lines: "Sum of the lines",
            },
            Language::French => Self {
                page: "Page {page} sur {pages}",
                sha256: "SHA-256 du document",
                draft: "Brouillon. Ce document n’a pas été envoyé et n’engage personne.",
                list_price: "Prix tarif",
                discount: "Remise",
                lines: "Somme des lignes",
            },
            Language::Spanish => Self {
                page: "Página {page} de {pages}",
                sha256: "SHA-256 del documento",
                draft: "Borrador. No se ha enviado y no obliga a nadie.",
                list_price: "Precio de tarifa",
                discount: "Descuento",
                lines: "Suma de las líneas",
            },
        }
    }
}
