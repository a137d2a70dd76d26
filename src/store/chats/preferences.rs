//! What members decide of a chat for themselves alone.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
};

use crate::{
    domain::{Cause, Own, Preferences, Preferred, Seq, Timestamp},
    store::Fault,
};
use entity::member;

/// The columns that hold it.
pub(super) const COLUMNS: [member::Column; 7] = [
    member::Column::PrefsOwn,
    member::Column::SilentUntil,
    member::Column::Archived,
    member::Column::PinnedAt,
    member::Column::MarkedUnread,
    member::Column::Hidden,
    member::Column::ClearedSeq,
];

/// The same of one member.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(super) struct PreferencesRow {
    prefs_own: i64,
    silent_until: Option<i64>,
    archived: bool,
    pinned_at: Option<i64>,
    marked_unread: bool,
    hidden: bool,
    cleared_seq: i64,
}

impl From<PreferencesRow> for Preferences {
    fn from(row: PreferencesRow) -> Self {
        Self {
            own: Own(row.prefs_own),
            silent_until: row.silent_until.map(Timestamp),
            archived: row.archived,
            pinned_at: row.pinned_at.map(Timestamp),
            marked_unread: row.marked_unread,
            hidden: row.hidden,
            cleared: Seq(row.cleared_seq),
        }
    }
}

pub(super) fn preferences(row: &member::Model) -> Preferences {
    let member::Model { prefs_own, silent_until, archived, pinned_at, marked_unread, hidden, cleared_seq, .. } = *row;
    PreferencesRow { prefs_own, silent_until, archived, pinned_at, marked_unread, hidden, cleared_seq }.into()
}

/// Writes them. Says whether there was room for it: not if that user has as many chats pinned as may be.
pub(super) async fn put(connection: &impl ConnectionTrait, preferred: &Preferred, own: Own) -> Result<bool, Fault> {
    let Preferred { chat, user, preferences, cause, most_pinned } = preferred;
    if let (Some(_), Some(most)) = (preferences.pinned_at, most_pinned) {
        let others = member::Entity::find()
            .filter(member::Column::UserId.eq(user.0))
            .filter(member::Column::ChatId.ne(chat.0))
            .filter(member::Column::PinnedAt.is_not_null())
            .count(connection)
            .await?;
        if others >= *most as u64 {
            return Ok(false);
        }
    }
    // What ends by a message or by reading takes nothing along that was decided with it, and may not have come true.
    let ended = member::ActiveModel {
        prefs_own: Set(own.0),
        marked_unread: Set(preferences.marked_unread),
        hidden: Set(preferences.hidden),
        ..Default::default()
    };
    let asked = || member::ActiveModel {
        silent_until: Set(preferences.silent_until.map(|at| at.0)),
        archived: Set(preferences.archived),
        pinned_at: Set(preferences.pinned_at.map(|at| at.0)),
        cleared_seq: Set(preferences.cleared.0),
        ..ended.clone()
    };
    let row = if *cause == Cause::Asked { asked() } else { ended.clone() };
    member::Entity::update_many()
        .set(row)
        .filter(member::Column::ChatId.eq(chat.0))
        .filter(member::Column::UserId.eq(user.0))
        .exec(connection)
        .await?;
    Ok(true)
}
