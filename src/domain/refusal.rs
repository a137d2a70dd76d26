//! Why a command did nothing. A refusal is an answer for the caller, not a fault of the server.
use std::{borrow::Cow, time::Duration};

/// The kind of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request has the wrong shape or a value that can never be right.
    BadRequest,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// The other person is not in the group.
    NotMember,
    /// Only the group's admin may do this.
    NotAdmin,
    /// A role, a setting or whose it is does not allow it.
    Forbidden,
    /// The caller is silenced here for a while.
    Muted,
    /// One of the two has blocked the other.
    Blocked,
    /// The group has its members wait from one message to the next.
    SlowMode,
    /// It contradicts what is already so.
    Conflict,
    /// It is too late for it.
    Expired,
    /// A text or a list is over its limit.
    TooLarge,
    /// Too often: come back later.
    RateLimited,
    /// A mailbox is full: retry.
    Busy,
    /// Storage is down: retry.
    Unavailable,
}

impl Code {
    /// Every code, in the order of its discriminant.
    pub const ALL: [Self; 14] = [
        Self::BadRequest,
        Self::NotFound,
        Self::NotMember,
        Self::NotAdmin,
        Self::Forbidden,
        Self::Muted,
        Self::Blocked,
        Self::SlowMode,
        Self::Conflict,
        Self::Expired,
        Self::TooLarge,
        Self::RateLimited,
        Self::Busy,
        Self::Unavailable,
    ];
}

/// A code for programs and a sentence for people. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of refusal.
    pub code: Code,
    /// One sentence that a person can act on.
    pub message: Cow<'static, str>,
    /// After how many seconds the same may work, where that is known.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// What somebody hears whom only the database could refuse: another node was first.
    pub fn of(code: Code) -> Self {
        match code {
            Code::NotFound => Self::no_such_chat(),
            Code::BadRequest => Self::bad_request("It cannot be done any more"),
            Code::NotMember => Self::new(code, "That person is not in the group any more"),
            Code::NotAdmin => Self::new(code, "Only the admin may do this now"),
            Code::Forbidden => Self::new(code, "You may not do this any more"),
            Code::Muted => Self::new(code, "You are muted here now"),
            Code::Blocked => Self::new(code, "One of you has blocked the other"),
            Code::SlowMode => Self::new(code, "You have just said something"),
            Code::Conflict => Self::new(code, "Somebody else was faster"),
            Code::Expired => Self::new(code, "It is too late for it"),
            Code::TooLarge => Self::full(),
            Code::RateLimited | Code::Busy => Self::busy(),
            Code::Unavailable => Self::unavailable(),
        }
    }

    /// A refusal with its reason.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }

    /// The request has the wrong shape.
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::BadRequest, message)
    }

    /// There is no such chat, or the caller is not in it: outsiders cannot tell which.
    pub fn no_such_chat() -> Self {
        Self::new(Code::NotFound, "No such chat")
    }

    /// There is no such user.
    pub fn no_such_user() -> Self {
        Self::new(Code::NotFound, "No such user")
    }

    /// A role, a setting or whose it is does not allow it.
    pub fn forbidden(reason: &'static str) -> Self {
        Self::new(Code::Forbidden, reason)
    }

    /// There are as many as the operator allows.
    pub fn full() -> Self {
        Self::new(Code::TooLarge, "There are as many as there may be")
    }

    /// The caller may not come into this group.
    pub fn banned() -> Self {
        Self::forbidden("Banned from the group")
    }

    /// There is no such message, or the caller does not see it.
    pub fn no_such_message() -> Self {
        Self::new(Code::NotFound, "No such message")
    }

    /// The same may work after `wait`.
    pub fn after(code: Code, message: &'static str, wait: Duration) -> Self {
        Self { retry_after: Some(wait.as_millis().div_ceil(1_000) as u64), ..Self::new(code, message) }
    }

    /// Too often. The same may work after so many seconds.
    pub fn rate_limited(seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Code::RateLimited, "Too often: wait a moment") }
    }

    /// A mailbox on the way is full.
    pub fn busy() -> Self {
        Self::new(Code::Busy, "The server is busy: try again")
    }

    /// The database does not answer.
    pub fn unavailable() -> Self {
        Self::new(Code::Unavailable, "Storage is unavailable: try again")
    }

    /// The database will never take this: trying again is of no use.
    pub fn impossible() -> Self {
        Self::bad_request("The server can never do this")
    }
}
