//! Transactions that change something.
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::store::{Fault, Store};

/// Begins a transaction that will write. SQLite takes its lock at once: a transaction that read first could not get it any
/// more after another process wrote.
pub(in crate::store) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Fault> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    Ok(connection.begin_with_options(options).await?)
}

impl Store {
    /// A transaction that will write.
    pub(in crate::store) async fn begin(&self) -> Result<DatabaseTransaction, Fault> {
        begin(&self.writer).await
    }
}
