//! What somebody says of oneself.
use super::{Bio, FileId, Name, StatusText, Timestamp, UserId};

/// What somebody says of oneself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// Who that is; may be empty.
    pub bio: Bio,
    /// What that one is doing; may be empty.
    pub status: StatusText,
    /// Until when that is so, if it ends.
    pub status_until: Option<Timestamp>,
    /// The picture shown to others.
    pub avatar: Option<FileId>,
}

/// What somebody wants to say of oneself in another way; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileChange {
    /// The name shown to others.
    pub name: Option<Name>,
    /// Who that is.
    pub bio: Option<Bio>,
    /// What that one is doing.
    pub status: Option<StatusText>,
    /// Until when that is so, or that it does not end.
    pub status_until: Option<Option<Timestamp>>,
    /// The picture shown to others, or that there is none.
    pub avatar: Option<Option<FileId>>,
}

impl ProfileChange {
    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Profile {
    /// The same as it is now: what was said until a time is said no more after it.
    pub fn at(mut self, now: Timestamp) -> Self {
        let is_over = self.status_until.is_some_and(|until| until <= now);
        if is_over || self.status.as_str().is_empty() {
            self.status = StatusText::default();
            self.status_until = None;
        }
        self
    }

    /// The same with a change.
    pub fn with(self, change: ProfileChange, now: Timestamp) -> Self {
        let old = self.at(now);
        let new = Self {
            user: old.user,
            name: change.name.unwrap_or(old.name),
            bio: change.bio.unwrap_or(old.bio),
            status: change.status.unwrap_or(old.status),
            status_until: change.status_until.unwrap_or(old.status_until),
            avatar: change.avatar.unwrap_or(old.avatar),
        };
        new.at(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        Profile {
            user: UserId::new(),
            name: Name::stored("Ann"),
            bio: Bio::default(),
            status: StatusText::stored("away"),
            status_until: Some(Timestamp(10)),
            avatar: None,
        }
    }

    #[test]
    fn a_status_ends_by_the_clock_and_takes_its_end_with_it() {
        let away = profile();
        assert_eq!(away.clone().at(Timestamp(9)), away);
        let over = away.at(Timestamp(10));
        assert_eq!((over.status.as_str(), over.status_until), ("", None));
    }

    #[test]
    fn a_new_status_does_not_inherit_an_end_that_is_past() {
        let back = ProfileChange { status: Some(StatusText::stored("back")), ..ProfileChange::default() };
        let late = profile().with(back.clone(), Timestamp(11));
        assert_eq!((late.status.as_str(), late.status_until), ("back", None));
        assert_eq!(profile().with(back, Timestamp(9)).status_until, Some(Timestamp(10)));
        let gone = ProfileChange { status: Some(StatusText::default()), ..ProfileChange::default() };
        assert_eq!(profile().with(gone, Timestamp(9)).status_until, None);
    }
}
