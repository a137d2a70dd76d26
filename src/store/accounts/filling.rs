//! People from before their names had runs to be found by get them, piece by piece. What is not written yet a search reads as well.
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, LockType},
};

use super::grams;
use crate::{
    domain::UserId,
    store::{Fault, Store, sql::despite_deadlocks},
};
use entity::{person_progress, user};

/// So many people get theirs in one transaction, at some 35 rows each: others have something to store as well.
const PIECE: u64 = 50;

/// The one row that says how far this is.
const ROW: i16 = 1;

impl Store {
    /// Writes the runs of some names that have none. Says whether there may be more.
    ///
    /// # Errors
    /// A fault of the database. What earlier pieces wrote is there.
    pub async fn fill_names(&self) -> Result<bool, Fault> {
        // People are locked here in their order, and elsewhere in others.
        despite_deadlocks("names to be found by", || self.try_to_fill_names()).await
    }

    async fn try_to_fill_names(&self) -> Result<bool, Fault> {
        let transaction = self.begin().await?;
        // One server at a time.
        let row = person_progress::Entity::find_by_id(ROW).lock_exclusive().one(&transaction).await?;
        let Some(row) = row.filter(|row| row.user_id != Uuid::max()) else { return Ok(false) };
        let ids = next(&transaction, row.user_id).await?;
        grams::add(&transaction, &named(&transaction, &ids).await?).await?;
        let last = ids.last().copied().filter(|_| ids.len() as u64 == PIECE);
        person_progress::Entity::update_many()
            .col_expr(person_progress::Column::UserId, Expr::value(last.unwrap_or(Uuid::max())))
            .filter(person_progress::Column::Id.eq(ROW))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(last.is_some())
    }
}

/// The verified people behind `after`. Whoever becomes one of them now writes the runs as well.
async fn next(on: &DatabaseTransaction, after: Uuid) -> Result<Vec<Uuid>, Fault> {
    Ok(user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.gt(after))
        .filter(user::Column::Verified.eq(true))
        .order_by_asc(user::Column::Id)
        .limit(PIECE)
        .into_tuple()
        .all(on)
        .await?)
}

/// Those of them who are still there, whose names stay as they are until the transaction ends.
async fn named(on: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<(UserId, String)>, Fault> {
    let query = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::NameFolded])
        .filter(user::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(user::Column::Id);
    let query = match on.get_database_backend() {
        // Messages are stored meanwhile: they lock that somebody is there, not the name.
        DatabaseBackend::Postgres => query.lock(LockType::NoKeyUpdate),
        _ => query.lock_exclusive(),
    };
    let rows: Vec<(Uuid, String)> = query.into_tuple().all(on).await?;
    Ok(rows.into_iter().map(|(id, folded)| (UserId(id), folded)).collect())
}

/// Up to which user all have their runs.
pub(super) async fn filled(on: &impl ConnectionTrait) -> Result<Uuid, Fault> {
    Ok(person_progress::Entity::find_by_id(ROW).one(on).await?.map_or(Uuid::nil(), |row| row.user_id))
}
