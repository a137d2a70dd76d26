//! Who may do what in a group, and who is what, as the tables number it.
use std::time::Duration;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::{
    domain::{ChatId, Edited, GroupSettings, Rev, Role},
    store::Fault,
};
use entity::chat;

const ROLES: [Role; 3] = [Role::Member, Role::Moderator, Role::Owner];

/// How a role is numbered.
pub(in crate::store) fn number(role: Role) -> i16 {
    ROLES.iter().position(|known| *known == role).map_or(0, |at| at as i16)
}

/// The role of a number.
pub(in crate::store) fn role(number: i16) -> Role {
    usize::try_from(number).ok().and_then(|at| ROLES.get(at).copied()).unwrap_or(Role::Member)
}

/// The columns that say who may do what.
pub(super) const COLUMNS: [chat::Column; 7] = [
    chat::Column::WhoPosts,
    chat::Column::WhoAdds,
    chat::Column::WhoPins,
    chat::Column::WhoEdits,
    chat::Column::WhoMentionsAll,
    chat::Column::SlowMode,
    chat::Column::OpenHistory,
];

/// The same of one group.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(super) struct SettingsRow {
    who_posts: i16,
    who_adds: i16,
    who_pins: i16,
    who_edits: i16,
    who_mentions_all: i16,
    slow_mode: i32,
    open_history: bool,
}

impl From<SettingsRow> for GroupSettings {
    fn from(row: SettingsRow) -> Self {
        Self {
            who_posts: role(row.who_posts),
            who_adds: role(row.who_adds),
            who_pins: role(row.who_pins),
            who_edits: role(row.who_edits),
            who_mentions_all: role(row.who_mentions_all),
            slow_mode: Duration::from_secs(u64::try_from(row.slow_mode).unwrap_or_default()),
            open_history: row.open_history,
        }
    }
}

/// Who may do what in a group.
pub(in crate::store) fn settings(chat: &chat::Model) -> GroupSettings {
    let chat::Model { who_posts, who_adds, who_pins, who_edits, who_mentions_all, slow_mode, open_history, .. } = *chat;
    SettingsRow { who_posts, who_adds, who_pins, who_edits, who_mentions_all, slow_mode, open_history }.into()
}

/// What a new group goes by.
pub(super) fn initial() -> chat::ActiveModel {
    written(&GroupSettings::default())
}

fn written(settings: &GroupSettings) -> chat::ActiveModel {
    chat::ActiveModel {
        who_posts: Set(number(settings.who_posts)),
        who_adds: Set(number(settings.who_adds)),
        who_pins: Set(number(settings.who_pins)),
        who_edits: Set(number(settings.who_edits)),
        who_mentions_all: Set(number(settings.who_mentions_all)),
        slow_mode: Set(i32::try_from(settings.slow_mode.as_secs()).unwrap_or(i32::MAX)),
        open_history: Set(settings.open_history),
        ..Default::default()
    }
}

/// Edits a group.
pub(super) async fn edit(
    connection: &impl ConnectionTrait,
    group: ChatId,
    edited: &Edited,
    rev: Rev,
) -> Result<(), Fault> {
    let mut row = chat::ActiveModel { info_rev: Set(rev.0), ..written(&edited.settings) };
    if let Some(name) = &edited.name {
        row.name = Set(name.to_string());
    }
    if let Some(description) = &edited.description {
        row.description = Set(description.to_string());
    }
    if let Some(avatar) = edited.avatar {
        row.avatar_id = Set(avatar.map(|avatar| avatar.0));
    }
    chat::Entity::update_many().set(row).filter(chat::Column::Id.eq(group.0)).exec(connection).await?;
    Ok(())
}
