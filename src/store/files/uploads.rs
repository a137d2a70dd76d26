//! Uploads: a place within the quota first, then the bytes, then the file is there. Whatever breaks off in between is due.
use std::time::Duration;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::{ARRIVING, GONE, THERE, row};
use crate::{
    domain::{File, FileId, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{file, user};

/// An upload that nobody speaks for any more after this long never will be there.
const LATE: Duration = Duration::from_secs(30);

/// A file that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// The file.
    pub file: File,
    /// What the bytes of its small picture are, if it has one.
    pub thumbnail_type: Option<String>,
}

/// What became of the wish for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// The bytes may come.
    Granted,
    /// It would be more than this person may keep.
    OverQuota,
    /// There is no such person any more.
    NoSuchUser,
}

impl Store {
    /// How many bytes somebody keeps.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn kept_bytes(&self, owner: UserId) -> Result<u64, Fault> {
        kept_bytes(&self.reader, owner).await
    }

    /// Keeps a place for a file, unless its owner had more than `quota` bytes then.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn reserve_file(
        &self,
        owner: UserId,
        new: &NewFile,
        quota: u64,
        now: Timestamp,
    ) -> Result<Reserved, Fault> {
        let transaction = self.begin().await?;
        // One upload after the other, so that two do not both find the last place.
        let owned = user::Entity::find_by_id(owner.0).lock_exclusive().one(&transaction).await?;
        if owned.is_none() {
            return Ok(Reserved::NoSuchUser);
        }
        if kept_bytes(&transaction, owner).await?.saturating_add(new.file.size) > quota {
            return Ok(Reserved::OverQuota);
        }
        let row = row(new, owner, now.plus(LATE), now);
        file::Entity::insert(row).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(Reserved::Granted)
    }

    /// The bytes are there. Says whether the place was kept for them until now.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn file_arrived(&self, id: FileId) -> Result<bool, Fault> {
        let there = file::Entity::update_many()
            .col_expr(file::Column::State, Expr::value(THERE))
            .col_expr(file::Column::DueAt, Expr::col(file::Column::CreatedAt))
            .filter(file::Column::Id.eq(id.0))
            .filter(file::Column::State.eq(ARRIVING))
            .exec(&self.writer)
            .await?;
        Ok(there.rows_affected > 0)
    }

    /// The bytes are still on their way. To be said more often than every 20 seconds.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn file_is_coming(&self, id: FileId, now: Timestamp) -> Result<bool, Fault> {
        let row = file::ActiveModel { due_at: Set(Some(now.plus(LATE).0)), ..Default::default() };
        self.settle_arrival(id, row).await
    }

    /// The bytes will not come: whatever there is of them is due.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn file_broke_off(&self, id: FileId, now: Timestamp) -> Result<bool, Fault> {
        let gone = file::ActiveModel { state: Set(GONE), due_at: Set(Some(now.0)), ..Default::default() };
        self.settle_arrival(id, gone).await
    }

    async fn settle_arrival(&self, id: FileId, row: file::ActiveModel) -> Result<bool, Fault> {
        let settled = file::Entity::update_many()
            .set(row)
            .filter(file::Column::Id.eq(id.0))
            .filter(file::Column::State.eq(ARRIVING))
            .exec(&self.writer)
            .await?;
        Ok(settled.rows_affected > 0)
    }
}

async fn kept_bytes(connection: &impl ConnectionTrait, owner: UserId) -> Result<u64, Fault> {
    // A sum is a decimal number to PostgreSQL and MariaDB, and each has its own word for what it is to be.
    let whole = if connection.get_database_backend() == DatabaseBackend::MySql { "SIGNED" } else { "BIGINT" };
    let sum: Option<Option<i64>> = file::Entity::find()
        .select_only()
        .column_as(Expr::cust(format!("CAST(SUM(size) AS {whole})")), "kept")
        .filter(file::Column::OwnerId.eq(owner.0))
        .filter(file::Column::State.ne(GONE))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(sum.flatten().and_then(|sum| u64::try_from(sum).ok()).unwrap_or_default())
}
