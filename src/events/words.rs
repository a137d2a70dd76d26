//! How the wire names what the domain knows without words.
use crate::domain::{Code, Kind};

/// A kind of chat as it stands on the wire.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::SelfNotes => "Self",
        Kind::Personal => "Personal",
        Kind::Group => "Group",
    }
}

/// A refusal's code as it stands on the wire.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "bad_request",
        Code::NotFound => "not_found",
        Code::NotMember => "not_member",
        Code::NotAdmin => "not_admin",
        Code::Forbidden => "forbidden",
        Code::Conflict => "conflict",
        Code::Expired => "expired",
        Code::TooLarge => "too_large",
        Code::RateLimited => "rate_limited",
        Code::Busy => "busy",
        Code::Unavailable => "unavailable",
    }
}
