use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person is, inside one organisation.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize, ToSchema, sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    /// Answers for the organisation, and is the last to leave it.
    Owner,
    /// Runs it: people, settings, the log.
    Admin,
    /// Runs the partner programme.
    ChannelManager,
    /// Sells.
    Seller,
    /// Runs campaigns.
    Marketer,
    /// Buys.
    Buyer,
    /// Serves customers.
    Support,
    /// Watches over the exchange of documents.
    EdiOperator,
    /// Answers for the money.
    Finance,
    /// May look.
    Viewer,
}

/// Why a text is no [`Role`].
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not a role")]
pub struct RoleError(String);

impl Role {
    /// Every role, in the order the matrix prints.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::Admin,
        Self::ChannelManager,
        Self::Seller,
        Self::Marketer,
        Self::Buyer,
        Self::Support,
        Self::EdiOperator,
        Self::Finance,
        Self::Viewer,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::ChannelManager => "channel_manager",
            Self::Seller => "seller",
            Self::Marketer => "marketer",
            Self::Buyer => "buyer",
            Self::Support => "support",
            Self::EdiOperator => "edi_operator",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
        }
    }

    /// Whether it runs the organisation: owner or admin.
    pub const fn governs(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(text: &str) -> Result<Self, RoleError> {
        let known = Self::ALL.into_iter().find(|role| role.word() == text);
        known.ok_or_else(|| RoleError(text.to_owned()))
    }
}
