//! All that a client can do wrong, and the one table that says what it costs.
use super::Reason;

/// Something in a client's input that the protocols do not allow, or that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    // Engine.IO, any transport.
    /// A packet type above 6, or none that is a digit.
    #[error("unknown engine packet type")]
    UnknownPacket,
    /// A text frame without even a type.
    #[error("empty text frame")]
    EmptyText,
    /// A ping: since version 4 only the server pings.
    #[error("ping from a client")]
    ClientPing,
    /// An open, noop or upgrade packet where it means nothing.
    #[error("stray engine packet")]
    Stray,
    /// What announces itself as base64 is none.
    #[error("bad base64")]
    BadBase64,
    // Long-polling.
    /// A GET while another is held.
    #[error("overlapping poll")]
    PollOverlap,
    /// A POST while another is not answered.
    #[error("overlapping post")]
    PostOverlap,
    /// A body that is not UTF-8, or declared as binary.
    #[error("undecodable body")]
    BadBody,
    /// A body of more bytes than one may have.
    #[error("body too large")]
    TooLarge,
    // Socket.IO, the form of a packet.
    /// A packet type above 6, or none that is a digit.
    #[error("unknown packet type")]
    UnknownType,
    /// Text that is no JSON, or has a rest after it.
    #[error("bad json")]
    BadJson,
    /// Arrays and objects within each other beyond the limit.
    #[error("json nested too deep")]
    TooDeep,
    /// An ack id beyond 64 bits.
    #[error("ack id out of range")]
    BadAckId,
    /// A CONNECT payload that is no object.
    #[error("connect payload is no object")]
    BadConnect,
    /// An event that is no array, or an empty one.
    #[error("event is no array with a name")]
    BadEvent,
    /// An event name that is neither a string nor a number.
    #[error("bad event name")]
    BadName,
    /// An event name that clients and servers use for themselves.
    #[error("reserved event name")]
    ReservedName,
    /// An answer that is no array.
    #[error("answer is no array")]
    BadAck,
    /// A DISCONNECT with a payload.
    #[error("disconnect with a payload")]
    BadDisconnect,
    // Socket.IO, binary packets.
    /// A binary packet that announces no attachment, or more than ten.
    #[error("bad number of attachments")]
    AttachmentCount,
    /// A placeholder for an attachment that there is not.
    #[error("placeholder out of range")]
    PlaceholderRange,
    /// A text message while attachments are awaited.
    #[error("text amid attachments")]
    TextAmidBinary,
    /// A binary message that nothing announced.
    #[error("unexpected binary")]
    UnexpectedBinary,
    // Socket.IO, the order of packets.
    /// A CONNECT to a namespace that is joined.
    #[error("second connect")]
    SecondConnect,
    /// Anything else for a namespace that is not joined.
    #[error("namespace is not joined")]
    NotJoined,
    /// A CONNECT_ERROR: only servers say that.
    #[error("connect error from a client")]
    ClientError,
    /// An event or an answer without any payload.
    #[error("packet without payload")]
    NoPayload,
}

/// What a fault costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: the input is dropped.
    Ignore,
    /// The connection.
    Close(Reason),
}

impl Fault {
    /// The only place that decides between ignoring and closing. The reference server decides the same.
    pub fn verdict(self) -> Verdict {
        match self {
            // Harmless leftovers of an upgrade, and packets that say nothing.
            Fault::Stray | Fault::NoPayload => Verdict::Ignore,

            // The transport was used against its rules.
            Fault::UnknownPacket | Fault::EmptyText | Fault::ClientPing => Verdict::Close(Reason::TransportError),
            Fault::PollOverlap | Fault::PostOverlap => Verdict::Close(Reason::TransportError),
            Fault::BadBody | Fault::BadBase64 | Fault::TooLarge => Verdict::Close(Reason::TransportError),

            // The packet itself is wrong.
            Fault::UnknownType | Fault::BadJson | Fault::TooDeep | Fault::BadAckId => {
                Verdict::Close(Reason::ParseError)
            }
            Fault::BadConnect | Fault::BadDisconnect | Fault::BadAck => Verdict::Close(Reason::ParseError),
            Fault::BadEvent | Fault::BadName | Fault::ReservedName => Verdict::Close(Reason::ParseError),

            // Text and its attachments do not fit.
            Fault::AttachmentCount | Fault::PlaceholderRange => Verdict::Close(Reason::ParseError),
            Fault::TextAmidBinary | Fault::UnexpectedBinary => Verdict::Close(Reason::ParseError),

            // The packet came at the wrong time, or from the wrong side.
            Fault::SecondConnect | Fault::NotJoined | Fault::ClientError => Verdict::Close(Reason::ParseError),
        }
    }
}
