//! Moves of a partnership, with what they mean for the spaces that rest on it: a partnership
//! that ends leaves every one of them, in the same transaction.
