//! Connecting: which database, how durable, and its tables brought up to date.
use std::{path::Path, sync::Arc, time::Duration};

use migration::{Migrator, MigratorTrait};
use prometheus_client::metrics::histogram::Histogram;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Driver, DatabaseBackend, DatabaseConnection,
    sqlx::{
        self, Connection, SqliteConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{Fault, Stats, Store};
use crate::settings::{Database, Synchronous, private_folder};

/// How long a request waits for a free connection, and a SQLite statement for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for a query. A send may wait for one, and then for the writer, and is answered within ten seconds.
const QUERY_PATIENCE: Duration = Duration::from_secs(3);
const READERS: u32 = 4;
const SERVER_WRITERS: u32 = 8;

impl Store {
    /// Connects, makes a missing SQLite file and its folder, and runs the migrations that are new.
    pub async fn open(database: &Database) -> Result<Self, Fault> {
        let sqlite = sqlite_file(&database.url);
        if let Some(folder) = sqlite.and_then(|file| Path::new(file).parent()) {
            private_folder(folder)
                .map_err(|error| Fault::Refused(format!("cannot make {}: {error}", folder.display())))?;
        }
        let stats = Arc::new(Stats::default());
        let writers = if sqlite.is_some() { 1 } else { SERVER_WRITERS };
        let mut writer = connect(database, writers, PATIENCE).await?;
        Migrator::up(&writer, None).await?;
        let mut reader = connect(database, READERS, QUERY_PATIENCE).await?;
        observe(&mut reader, &stats, stats.reads.clone());
        observe(&mut writer, &stats, stats.writes.clone());
        Ok(Self { reader, writer, stats })
    }

    /// Which database this is, for people: never with a password.
    pub fn describe(database: &Database) -> String {
        match sqlite_file(&database.url) {
            Some(file) => format!("SQLite {file}, synchronous = {}", database.synchronous),
            None => {
                let (scheme, rest) = database.url.split_once("://").unwrap_or(("?", ""));
                let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
                format!("{scheme}://{place}, durable as that server is set up")
            }
        }
    }

    /// Answers if the database does.
    pub async fn ping(&self) -> Result<(), Fault> {
        Ok(self.reader.execute_unprepared("SELECT 1").await.map(|_| ())?)
    }

    pub(super) fn backend(&self) -> DatabaseBackend {
        self.writer.get_database_backend()
    }
}

fn sqlite_file(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(rest.split_once('?').map_or(rest, |(file, _)| file))
}

async fn connect(database: &Database, connections: u32, patience: Duration) -> Result<DatabaseConnection, Fault> {
    let mut options = ConnectOptions::new(database.url.clone());
    let synchronous = match database.synchronous {
        Synchronous::Off => SqliteSynchronous::Off,
        Synchronous::Normal => SqliteSynchronous::Normal,
        Synchronous::Full => SqliteSynchronous::Full,
        Synchronous::Extra => SqliteSynchronous::Extra,
    };
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(patience)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(PATIENCE)
        })
        .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_sound(connection))));
    Ok(Driver::connect(options).await?)
}

/// From now on the statements of a connection are timed.
fn observe(connection: &mut DatabaseConnection, stats: &Arc<Stats>, times: Histogram) {
    let stats = stats.clone();
    connection.set_metric_callback(move |statement| {
        stats.statements.count();
        times.observe(statement.elapsed.as_secs_f64());
        if statement.failed {
            stats.failed.count();
        }
    });
}

/// Whether a connection that is given back may be used again. On a full disk SQLite ends a transaction by itself, which the driver does
/// not notice: it would take every later transaction for a part of that one, and report it committed when it is not.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    connection.ping().await?; // a rollback that was begun is done now
    Ok(!connection.is_in_transaction())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLES: &str = "CREATE TABLE big (content BLOB);
        CREATE TABLE parent (id INTEGER PRIMARY KEY);
        CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)";

    async fn commit(store: &Store, statement: &str) -> Result<(), Fault> {
        let transaction = store.begin().await?;
        transaction.execute_unprepared(statement).await?;
        Ok(transaction.commit().await?)
    }

    #[actix::test]
    async fn what_is_committed_after_the_disk_was_full_is_committed() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("full.db").display());
        let store = Store::open(&Database { url, synchronous: Synchronous::Off }).await.unwrap();
        store.writer.execute_unprepared(TABLES).await.unwrap();
        store.writer.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();

        let full = commit(&store, "INSERT INTO big VALUES (randomblob(1000000))").await;
        assert!(full.unwrap_err().is_passing());
        commit(&store, "INSERT INTO child VALUES (1)").await.expect_err("no such parent");
        commit(&store, "INSERT INTO parent VALUES (1)").await.unwrap();
        let seen =
            store.reader.query_one_raw(sea_orm::Statement::from_string(store.backend(), "SELECT id FROM parent"));
        assert!(seen.await.unwrap().is_some(), "nobody else sees it");
    }
}
