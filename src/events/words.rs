//! How the wire names what the domain knows without words.
use crate::domain::{Code, Kind, Refusal, Role};

/// A kind of chat as it stands on the wire.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::SelfNotes => "Self",
        Kind::Personal => "Personal",
        Kind::Group => "Group",
    }
}

const ROLES: [(Role, &str); 3] = [(Role::Owner, "Owner"), (Role::Moderator, "Moderator"), (Role::Member, "Member")];

/// A role as it stands on the wire.
pub fn role_name(role: Role) -> &'static str {
    ROLES.iter().find(|(known, _)| *known == role).map_or("", |(_, name)| name)
}

/// The role of a name; `what` is how a refusal calls it.
pub(super) fn role(what: &str, name: &str) -> Result<Role, Refusal> {
    let known = ROLES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role);
    known.ok_or_else(|| Refusal::bad_request(format!("{what} must be Owner, Moderator or Member")))
}

/// A refusal's code as it stands on the wire.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::BadRequest => "bad_request",
        Code::NotFound => "not_found",
        Code::NotMember => "not_member",
        Code::NotAdmin => "not_admin",
        Code::Forbidden => "forbidden",
        Code::Muted => "muted",
        Code::Blocked => "blocked",
        Code::SlowMode => "slow_mode",
        Code::Conflict => "conflict",
        Code::Expired => "expired",
        Code::TooLarge => "too_large",
        Code::RateLimited => "rate_limited",
        Code::Busy => "busy",
        Code::Unavailable => "unavailable",
    }
}
