/// What is wrong with a client's frame.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Broken {
    /// Longer than [`MAX_FRAME_BYTES`](crate::MAX_FRAME_BYTES).
    #[error("the frame is {0} bytes long; 65536 are the most")]
    TooBig(usize),
    /// Nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH), first at this byte.
    #[error("the frame nests deeper than 16 at byte {0}")]
    TooDeep(usize),
    /// No JSON object with a text `t`.
    #[error("the frame is no JSON object with `t`: {0}")]
    NotAFrame(String),
    /// A frame that this version does not know. The connection stays.
    #[error("there is no frame `{t}`")]
    Unknown {
        /// Its `t`, at most 32 characters of it.
        t: String,
        /// Its `id`, to answer it by.
        id: Option<u64>,
    },
    /// A field of a known frame is missing, or is not what it must be.
    #[error("the frame `{t}` is wrong: {why}")]
    Field {
        /// Its `t`.
        t: String,
        /// What is wrong.
        why: String,
    },
}
