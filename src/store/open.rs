//! Connecting: which database, how durable, and its tables brought up to date.
use std::{sync::Arc, time::Duration};

use prometheus_client::metrics::histogram::Histogram;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Driver, DatabaseBackend, DatabaseConnection,
    sqlx::{
        self, Connection, Executor, SqliteConnection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{Fault, Stats, Store, UNREAD_CAP, background::Background, migrate::migrate, sqlite_file::SqliteFile};
use crate::settings::{Database, Synchronous};

/// How long a request waits for a free connection, and a statement for another's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for a query.
const QUERY_PATIENCE: Duration = Duration::from_secs(3);
/// SQLite's page cache of the connection that writes, in KiB as SQLite counts them: every live chat has pages of its own
/// that grow.
const WRITER_CACHE: &str = "-16384";
/// The same of each that reads: what it does not hold the system's own cache does, once for all.
const READER_CACHE: &str = "-2048";
/// Pages in SQLite's log before they are moved into the file: a page that changes with every batch is moved once then.
const CHECKPOINT: &str = "4000";
/// How long a server that starts waits for one that brings the tables up to date.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(60);
const READERS: u32 = 4;
const SERVER_WRITERS: u32 = 8;

impl Store {
    /// Connects, makes a missing SQLite file and its folder, and runs the migrations that are new.
    pub async fn open(database: &Database) -> Result<Self, Fault> {
        let sqlite = SqliteFile::of(&database.url);
        let _alone = match &sqlite {
            Some(file) => Some(file.alone().await.map_err(|error| unopened(file, &error))?),
            None => None,
        };
        let stats = Arc::new(Stats::default());
        let writers = if sqlite.is_some() { 1 } else { SERVER_WRITERS };
        migrate(connect(database, 1, WRITER_CACHE, MIGRATION_PATIENCE).await?, MIGRATION_PATIENCE).await?;
        let mut writer = connect(database, writers, WRITER_CACHE, PATIENCE).await?;
        let mut reader = connect(database, READERS, READER_CACHE, QUERY_PATIENCE).await?;
        observe(&mut reader, &stats, stats.reads.clone());
        observe(&mut writer, &stats, stats.writes.clone());
        let (background, unread_cap) = (Arc::new(Background::new()), Arc::new(UNREAD_CAP.into()));
        let (counters, templates) = (Arc::default(), Arc::default());
        Ok(Self { reader, writer, background, stats, counters, templates, unread_cap })
    }

    /// Which database this is, for people: never with a password.
    pub fn describe(database: &Database) -> String {
        match SqliteFile::of(&database.url) {
            Some(file) => format!("SQLite {}, synchronous = {}", file.path().display(), database.synchronous),
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

fn unopened(file: &SqliteFile, error: &std::io::Error) -> Fault {
    Fault::Refused(format!("cannot open {}: {error}", file.path().display()))
}

async fn connect(
    database: &Database,
    connections: u32,
    cache: &'static str,
    patience: Duration,
) -> Result<DatabaseConnection, Fault> {
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
        // A server may have hung up meanwhile; a file cannot, and a look at it costs two switches between threads.
        .test_before_acquire(SqliteFile::of(&database.url).is_none())
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(patience)
                .pragma("cache_size", cache)
                .pragma("wal_autocheckpoint", CHECKPOINT)
                .pragma("temp_store", "memory")
        })
        .map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|connection, _| Box::pin(is_sound(connection))))
        .map_sqlx_postgres_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(postgres_session(patience)).await.map(|_| ()) })
            })
        })
        .map_sqlx_mysql_pool_opts(move |pool| {
            pool.after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(mysql_session(patience)).await.map(|_| ()) })
            })
        });
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

/// What the statements here count on, however the server is set up.
fn postgres_session(patience: Duration) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; SET lock_timeout = '{}s'",
        patience.as_secs()
    ))
}

/// The same. At the usual level of isolation two transactions that find nothing in the same gap of an index, and then put something there,
/// wait for each other. Without strict mode what is too long is cut off.
fn mysql_session(patience: Duration) -> sqlx::AssertSqlSafe<String> {
    let seconds = patience.as_secs();
    sqlx::AssertSqlSafe(format!(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), \
         innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}"
    ))
}

/// Whether a connection that is given back may be used again. On a full disk SQLite ends a transaction by itself, which the driver does
/// not notice: it would take every later transaction for a part of that one, and report it committed when it is not.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        connection.ping().await?; // a rollback that was begun is done now
    }
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
