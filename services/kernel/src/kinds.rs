//! What ids name. One list, so that no prefix is used twice.

use crate::Kind;

macro_rules! kinds {
    ($( $(#[$doc:meta])+ $name:ident = $prefix:literal; )+) => {
        $(
            $(#[$doc])+
            #[derive(Debug)]
            pub enum $name {}
            impl Kind for $name {
                const PREFIX: &'static str = $prefix;
            }
            #[cfg(feature = "schema")]
            impl utoipa::PartialSchema for $name {
                fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                    <crate::Id<$name> as utoipa::PartialSchema>::schema()
                }
            }
            #[cfg(feature = "schema")]
            impl utoipa::ToSchema for $name {}
        )+

        #[cfg(test)]
        const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

kinds! {
    /// An organisation: the tenant.
    Organisation = "org";
    /// A person, whichever organisations they belong to.
    Person = "per";
    /// A person's place in an organisation.
    Membership = "mem";
    /// An invitation by mail link, to an organisation or a partnership.
    Invitation = "inv";
    /// A session of a browser.
    Session = "ses";
    /// A browser that takes notices while the app is closed.
    Device = "dev";
    /// A token for a program.
    Token = "tok";
    /// Two organisations that sell together.
    Partnership = "ptn";
    /// A space; a deal is one, and bears its id.
    Space = "deal";
    /// An organisation's part in a space.
    Party = "pty";
    /// A right that one organisation gave to another.
    Grant = "grt";
    /// A room: one log with one audience.
    Room = "room";
    /// A call in a room.
    Call = "call";
    /// Somebody's place in a call, from one device.
    Seat = "seat";
    /// A message that somebody found wrong.
    Report = "rpt";
    /// What an organisation keeps in spite of every rule: a legal hold.
    Hold = "hld";
    /// Somebody's place at a room, as far as mail goes.
    MailSeat = "mst";
    /// A file on a message.
    StoredFile = "fil";
    /// A space as a file, for one of its parties.
    Export = "exp";
    /// An outside contact, by mail.
    Guest = "gst";
    /// A product.
    Product = "prd";
    /// A price list.
    PriceList = "prl";
    /// An account: a customer in somebody's books.
    Account = "acc";
    /// A person at an account.
    Contact = "con";
    /// A deal that a partner registered with a vendor.
    Registration = "reg";
    /// Somebody who may buy, before there is a deal.
    Lead = "lead";
    /// A lead with one partner.
    LeadOffer = "lof";
    /// An import of accounts from a file.
    Import = "imp";
    /// Customers that an organisation compares with its partners'.
    Population = "pop";
    /// How far a population goes with a partner.
    MappingOffer = "mof";
    /// Two populations that are compared.
    MappingCell = "mcl";
    /// A wish to see the names behind a number.
    MappingAsk = "ask";
    /// Money of a vendor for what its partners do to sell.
    Fund = "fnd";
    /// A partner's part of a fund.
    FundAllocation = "fal";
    /// What a partner wants to do with money of a fund.
    FundRequest = "frq";
    /// What it cost, and what the fund is to pay.
    FundClaim = "fcl";
    /// A file that proves a claim.
    FundProof = "fpr";
    /// A request for quote.
    Rfq = "rfq";
    /// A quote.
    Quote = "quo";
    /// An order.
    Order = "ord";
    /// A dispatch advice: goods that are under way for an order.
    Shipment = "shp";
    /// An invoice, or what takes one back.
    Invoice = "ivc";
    /// An interchange: one EDI envelope, in or out.
    Interchange = "ich";
    /// What an inbox was narrowed to, kept under a name.
    SavedView = "svw";
    /// A key pair of an AS2 station.
    StationKey = "key";
    /// A trading partner of an AS2 station.
    TradingPartner = "trp";
    /// An AS2 message, in or out.
    As2Message = "asm";
    /// A mailbox by SFTP, ours or a partner's.
    SftpMailbox = "sbx";
    /// A file that came or went by SFTP.
    SftpFile = "sff";
    /// A trading partner by e-mail.
    MailPartner = "mpt";
    /// A file that came or went with a mail of a trading partner.
    MailFile = "mfl";
    /// A notification.
    Notification = "ntf";
    /// A mail on its way out.
    Letter = "ltr";
    /// A mail that came in.
    Arrival = "arr";
    /// An address to which an organisation sends no more mail.
    Suppression = "sup";
    /// A job in the queue.
    Job = "job";
    /// A node: one running process.
    Node = "node";
}

#[cfg(test)]
mod tests {
    use super::PREFIXES;

    #[test]
    fn no_prefix_is_used_twice() {
        let mut sorted = PREFIXES.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), PREFIXES.len());
    }
}
