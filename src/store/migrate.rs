//! Tables brought up to date, by one server at a time: those that start meanwhile wait, and find nothing left to do.
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, Statement};

use super::{Fault, sql::begin};

/// A number that nobody else locks in the same database.
const POSTGRES_LOCK: &str = "SELECT pg_advisory_xact_lock(7381240519263)";

/// Runs the migrations that are new, all of them or none where tables can be changed in a transaction: MySQL and MariaDB commit each
/// change at once. `connection` must be a single one, which is closed afterwards, and with it goes their lock.
pub(super) async fn migrate(connection: DatabaseConnection, patience: Duration) -> Result<(), Fault> {
    let transaction = begin(&connection).await?;
    lock(&transaction, patience).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(connection.close().await?)
}

async fn lock(transaction: &DatabaseTransaction, patience: Duration) -> Result<(), Fault> {
    match transaction.get_database_backend() {
        DatabaseBackend::Postgres => transaction.execute_unprepared(POSTGRES_LOCK).await.map(|_| ())?,
        DatabaseBackend::MySql => lock_mysql(transaction, patience).await?,
        // Beginning the transaction took SQLite's lock.
        _ => {}
    }
    Ok(())
}

/// Locks have names there, the same ones for all databases of a server.
async fn lock_mysql(transaction: &DatabaseTransaction, patience: Duration) -> Result<(), Fault> {
    let seconds = patience.as_secs();
    let lock = format!("SELECT GET_LOCK(CONCAT('greenroom ', MD5(DATABASE())), {seconds}) AS held");
    let row = transaction.query_one_raw(Statement::from_string(DatabaseBackend::MySql, lock)).await?;
    let held: Option<i64> = row.map(|row| row.try_get("", "held")).transpose()?.flatten();
    if held == Some(1) { Ok(()) } else { Err(Fault::Unavailable("another server changes the tables".into())) }
}
