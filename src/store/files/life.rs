//! The end of files: wanted by their owners, or due because nothing holds them. First nobody sees them, then their bytes go,
//! then their row.
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::{ARRIVING, GONE, THERE};
use crate::{
    domain::{FileId, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::file;

/// What became of the wish to end a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone.
    Gone,
    /// A message or a picture holds it.
    Held,
    /// There is none, or it is somebody else's.
    Missing,
}

/// What is known of a file, for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownFile {
    /// The file.
    pub id: FileId,
    /// How many bytes it has.
    pub size: u64,
    /// Whether there is a small picture of it.
    pub has_thumbnail: bool,
    /// Whether its bytes must be there: they are not on their way any more, nor about to go.
    pub is_there: bool,
}

impl Store {
    /// Somebody ends a file of one's own, if nothing holds it.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn delete_file(&self, owner: UserId, id: FileId, now: Timestamp) -> Result<Deletion, Fault> {
        let ended = file::Entity::update_many()
            .col_expr(file::Column::State, Expr::value(GONE))
            .col_expr(file::Column::DueAt, Expr::value(Some(now.0)))
            .filter(file::Column::Id.eq(id.0))
            .filter(file::Column::OwnerId.eq(owner.0))
            .filter(file::Column::State.eq(THERE))
            .filter(file::Column::InMessages.lte(0))
            .filter(file::Column::InPictures.lte(0))
            .exec(&self.writer)
            .await?;
        if ended.rows_affected > 0 {
            return Ok(Deletion::Gone);
        }
        let own = file::Entity::find_by_id(id.0)
            .filter(file::Column::OwnerId.eq(owner.0))
            .filter(file::Column::State.eq(THERE));
        let is_held = own.one(&self.writer).await?.is_some();
        Ok(if is_held { Deletion::Held } else { Deletion::Missing })
    }

    /// Ends what nothing holds and was uploaded before `uploaded`, and uploads that are late, and answers files whose bytes are to be
    /// removed: at most so many.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn end_due_files(&self, now: Timestamp, uploaded: Timestamp, limit: u64) -> Result<Vec<FileId>, Fault> {
        let is_due = || {
            let of = |state: i16, until: Timestamp| file::Column::State.eq(state).and(file::Column::DueAt.lte(until.0));
            Condition::any().add(of(THERE, uploaded)).add(of(ARRIVING, now)).add(of(GONE, now))
        };
        let due: Vec<Uuid> = file::Entity::find()
            .select_only()
            .column(file::Column::Id)
            .filter(is_due())
            .order_by_asc(file::Column::DueAt)
            .limit(limit)
            .into_tuple()
            .all(&self.reader)
            .await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        file::Entity::update_many()
            .col_expr(file::Column::State, Expr::value(GONE))
            .filter(file::Column::Id.is_in(due.iter().copied()))
            .filter(is_due())
            .filter(file::Column::InMessages.lte(0))
            .filter(file::Column::InPictures.lte(0))
            .exec(&self.writer)
            .await?;
        let gone: Vec<Uuid> = file::Entity::find()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::Id.is_in(due))
            .filter(file::Column::State.eq(GONE))
            .into_tuple()
            .all(&self.writer)
            .await?;
        Ok(gone.into_iter().map(FileId).collect())
    }

    /// The bytes of a file that is gone are removed.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn forget_file(&self, id: FileId) -> Result<(), Fault> {
        let gone = file::Entity::delete_many().filter(file::Column::Id.eq(id.0)).filter(file::Column::State.eq(GONE));
        gone.exec(&self.writer).await?;
        Ok(())
    }

    /// Whether a file is there.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn is_file_there(&self, id: FileId) -> Result<bool, Fault> {
        let found = file::Entity::find_by_id(id.0).filter(file::Column::State.eq(THERE)).one(&self.reader).await?;
        Ok(found.is_some())
    }

    /// All that is known of files, in the order of their ids, after one of them: at most so many rows. For a check.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn known_files(&self, after: Option<FileId>, limit: u64) -> Result<Vec<KnownFile>, Fault> {
        let mut query = file::Entity::find().order_by_asc(file::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(file::Column::Id.gt(after.0));
        }
        let rows = query.all(&self.reader).await?;
        let known = |row: file::Model| KnownFile {
            id: FileId(row.id),
            size: u64::try_from(row.size).unwrap_or_default(),
            has_thumbnail: row.thumbnail_type.is_some(),
            is_there: row.state == THERE,
        };
        Ok(rows.into_iter().map(known).collect())
    }
}
