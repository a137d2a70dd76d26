//! What is counted: tries to log in, and mails, by what became of them.
use crate::measure::Count;

/// What became of a try to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// The password is right.
    In,
    /// No account has the address.
    Unknown,
    /// The password is wrong.
    WrongPassword,
    /// The address was not proven.
    Unverified,
    /// Too often: the password was not looked at.
    Limited,
    /// The server could not say.
    Failed,
}

impl Tried {
    /// Every outcome, in the order of its discriminant.
    pub const ALL: [Self; 6] =
        [Self::In, Self::Unknown, Self::WrongPassword, Self::Unverified, Self::Limited, Self::Failed];

    /// The outcome as metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Unknown => "unknown",
            Self::WrongPassword => "wrong_password",
            Self::Unverified => "unverified",
            Self::Limited => "limited",
            Self::Failed => "failed",
        }
    }
}

/// Counters of this room, read by anybody.
#[derive(Debug, Default)]
pub struct Stats {
    logins: [Count; Tried::ALL.len()],
    /// Mails that were handed over.
    pub mails_sent: Count,
    /// Mails that could not be handed over and are tried again.
    pub mails_put_off: Count,
    /// Mails that are not tried any more.
    pub mails_given_up: Count,
}

impl Stats {
    /// Tries to log in that came to this.
    pub fn logins(&self, tried: Tried) -> u64 {
        self.logins[tried as usize].get()
    }

    /// One more try to log in came to this.
    pub fn tried(&self, tried: Tried) {
        self.logins[tried as usize].count();
    }
}
