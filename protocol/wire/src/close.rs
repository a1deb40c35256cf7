/// Why a socket is closed. Below 4500 a client must not come back by itself.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Close {
    /// No, or no valid, `hello` in time.
    NotAuthenticated,
    /// The session is over, or its rights are.
    Forbidden,
    /// A frame was too long.
    FrameTooBig,
    /// A frame made no sense.
    Protocol,
    /// The `hello` names a version that is not spoken here.
    Version,
    /// Something failed on our side, or the client fell silent.
    ServerError,
    /// The hub is going away, and comes back.
    GoingAway,
    /// The client does not read fast enough.
    Slow,
    /// Too many sockets.
    TooMany,
}

impl Close {
    /// Every reason, in the order of the codes.
    pub const ALL: [Self; 9] = [
        Self::NotAuthenticated,
        Self::Forbidden,
        Self::FrameTooBig,
        Self::Protocol,
        Self::Version,
        Self::ServerError,
        Self::GoingAway,
        Self::Slow,
        Self::TooMany,
    ];

    /// Its code on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::NotAuthenticated => 4001,
            Self::Forbidden => 4003,
            Self::FrameTooBig => 4009,
            Self::Protocol => 4010,
            Self::Version => 4400,
            Self::ServerError => 4500,
            Self::GoingAway => 4503,
            Self::Slow => 4508,
            Self::TooMany => 4529,
        }
    }

    /// Whether the client should come back.
    pub const fn retries(self) -> bool {
        self.code() >= 4500
    }
}

#[cfg(test)]
mod tests {
    use super::Close;

    #[test]
    fn codes_ascend_and_part_the_fatal_from_the_passing() {
        assert!(Close::ALL.is_sorted_by_key(|close| close.code()));
        let fatal = Close::ALL.into_iter().filter(|close| !close.retries()).count();
        assert_eq!(fatal, 5);
    }
}
