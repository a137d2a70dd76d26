//! Changes in a group, each in the transaction of the batch it came with.
use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{
    activity, bans,
    counters::Counter,
    creation::member_row,
    invites::{self, Used},
    search, settings,
};
use crate::{
    domain::{Activity, Change, ChatId, FileId, GroupChange, Own, Returning, Rev, Role, Timestamp, UserId},
    store::{
        Fault, files,
        relations::{block, unwilling},
    },
};
use entity::{chat, mark, member, message, past_member, pin, reaction, user};

/// What became of a change.
pub(super) enum Applied {
    /// It is so.
    Done,
    /// Somebody came in, who may have been here before.
    Entered(Returning),
    /// There are as many already as there may be.
    Full,
    /// The invitation is over.
    Spent,
    /// Somebody does not want it any more.
    Unwilling,
    /// What it rests on is not so any more.
    Overtaken,
}

/// Makes one change true, if what it rests on is still so: an account may have ended since it was decided. `counter` is where
/// the chat stands with this change, `existing` are those who may be taken in or kept out. The transaction holds them, and the chat.
pub(super) async fn apply(
    connection: &impl ConnectionTrait,
    changed: &GroupChange,
    counter: Counter,
    existing: &HashSet<UserId>,
) -> Result<Applied, Fault> {
    let GroupChange { chat, change, by, whom, at } = changed;
    let chat = *chat;
    let Counter { seq: after, rev } = counter;
    let mut applied = Applied::Done;
    let is_so = match change {
        Change::Added { user, .. } | Change::Joined { user, .. } | Change::Banned { user, is_member: false }
            if !existing.contains(user) =>
        {
            false
        }
        Change::Added { user, .. } if !unwilling(connection, by.0, &[*user]).await?.is_empty() => {
            return Ok(Applied::Unwilling);
        }
        Change::Blocked { user, on, most } => {
            if !block(connection, by.0, *user, *on, *most, *at).await? {
                return Ok(Applied::Full);
            }
            let place = member::ActiveModel { blocks: Set(*on), ..Default::default() };
            set(connection, chat, by.0, place).await?
        }
        Change::Added { user, .. } => {
            applied = Applied::Entered(add(connection, chat, *user, counter).await?);
            true
        }
        Change::Joined { user, invite, .. } => match invites::draw(connection, chat, *invite, *at).await? {
            Used::Once => {
                applied = Applied::Entered(add(connection, chat, *user, counter).await?);
                true
            }
            Used::Spent => return Ok(Applied::Spent),
            Used::Gone => false,
        },
        Change::Invited(invited) => {
            if !invites::make(connection, chat, &invited.invite, invited.most).await? {
                return Ok(Applied::Full);
            }
            true
        }
        Change::InviteRevoked(invite) => {
            invites::revoke(connection, chat, *invite).await?;
            true
        }
        Change::Removed(user) => remove_unless_admin(connection, chat, *user).await?,
        Change::Banned { user, is_member } => {
            let is_out = !is_member || remove_unless_admin(connection, chat, *user).await?;
            if is_out {
                bans::put(connection, chat, *user, by.0, *at).await?;
            }
            is_out
        }
        Change::Unbanned(user) => {
            bans::lift(connection, chat, *user).await?;
            true
        }
        Change::RoleSet(user, role) => {
            let place = member::ActiveModel { role: Set(settings::number(*role)), ..Default::default() };
            set_place(connection, chat, *user, rev, place).await?
        }
        Change::Muted(user, until) => {
            let place = member::ActiveModel { muted_until: Set(until.map(|until| until.0)), ..Default::default() };
            set_place(connection, chat, *user, rev, place).await?
        }
        Change::AdminChanged(user) => hand_over(connection, chat, *user, by.0, rev).await?,
        Change::Edited(edited) => {
            let has_picture = match edited.avatar {
                Some(new) => files::swap_picture_of(connection, chat, by.0, new).await?,
                None => true,
            };
            if has_picture {
                settings::edit(connection, chat, edited, rev).await?;
            }
            has_picture
        }
        Change::Deleted => {
            delete(connection, chat, *at).await?;
            true
        }
    };
    if !is_so {
        return Ok(Applied::Overtaken);
    }
    if let Some(what) = change.what(by.0) {
        if !matches!(change, Change::Edited(_)) {
            let admin = if let Change::AdminChanged(user) = change { Some(*user) } else { None };
            number_roster(connection, chat, rev, admin).await?;
        }
        let whom = (change.whom().unwrap_or(by.0), whom.clone());
        activity::record(connection, chat, &Activity { rev, after, at: *at, what, by: by.clone(), whom }).await?;
    }
    if change.ends_rights() {
        invites::end_without_right(connection, chat).await?;
    }
    Ok(applied)
}

