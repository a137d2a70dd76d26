//! What is to be fetched from each chat of somebody who comes back.
use std::collections::HashMap;

use sea_orm::{FromQueryResult, prelude::Uuid};

use super::{preferences::PreferencesRow, settings::SettingsRow};
use crate::{
    domain::{ChatId, Description, FileId, GroupInfo, Name, Own, Preferences, Rev, Seq, UserId},
    store::{Store, kinds::GROUP},
};

/// The most messages of one answer, whatever was asked for: each chat in it is a condition of the query.
pub(super) const MESSAGES: u64 = 500;

/// How much of what was missed is wanted at once.
#[derive(Debug, Clone, Copy)]
pub struct Portion {
    /// Messages per chat.
    pub limit: u64,
    /// Bytes of the whole answer on the wire, roughly; at least one message comes whatever its size.
    pub bytes: usize,
}

/// What a client has of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The newest message.
    pub seq: Seq,
    /// Up to which changes it has, those that members share and those of its own; `None`: it does not ask for changes. A number
    /// below zero: it has nothing yet.
    pub changes: Option<(Rev, Own)>,
}

#[derive(FromQueryResult)]
pub(super) struct Place {
    pub id: Uuid,
    pub kind: i16,
    pub last_seq: i64,
    pub joined_seq: i64,
    pub read_seq: i64,
    pub rev: i64,
    pub info_rev: i64,
    pub roster_rev: i64,
    pub own: i64,
    pub name: String,
    pub description: String,
    pub avatar_id: Option<Uuid>,
    pub admin_id: Option<Uuid>,
    pub sees_history: bool,
    #[sea_orm(nested)]
    pub settings: SettingsRow,
    #[sea_orm(nested)]
    pub preferences: PreferencesRow,
}

/// What is to be fetched from one chat: messages after `after`, so many, and what changed since `position`.
pub(super) struct Want {
    pub place: Place,
    pub first: Seq,
    pub after: i64,
    pub take: i64,
    pub position: Option<Position>,
    pub is_reset: bool,
}

impl Store {
    /// What to fetch from each chat. The latest chats come first, for as long as there is room in the answer. What is above all
    /// that the chat has comes of a database that was restored: such a chat is as good as never seen.
    pub(super) fn plan(&self, places: Vec<Place>, seen: &HashMap<ChatId, Position>, portion: Portion) -> Vec<Want> {
        let mut room = MESSAGES;
        let want = |place: Place| {
            let named = seen.get(&ChatId(place.id)).copied();
            let is_beyond = |position: &Position| {
                let has_rev = position.changes.is_some_and(|(rev, _)| rev.0 > place.rev);
                position.seq.0 > place.last_seq || has_rev
            };
            let is_reset = named.as_ref().is_some_and(|position| position.changes.is_some() && is_beyond(position));
            let position = named.filter(|_| !is_reset);
            let preferences = Preferences::from(place.preferences);
            let first = self.first_seen(Seq(place.joined_seq), place.sees_history, preferences.cleared);
            let after = match position {
                Some(position) => position.seq.0.max(first.0 - 1),
                None if place.sees_history => first.0 - 1,
                None => place.joined_seq.max(preferences.cleared.0),
            };
            let take = u64::try_from(place.last_seq - after).unwrap_or(0).min(portion.limit).min(room);
            room -= take;
            Want { place, first, after, take: take as i64, position, is_reset }
        };
        places.into_iter().map(want).collect()
    }
}

impl Want {
    /// Up to which changes the client has the chat, if it asks for any; of what it does not know it has nothing.
    pub fn asked(&self) -> Option<(Rev, Own)> {
        self.position.map_or(Some((Rev(-1), Own(-1))), |position| position.changes)
    }

    pub fn asked_by_name(&self) -> Option<(Rev, Own)> {
        self.position?.changes
    }

    pub fn wants_roster(&self) -> bool {
        self.place.kind == GROUP && self.asked().is_some_and(|(rev, _)| self.place.roster_rev > rev.0)
    }

    pub fn preferences(&self) -> Option<Preferences> {
        let preferences = Preferences::from(self.place.preferences);
        self.asked().filter(|(_, own)| preferences.own > *own).map(|_| preferences)
    }

    pub fn info(&self) -> Option<GroupInfo> {
        let is_wanted = self.place.kind == GROUP && self.asked().is_some_and(|(rev, _)| self.place.info_rev > rev.0);
        is_wanted.then(|| GroupInfo {
            rev: Rev(self.place.info_rev),
            name: Name::stored(&self.place.name),
            description: Description::stored(&self.place.description),
            avatar: self.place.avatar_id.map(FileId),
            admin: self.place.admin_id.map(UserId),
            settings: self.place.settings.into(),
        })
    }
}
