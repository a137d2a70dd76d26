//! A socket that watches others, and how each of them looks to it.
use std::{mem, num::NonZeroU32};

use super::ConnectionId;
use crate::domain::{Timestamp, UserId};

/// A minute since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Minute(NonZeroU32);

impl Minute {
    pub fn of(at: Timestamp) -> Option<Self> {
        Some(Self(NonZeroU32::new(u32::try_from(at.0.div_euclid(60_000)).ok()?)?))
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp(i64::from(self.0.get()) * 60_000)
    }
}

/// How somebody looks to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub is_online: bool,
    pub last_seen: Option<Minute>,
}

/// What is told of somebody who is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Whom it is about.
    pub user: UserId,
    /// Whether that one is there.
    pub is_online: bool,
    /// Else since when not, to the minute, if that is known.
    pub last_seen: Option<Timestamp>,
}

/// Somebody who is watched by one socket.
pub(super) struct Watched {
    pub user: UserId,
    /// Whether the watcher may see it.
    pub is_seen: bool,
    /// What the database says of when that was.
    pub last_seen: Option<Minute>,
    /// How the watcher was told that it looks.
    pub told: Look,
    /// The last event that made a decision doubtful: one that was asked for before does not count.
    pub doubted: u64,
}

/// A socket that watches.
pub(super) struct Watcher {
    pub connection: ConnectionId,
    /// By id.
    pub list: Vec<Watched>,
    /// Whether it stands among those to whom something may have to be told.
    pub is_dirty: bool,
}

impl Watcher {
    fn place(&self, user: UserId) -> Result<usize, usize> {
        self.list.binary_search_by_key(&user, |watched| watched.user)
    }

    pub fn find(&self, user: UserId) -> Option<&Watched> {
        self.place(user).ok().map(|at| &self.list[at])
    }

    pub fn find_mut(&mut self, user: UserId) -> Option<&mut Watched> {
        self.place(user).ok().map(|at| &mut self.list[at])
    }

    pub fn soil(&mut self, user: UserId, dirty: &mut Vec<(UserId, ConnectionId)>) {
        if !mem::replace(&mut self.is_dirty, true) {
            dirty.push((user, self.connection));
        }
    }
}

impl Watched {
    /// As it was told last.
    pub fn sighting(&self) -> Sighting {
        let Look { is_online, last_seen } = self.told;
        Sighting { user: self.user, is_online, last_seen: last_seen.map(Minute::timestamp) }
    }
}