/// Somebody is out. Not so if the end of an account has made that one the admin meanwhile.
async fn remove_unless_admin(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<bool, Fault> {
    if is_admin(connection, chat, user).await? {
        return Ok(false);
    }
    remove(connection, chat, user).await?;
    Ok(true)
}

/// The old admin is one of many from now on, and nobody silences the new one. Not so if the new one's account has ended.
async fn hand_over(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    user: UserId,
    by: UserId,
    rev: Rev,
) -> Result<bool, Fault> {
    let plain = member::ActiveModel { role: Set(settings::number(Role::Member)), ..Default::default() };
    let is_so = lead(connection, chat, user, rev).await?;
    if is_so {
        set_place(connection, chat, by, rev, plain).await?;
    }
    Ok(is_so)
}

/// A member's place is that of somebody who leads the group. Says whether there is such a member.
pub(in crate::store) async fn lead(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    user: UserId,
    rev: Rev,
) -> Result<bool, Fault> {
    let role = Set(settings::number(Role::Member));
    set_place(connection, chat, user, rev, member::ActiveModel { role, muted_until: Set(None), ..Default::default() })
        .await
}

/// A member's place is another one from `rev` on. Says whether there is such a member.
async fn set_place(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    user: UserId,
    rev: Rev,
    place: member::ActiveModel,
) -> Result<bool, Fault> {
    set(connection, chat, user, member::ActiveModel { rev: Set(rev.0), ..place }).await
}

async fn set(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    user: UserId,
    place: member::ActiveModel,
) -> Result<bool, Fault> {
    let set = member::Entity::update_many()
        .set(place)
        .filter(member::Column::ChatId.eq(chat.0))
        .filter(member::Column::UserId.eq(user.0))
        .exec(connection)
        .await?;
    Ok(set.rows_affected > 0)
}

/// Who is in the chat was changed last by `rev`, and so was who leads it, if `admin` does from now on.
pub(in crate::store) async fn number_roster(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    rev: Rev,
    admin: Option<UserId>,
) -> Result<(), Fault> {
    let mut update = chat::Entity::update_many()
        .col_expr(chat::Column::RosterRev, Expr::value(rev.0))
        .filter(chat::Column::Id.eq(chat.0));
    if let Some(admin) = admin {
        update = update
            .col_expr(chat::Column::AdminId, Expr::value(admin.0))
            .col_expr(chat::Column::InfoRev, Expr::value(rev.0));
    }
    update.exec(connection).await?;
    Ok(())
}

async fn is_admin(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<bool, Fault> {
    let chat = chat::Entity::find_by_id(chat.0).one(connection).await?;
    Ok(chat.is_some_and(|chat| chat.admin_id == Some(user.0)))
}

async fn add(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    user: UserId,
    counter: Counter,
) -> Result<Returning, Fault> {
    let last: Option<Option<i64>> = member::Entity::find()
        .select_only()
        .column_as(member::Column::Position.max(), "last")
        .filter(member::Column::ChatId.eq(chat.0))
        .into_tuple()
        .one(connection)
        .await?;
    let position = last.flatten().map_or(0, |last| last + 1);
    let group = chat::Entity::find_by_id(chat.0).one(connection).await?;
    let before = past_member::Entity::find_by_id((user.0, chat.0)).one(connection).await?;
    let person = user::Entity::find_by_id(user.0).one(connection).await?;
    let avatar = person.and_then(|person| person.avatar_id).map(FileId);
    let before = before.map_or_else(Returning::default, |past| Returning {
        avatar,
        // What this person decides of the chat begins anew: no number stands for two states.
        own: Own(past.own).next(),
        muted_until: past.muted_until.map(Timestamp),
        last_sent: past.last_sent_at.map(Timestamp),
    });
    let row = member::ActiveModel {
        rev: Set(counter.rev.0),
        own: Set(before.own.0),
        prefs_own: Set(before.own.0),
        muted_until: Set(before.muted_until.map(|until| until.0)),
        last_sent_at: Set(before.last_sent.map(|at| at.0)),
        sees_history: Set(group.is_some_and(|group| group.open_history)),
        ..member_row(chat, user, position, counter.seq)
    };
    member::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(before)
}

/// What the member alone saw is not seen any more, but its count goes on should the member come back, and so do silence and
/// slow mode.
async fn remove(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<(), Fault> {
    let place = member::Entity::find_by_id((chat.0, user.0)).one(connection).await?;
    member::Entity::delete_by_id((chat.0, user.0)).exec(connection).await?;
    let was = past_member::ActiveModel {
        user_id: Set(user.0),
        chat_id: Set(chat.0),
        own: Set(place.as_ref().map_or(0, |place| place.own)),
        muted_until: Set(place.as_ref().and_then(|place| place.muted_until)),
        last_sent_at: Set(place.and_then(|place| place.last_sent_at)),
    };
    let kept = [past_member::Column::Own, past_member::Column::MutedUntil, past_member::Column::LastSentAt];
    let known =
        OnConflict::columns([past_member::Column::UserId, past_member::Column::ChatId]).update_columns(kept).to_owned();
    past_member::Entity::insert(was).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}

/// The chat, and all that is kept of it.
pub(in crate::store) async fn delete(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    now: Timestamp,
) -> Result<(), Fault> {
    files::free_chat(connection, chat, now).await?;
    files::release_group(connection, chat).await?;
    message::Entity::delete_many().filter(message::Column::ChatId.eq(chat.0)).exec(connection).await?;
    reaction::Entity::delete_many().filter(reaction::Column::ChatId.eq(chat.0)).exec(connection).await?;
    mark::Entity::delete_many().filter(mark::Column::ChatId.eq(chat.0)).exec(connection).await?;
    pin::Entity::delete_many().filter(pin::Column::ChatId.eq(chat.0)).exec(connection).await?;
    activity::forget(connection, chat).await?;
    bans::forget(connection, chat).await?;
    invites::forget(connection, chat).await?;
    member::Entity::delete_many().filter(member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    past_member::Entity::delete_many().filter(past_member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    chat::Entity::delete_by_id(chat.0).exec(connection).await?;
    search::forget(connection, chat).await
}
