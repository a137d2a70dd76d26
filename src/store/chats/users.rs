//! Locks on the users without whom a transaction makes no sense: as long as it lasts their accounts do not end.
//!
//! Whoever locks users and chats locks the users first, and of either those with the lower ids first, so that nobody
//! waits for somebody who waits for them.
use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::LockType,
};

use crate::{domain::UserId, store::Fault};
use entity::user;

/// So many are asked for at once.
const AT_ONCE: usize = 500;

/// Those of `users` who have an account, which none of them can end before the transaction does.
pub(super) async fn lock(on: &DatabaseTransaction, users: &[UserId]) -> Result<HashSet<UserId>, Fault> {
    lock_by(on, users, LockType::KeyShare).await
}

/// The same, and nobody else locks any of them meanwhile: what is counted for them is counted by one at a time.
pub(super) async fn lock_alone(on: &DatabaseTransaction, users: &[UserId]) -> Result<(), Fault> {
    lock_by(on, users, LockType::Update).await?;
    Ok(())
}

async fn lock_by(on: &DatabaseTransaction, users: &[UserId], how: LockType) -> Result<HashSet<UserId>, Fault> {
    let mut ids: Vec<_> = users.iter().map(|user| user.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut existing = HashSet::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        let mut query = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(user::Column::Id.is_in(ids.iter().copied()))
            .filter(user::Column::Verified.eq(true))
            .order_by_asc(user::Column::Id);
        // SQLite has one writer at a time. MariaDB has no word for the weaker lock that MySQL knows.
        query = match on.get_database_backend() {
            DatabaseBackend::Postgres => query.lock(how),
            DatabaseBackend::MySql => query.lock_exclusive(),
            _ => query,
        };
        existing.extend(query.into_tuple().all(on).await?.into_iter().map(UserId));
    }
    Ok(existing)
}
