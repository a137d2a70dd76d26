//! Transactions that change something.
use sea_orm::{
    DatabaseBackend, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use crate::store::{Fault, Store};

/// Begins a transaction that will write. SQLite takes its lock at once: a transaction that read first could not get it any
/// more after another process wrote.
pub(in crate::store) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Fault> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    Ok(connection.begin_with_options(options).await?)
}

/// How often is tried what was sent away for being in another's way.
const TRIES: usize = 5;

/// What `work` comes to, a transaction that changes something. Of two that wait for each other the database sends one away, with
/// nothing done: that one is tried again.
pub(in crate::store) async fn despite_deadlocks<T, F>(what: &str, mut work: impl FnMut() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    for _ in 1..TRIES {
        match work().await {
            Err(Fault::Deadlock(why)) => log::debug!("{what}: trying again: {why}"),
            settled => return settled,
        }
    }
    work().await
}

impl Store {
    /// For several queries that are to see one state of the database.
    pub(in crate::store) async fn snapshot(&self) -> Result<DatabaseTransaction, Fault> {
        // SQLite's transactions see nothing else.
        let level = (self.backend() != DatabaseBackend::Sqlite).then_some(IsolationLevel::RepeatableRead);
        Ok(self.reader.begin_with_config(level, None).await?)
    }

    /// A transaction that will write.
    pub(in crate::store) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        begin(&self.writer).await
    }
}
