//! Connections to a SQLite database: what each is told, and that all of them have the same file.
use std::{io, time::Duration};

use sea_orm::{
    ConnectOptions,
    sqlx::{
        self, Connection, SqliteConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::file::{Identity, SqliteFile};
use crate::{settings::Synchronous, store::Fault};

/// Pages in SQLite's log before they are moved into the file: a page that changes with every batch is moved once then.
const CHECKPOINT: &str = "4000";

/// A SQLite database in use, and which file it was at the start.
#[derive(Debug, Clone)]
pub(in crate::store) struct Opened {
    file: SqliteFile,
    identity: Identity,
}

impl Opened {
    /// Makes the file if need be, and remembers which it is.
    pub(in crate::store) fn new(file: SqliteFile) -> Result<Self, Fault> {
        file.make().map_err(unopened(&file))?;
        let identity = file.identity().map_err(unopened(&file))?;
        Ok(Self { file, identity })
    }

    /// Fails if its name leads to another file by now, or to none.
    pub(in crate::store) fn is_in_place(&self) -> Result<(), Fault> {
        let path = self.file.path().display();
        match self.file.identity() {
            Ok(identity) if identity == self.identity => Ok(()),
            Ok(_) => Err(Fault::Unavailable(format!("{path} is another file than at the start"))),
            Err(error) => Err(Fault::Unavailable(format!("{path}: {error}"))),
        }
    }

    /// What each connection is told. The driver is given the file's name as it is, and only `new` may make the file.
    pub(in crate::store) fn set(
        &self,
        options: &mut ConnectOptions,
        synchronous: Synchronous,
        cache: &'static str,
        patience: Duration,
    ) {
        let opened = self.clone();
        let synchronous = match synchronous {
            Synchronous::Off => SqliteSynchronous::Off,
            Synchronous::Normal => SqliteSynchronous::Normal,
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Extra => SqliteSynchronous::Extra,
        };
        let path = self.file.path().to_owned();
        options
            .map_sqlx_sqlite_opts(move |sqlite| {
                sqlite
                    .filename(&path)
                    .create_if_missing(false)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(synchronous)
                    .busy_timeout(patience)
                    .pragma("cache_size", cache)
                    .pragma("wal_autocheckpoint", CHECKPOINT)
                    .pragma("temp_store", "memory")
                    // What was deleted is overwritten, so that no file keeps it.
                    .pragma("secure_delete", "on")
            })
            .map_sqlx_sqlite_pool_opts(move |pool| {
                let opened = opened.clone();
                pool.after_release(|connection, _| Box::pin(is_sound(connection))).after_connect(move |_, _| {
                    let found = opened.is_in_place();
                    Box::pin(async { found.map_err(|fault| sqlx::Error::Io(io::Error::other(fault))) })
                })
            });
    }
}

/// Whether a connection that is given back may be used again. On a full disk SQLite ends a transaction by itself, which the driver does
/// not notice: it would take every later transaction for a part of that one, and report it committed when it is not.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        connection.ping().await?; // a rollback that was begun is done now
    }
    Ok(!connection.is_in_transaction())
}

/// Tells of a file that cannot be opened.
pub(in crate::store) fn unopened(file: &SqliteFile) -> impl Fn(io::Error) -> Fault {
    let path = file.path().display().to_string();
    move |error| Fault::Refused(format!("cannot open {path}: {error}"))
}
