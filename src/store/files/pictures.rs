//! Files that are the pictures of people and groups.
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::{GONE, THERE};
use crate::{
    domain::{ChatId, FileId, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{chat, file, user};

impl Store {
    /// Whether a file is a picture that somebody uploaded, and can be shown as one's own or a group's.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn is_own_picture(&self, owner: UserId, id: FileId) -> Result<bool, Fault> {
        let found = file::Entity::find_by_id(id.0).filter(own_picture(owner)).one(&self.reader).await?;
        Ok(found.is_some())
    }
}

/// A picture of this person's that is there.
fn own_picture(owner: UserId) -> Expr {
    file::Column::OwnerId
        .eq(owner.0)
        .and(file::Column::State.eq(THERE))
        .and(file::Column::MediaType.starts_with("image/"))
}

/// Somebody shows another picture from now on, or a group does. Says whether it can be one of `owner`'s choosing.
pub(in crate::store) async fn swap_picture(
    connection: &impl ConnectionTrait,
    owner: UserId,
    old: Option<FileId>,
    new: Option<FileId>,
) -> Result<bool, Fault> {
    if let Some(new) = new
        && !hold_picture(connection, owner, new).await?
    {
        return Ok(false);
    }
    if let Some(old) = old {
        release_picture(connection, old).await?;
    }
    Ok(true)
}

/// A group shows another picture from now on.
pub(in crate::store) async fn swap_picture_of(
    connection: &impl ConnectionTrait,
    group: ChatId,
    by: UserId,
    new: Option<FileId>,
) -> Result<bool, Fault> {
    let old = picture_of(connection, group).await?;
    swap_picture(connection, by, old, new).await
}

/// A file becomes somebody's picture, or a group's.
async fn hold_picture(connection: &impl ConnectionTrait, owner: UserId, id: FileId) -> Result<bool, Fault> {
    let held = file::Entity::update_many()
        .col_expr(file::Column::InPictures, Expr::col(file::Column::InPictures).add(1))
        .col_expr(file::Column::DueAt, Expr::value(None::<i64>))
        .filter(file::Column::Id.eq(id.0))
        .filter(own_picture(owner))
        .exec(connection)
        .await?;
    Ok(held.rows_affected > 0)
}

/// A file is not that picture any more. If nothing holds it, it goes when its time since the upload is over.
async fn release_picture(connection: &impl ConnectionTrait, id: FileId) -> Result<(), Fault> {
    file::Entity::update_many()
        .col_expr(file::Column::InPictures, Expr::col(file::Column::InPictures).sub(1))
        .filter(file::Column::Id.eq(id.0))
        .exec(connection)
        .await?;
    file::Entity::update_many()
        .col_expr(file::Column::DueAt, Expr::col(file::Column::CreatedAt))
        .filter(file::Column::Id.eq(id.0))
        .filter(file::Column::InMessages.lte(0))
        .filter(file::Column::InPictures.lte(0))
        .exec(connection)
        .await?;
    Ok(())
}

/// Somebody's account ends: what nothing else holds is gone.
pub(in crate::store) async fn release_user(
    connection: &impl ConnectionTrait,
    user: &user::Model,
    now: Timestamp,
) -> Result<(), Fault> {
    if let Some(picture) = user.avatar_id {
        release_picture(connection, FileId(picture)).await?;
    }
    file::Entity::update_many()
        .col_expr(file::Column::State, Expr::value(GONE))
        .col_expr(file::Column::DueAt, Expr::value(Some(now.0)))
        .filter(file::Column::OwnerId.eq(user.id))
        .filter(file::Column::State.eq(THERE))
        .filter(file::Column::InMessages.lte(0))
        .filter(file::Column::InPictures.lte(0))
        .exec(connection)
        .await?;
    Ok(())
}

/// A group ends, with its picture.
pub(in crate::store) async fn release_group(connection: &impl ConnectionTrait, group: ChatId) -> Result<(), Fault> {
    match picture_of(connection, group).await? {
        Some(picture) => release_picture(connection, picture).await,
        None => Ok(()),
    }
}

async fn picture_of(connection: &impl ConnectionTrait, group: ChatId) -> Result<Option<FileId>, Fault> {
    let found: Option<Option<Uuid>> = chat::Entity::find_by_id(group.0)
        .select_only()
        .column(chat::Column::AvatarId)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.flatten().map(FileId))
}
