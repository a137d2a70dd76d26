//! What a group is called, and what happened in it.
use super::{Description, Name, Rev, Roster, Seq, Timestamp, UserId};

/// A group without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfo {
    /// Its last change.
    pub rev: Rev,
    /// What it is called.
    pub name: Name,
    /// What it is for.
    pub description: Description,
    /// Who leads it.
    pub admin: Option<UserId>,
}

impl From<&Roster> for GroupInfo {
    fn from(roster: &Roster) -> Self {
        Self {
            rev: roster.info_rev,
            name: roster.name.clone().unwrap_or_else(|| Name::stored("")),
            description: roster.description.clone().unwrap_or_else(|| Description::stored("")),
            admin: roster.admin,
        }
    }
}

/// What happened to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Was taken in.
    Added,
    /// Left.
    Left,
    /// Was removed.
    Removed,
    /// Was made admin.
    AdminChanged,
}

/// One thing that happened in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The number of the change.
    pub rev: Rev,
    /// The newest message then.
    pub after: Seq,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// Who did it, by id and by the name of then.
    pub by: (UserId, Name),
    /// Whom it concerns, likewise.
    pub whom: (UserId, Name),
}
