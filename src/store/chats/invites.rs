//! Invitations: made, used and ended in the transactions of their groups; shown to those who have one, and to those who may
//! see them.
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::settings;
use crate::{
    domain::{ChatId, FileId, Invite, InviteId, Role, Timestamp, UserId},
    store::{Fault, Store, kinds::GROUP},
};
use entity::{ban, chat, invite, member};

/// What an invitation leads to, for somebody who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The invitation.
    pub invite: Invite,
    /// Whether somebody ended it, or its maker may make it no more.
    pub is_revoked: bool,
    /// The group.
    pub chat: ChatId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its picture.
    pub avatar: Option<FileId>,
    /// How many are in.
    pub members: u64,
    /// Whether the one who has the invitation is.
    pub is_member: bool,
    /// Whether that one may not come in.
    pub is_banned: bool,
}

impl Store {
    /// What an invitation leads `user` to. `None`: there is none, or the group is gone.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn invitation(&self, id: InviteId, user: UserId) -> Result<Option<Invitation>, Fault> {
        let Some(row) = invite::Entity::find_by_id(id.0).one(&self.reader).await? else { return Ok(None) };
        let chat = row.chat_id;
        let Some(group) = chat::Entity::find_by_id(chat).one(&self.reader).await? else { return Ok(None) };
        let members = member::Entity::find().filter(member::Column::ChatId.eq(chat)).count(&self.reader).await?;
        let is_member = member::Entity::find_by_id((chat, user.0)).one(&self.reader).await?.is_some();
        let is_banned = ban::Entity::find_by_id((chat, user.0)).one(&self.reader).await?.is_some();
        Ok(Some(Invitation {
            is_revoked: row.revoked,
            invite: row_of(&row),
            chat: ChatId(chat),
            name: group.name,
            description: group.description,
            avatar: group.avatar_id.map(FileId),
            members,
            is_member,
            is_banned,
        }))
    }

    /// The usable invitations of a group that somebody may see, the newest first. `None`: there is no such group for that one.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn invites(&self, group: ChatId, user: UserId, now: Timestamp) -> Result<Option<Vec<Invite>>, Fault> {
        let found = chat::Entity::find_by_id(group.0).one(&self.reader).await?;
        let place = member::Entity::find_by_id((group.0, user.0)).one(&self.reader).await?;
        let Some((found, place)) = found.filter(|found| found.kind == GROUP).zip(place) else { return Ok(None) };
        let keeps_order = found.admin_id == Some(user.0) || settings::role(place.role) >= Role::Moderator;
        let mut query = invite::Entity::find()
            .filter(usable(group, now))
            .order_by_desc(invite::Column::CreatedAt)
            .order_by_desc(invite::Column::Id);
        if !keeps_order {
            query = query.filter(invite::Column::ById.eq(user.0));
        }
        Ok(Some(query.all(&self.reader).await?.iter().map(row_of).collect()))
    }

    /// Who made an invitation of a group, whatever became of it.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn inviter(&self, group: ChatId, id: InviteId) -> Result<Option<UserId>, Fault> {
        let row = invite::Entity::find_by_id(id.0).filter(invite::Column::ChatId.eq(group.0)).one(&self.reader).await?;
        Ok(row.map(|row| UserId(row.by_id)))
    }
}

fn row_of(row: &invite::Model) -> Invite {
    Invite {
        id: InviteId(row.id),
        by: UserId(row.by_id),
        created_at: Timestamp(row.created_at),
        expires_at: Timestamp(row.expires_at),
        max_uses: row.max_uses.and_then(|most| u32::try_from(most).ok()),
        uses: u32::try_from(row.uses).unwrap_or_default(),
    }
}

fn usable(group: ChatId, now: Timestamp) -> Condition {
    let has_room = Expr::col(invite::Column::Uses).lt(Expr::col(invite::Column::MaxUses));
    Condition::all()
        .add(invite::Column::ChatId.eq(group.0))
        .add(invite::Column::Revoked.eq(false))
        .add(invite::Column::ExpiresAt.gt(now.0))
        .add(invite::Column::MaxUses.is_null().or(has_room))
}

/// Makes an invitation. Says whether there was room for it: not if the group has as many usable ones as may be.
pub(super) async fn make(
    connection: &impl ConnectionTrait,
    group: ChatId,
    invite: &Invite,
    most: usize,
) -> Result<bool, Fault> {
    let known = invite::Entity::find().filter(usable(group, invite.created_at)).count(connection).await?;
    if known >= most as u64 {
        return Ok(false);
    }
    let row = invite::ActiveModel {
        id: Set(invite.id.0),
        chat_id: Set(group.0),
        by_id: Set(invite.by.0),
        created_at: Set(invite.created_at.0),
        expires_at: Set(invite.expires_at.0),
        max_uses: Set(invite.max_uses.and_then(|most| i32::try_from(most).ok())),
        uses: Set(0),
        revoked: Set(false),
    };
    invite::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(true)
}

/// How an invitation was used.
pub(super) enum Used {
    /// One more came by it.
    Once,
    /// It is over, or as many came by it as may.
    Spent,
    /// There is none any more.
    Gone,
}

/// Somebody comes by an invitation.
pub(super) async fn draw(
    connection: &impl ConnectionTrait,
    group: ChatId,
    id: InviteId,
    now: Timestamp,
) -> Result<Used, Fault> {
    let drawn = invite::Entity::update_many()
        .col_expr(invite::Column::Uses, Expr::col(invite::Column::Uses).add(1))
        .filter(invite::Column::Id.eq(id.0))
        .filter(usable(group, now))
        .exec(connection)
        .await?;
    if drawn.rows_affected > 0 {
        return Ok(Used::Once);
    }
    let row = invite::Entity::find_by_id(id.0).one(connection).await?;
    Ok(if row.is_some_and(|row| !row.revoked) { Used::Spent } else { Used::Gone })
}

pub(super) async fn revoke(connection: &impl ConnectionTrait, group: ChatId, id: InviteId) -> Result<(), Fault> {
    let one = Condition::all().add(invite::Column::Id.eq(id.0)).add(invite::Column::ChatId.eq(group.0));
    end(connection, one).await
}

/// Invitations end whose makers may make them no more.
pub(in crate::store) async fn end_without_right(connection: &impl ConnectionTrait, group: ChatId) -> Result<(), Fault> {
    let Some(row) = chat::Entity::find_by_id(group.0).one(connection).await? else { return Ok(()) };
    let who_adds = settings::settings(&row).who_adds;
    let mut others = Condition::all()
        .add(invite::Column::ChatId.eq(group.0))
        .add(invite::Column::Revoked.eq(false))
        .add(invite::Column::ById.ne(row.admin_id.unwrap_or_default()));
    if who_adds < Role::Owner {
        let may = member::Entity::find()
            .select_only()
            .column(member::Column::UserId)
            .filter(member::Column::ChatId.eq(group.0))
            .filter(member::Column::Role.gte(settings::number(who_adds)));
        others = others.add(invite::Column::ById.not_in_subquery(may.into_query()));
    }
    end(connection, others).await
}

async fn end(connection: &impl ConnectionTrait, which: Condition) -> Result<(), Fault> {
    invite::Entity::update_many()
        .col_expr(invite::Column::Revoked, Expr::value(true))
        .filter(which)
        .exec(connection)
        .await?;
    Ok(())
}

/// All of them go with the group.
pub(super) async fn forget(connection: &impl ConnectionTrait, group: ChatId) -> Result<(), Fault> {
    invite::Entity::delete_many().filter(invite::Column::ChatId.eq(group.0)).exec(connection).await?;
    Ok(())
}
