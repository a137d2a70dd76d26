//! Who may see which file.
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};
use std::{collections::HashMap, sync::atomic::Ordering::Relaxed};

use super::{THERE, shown};
use crate::{
    domain::{File, FileId, UserId},
    store::{Fault, Store},
};
use entity::{file, member, message_file};

/// A file that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The file.
    pub file: File,
    /// What the bytes of its small picture are, if it has one.
    pub thumbnail_type: Option<String>,
    /// Whether it is the picture of somebody or of a group, which everybody may see.
    pub is_picture: bool,
}

impl Store {
    /// A file, if `user` may see it: whoever uploaded it, everybody if it is somebody's picture, and whoever sees a message
    /// that holds it.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn visible_file(&self, user: UserId, id: FileId) -> Result<Option<FoundFile>, Fault> {
        let found = file::Entity::find_by_id(id.0).filter(file::Column::State.eq(THERE)).one(&self.reader).await?;
        let Some(row) = found else { return Ok(None) };
        let is_picture = row.in_pictures > 0;
        if row.owner_id != user.0 && !is_picture && !self.sees_message_with(user, id).await? {
            return Ok(None);
        }
        let thumbnail_type = row.thumbnail_type.clone();
        Ok(Some(FoundFile { file: shown(row), thumbnail_type, is_picture }))
    }

    async fn sees_message_with(&self, user: UserId, id: FileId) -> Result<bool, Fault> {
        let place = message_file::Entity::belongs_to(member::Entity)
            .from(message_file::Column::ChatId)
            .to(member::Column::ChatId);
        let seq = || Expr::col((message_file::Entity, message_file::Column::Seq));
        let mut begins = Condition::any()
            .add(seq().gt(Expr::col((member::Entity, member::Column::JoinedSeq))))
            .add(member::Column::SeesHistory.eq(true));
        if self.open_history.load(Relaxed) {
            begins = begins.add(Expr::value(true));
        }
        let found: Option<Uuid> = message_file::Entity::find()
            .select_only()
            .column(message_file::Column::ChatId)
            .join(JoinType::InnerJoin, place.into())
            .filter(message_file::Column::FileId.eq(id.0))
            .filter(member::Column::UserId.eq(user.0))
            .filter(begins)
            .filter(seq().gt(Expr::col((member::Entity, member::Column::ClearedSeq))))
            .limit(1)
            .into_tuple()
            .one(&self.reader)
            .await?;
        Ok(found.is_some())
    }

    /// Those of `ids` that somebody has uploaded, in their order. None if one of them is not there.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_files(&self, owner: UserId, ids: &[FileId]) -> Result<Option<Vec<File>>, Fault> {
        let rows = file::Entity::find()
            .filter(file::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(file::Column::OwnerId.eq(owner.0))
            .filter(file::Column::State.eq(THERE))
            .all(&self.reader)
            .await?;
        let mut found: HashMap<Uuid, File> = rows.into_iter().map(|row| (row.id, shown(row))).collect();
        Ok(ids.iter().map(|id| found.remove(&id.0)).collect())
    }

    /// What somebody has uploaded, the oldest first, after one of them: at most so much.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn uploads(&self, owner: UserId, after: Option<FileId>, limit: u64) -> Result<Vec<File>, Fault> {
        let mut query = file::Entity::find()
            .filter(file::Column::OwnerId.eq(owner.0))
            .filter(file::Column::State.eq(THERE))
            .order_by_asc(file::Column::Id)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(file::Column::Id.gt(after.0));
        }
        Ok(query.all(&self.reader).await?.into_iter().map(shown).collect())
    }
}
