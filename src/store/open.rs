//! Connecting: which database, how durable, and its tables brought up to date.
use std::{path::Path, sync::Arc, time::Duration};

use entity::{chat, mail, mail_token, member, message, past_member, refresh_token, session, user};
use prometheus_client::metrics::histogram::Histogram;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as Driver, DatabaseBackend, DatabaseConnection, DbErr, EntityName,
    sea_query::{Expr, Query},
    sqlx::{self, Executor, mysql::MySqlConnectOptions, postgres::PgConnectOptions},
};
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;

use super::{
    Fault, ServerLock, Stats, Store, UNREAD_CAP,
    detached::Detached,
    migrate::migrate,
    sqlite::{Opened, SqliteFile, unopened},
};
use crate::settings::{DEADLINES, Database};

/// How long a request waits for a free connection, and a statement for another's lock.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for a query.
const QUERY_PATIENCE: Duration = DEADLINES.question;
/// SQLite's page cache of the connection that writes, in KiB as SQLite counts them: every live chat has pages of its own
/// that grow.
const WRITER_CACHE: &str = "-16384";
/// The same of each that reads: what it does not hold the system's own cache does, once for all.
const READER_CACHE: &str = "-2048";
/// How long a server that starts waits for one that brings the tables up to date.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(60);
const READERS: u32 = 4;
/// One of several nodes that stands still in the middle of a transaction loses it after this.
const IDLE: Duration = Duration::from_secs(1);
/// So many of them search at once: the others are for what is asked of chats.
const SEARCHES: usize = 2;
const SERVER_WRITERS: u32 = 8;

/// How long the database waits for others, and for this server.
#[derive(Clone, Copy)]
struct Patience {
    /// For another's lock.
    lock: Duration,
    /// For the next statement of a transaction, if there is a bound to it.
    idle: Option<Duration>,
}

impl Store {
    /// Connects, makes a missing SQLite file and its folder, and runs the migrations that are new.
    ///
    /// # Errors
    /// A fault of the database: it cannot be reached, its file cannot be used, or its tables cannot be brought up to date.
    pub async fn open(database: &Database) -> Result<Self, Fault> {
        Self::open_for(database, false).await
    }

    /// The same for one of several nodes: a transaction whose node stands still does not hold up the others for long.
    ///
    /// # Errors
    /// As those of [`Store::open`].
    pub async fn open_for(database: &Database, is_clustered: bool) -> Result<Self, Fault> {
        let named = SqliteFile::of(database);
        let sqlite = named.as_ref().map(|file| file.in_place().map_err(unopened(file))).transpose()?;
        let _lock = match &sqlite {
            Some(file) => Some(file.lock().await.map_err(unopened(file))?),
            None => None,
        };
        let opened = sqlite.map(Opened::new).transpose()?;
        let stats = Arc::new(Stats::default());
        let writers = if opened.is_some() { 1 } else { SERVER_WRITERS };
        let connect = async |connections, cache, patience| {
            connect(database, opened.as_ref(), connections, cache, patience).await.map_err(Fault::of_connecting)
        };
        let plain = |patience| Patience { lock: patience, idle: None };
        migrate(connect(1, WRITER_CACHE, plain(MIGRATION_PATIENCE)).await?, MIGRATION_PATIENCE).await?;
        let idle = is_clustered.then_some(IDLE);
        let mut writer = connect(writers, WRITER_CACHE, Patience { lock: PATIENCE, idle }).await?;
        let mut reader = connect(READERS, READER_CACHE, plain(QUERY_PATIENCE)).await?;
        observe(&mut reader, &stats, stats.reads.clone());
        observe(&mut writer, &stats, stats.writes.clone());
        let detached = Arc::new(Detached::new());
        let unread_cap = Arc::new(UNREAD_CAP.into());
        let open_history = Arc::default();
        let counters = Arc::default();
        let cached = Arc::default();
        let fresh = Arc::default();
        let line = Arc::default();
        let searches = Arc::new(Semaphore::new(SEARCHES));
        Ok(Self {
            reader,
            writer,
            detached,
            opened,
            stats,
            counters,
            cached,
            unread_cap,
            open_history,
            fresh,
            line,
            searches,
        })
    }

    /// Takes the right to serve from a database, before it is opened. Nobody else has it until what is returned is gone.
    ///
    /// # Errors
    /// With SQLite, that another process has it, and which.
    pub fn lock_for_server(database: &Database) -> Result<ServerLock, Fault> {
        let named = SqliteFile::of(database);
        let path = named.as_ref().map(SqliteFile::path).unwrap_or(Path::new("")).display().to_string();
        ServerLock::of(database).map_err(|error| Fault::Refused(format!("cannot open {path}: {error}")))
    }

    /// Whether the drivers can read the URL. They are asked because it is they who will; what they say of it is told to nobody.
    pub fn is_readable(database: &Database) -> bool {
        let url = database.url.expose_secret();
        match database.scheme() {
            "sqlite" => SqliteFile::of(database).is_some(),
            "mysql" => url.parse::<MySqlConnectOptions>().is_ok(),
            _ => url.parse::<PgConnectOptions>().is_ok(),
        }
    }

    /// Which database this is, for people: never with a password.
    pub fn describe(database: &Database) -> String {
        match SqliteFile::of(database) {
            Some(file) => format!("SQLite {}, synchronous = {}", file.path().display(), database.synchronous),
            None => format!("{}, durable as that server is set up", database.place()),
        }
    }

    /// Reads what requests read. Fails too if a SQLite file is not where it was opened: as long as its connections last requests
    /// go on, but what opens it next finds another one or none.
    ///
    /// # Errors
    /// What keeps the database from working.
    pub async fn ping(&self) -> Result<(), Fault> {
        if let Some(opened) = &self.opened {
            opened.is_in_place()?;
        }
        let tables = [
            chat::Entity.table_ref(),
            mail::Entity.table_ref(),
            mail_token::Entity.table_ref(),
            member::Entity.table_ref(),
            message::Entity.table_ref(),
            past_member::Entity.table_ref(),
            refresh_token::Entity.table_ref(),
            session::Entity.table_ref(),
            user::Entity.table_ref(),
        ];
        let mut query = Query::select();
        for table in tables {
            query.expr(Expr::exists(Query::select().expr(Expr::val(1)).from(table).take()));
        }
        Ok(self.reader.query_one(&query).await.map(|_| ())?)
    }

    pub(super) fn backend(&self) -> DatabaseBackend {
        self.writer.get_database_backend()
    }
}

async fn connect(
    database: &Database,
    sqlite: Option<&Opened>,
    connections: u32,
    cache: &'static str,
    patience: Patience,
) -> Result<DatabaseConnection, DbErr> {
    // The name of SQLite's file is set below: it could not be put into every URL.
    let url = if sqlite.is_some() { "sqlite://by.name" } else { database.url.expose_secret() };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(patience.lock)
        .sqlx_logging(false)
        // A server may have hung up meanwhile; a file cannot, and a look at it costs two switches between threads.
        .test_before_acquire(sqlite.is_none())
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
    if let Some(opened) = sqlite {
        opened.set(&mut options, database.synchronous, cache, patience.lock);
    }
    Driver::connect(options).await
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
fn postgres_session(patience: Patience) -> sqlx::AssertSqlSafe<String> {
    let idle = patience.idle.map_or_else(String::new, |idle| {
        format!("; SET idle_in_transaction_session_timeout = '{}ms'", idle.as_millis())
    });
    sqlx::AssertSqlSafe(format!(
        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED; SET lock_timeout = '{}s'{idle}",
        patience.lock.as_secs()
    ))
}

/// The same. At the usual level of isolation two transactions that find nothing in the same gap of an index, and then put something there,
/// wait for each other. Without strict mode what is too long is cut off.
fn mysql_session(patience: Patience) -> sqlx::AssertSqlSafe<String> {
    let seconds = patience.lock.as_secs();
    let idle = patience.idle.map_or_else(String::new, |idle| {
        format!(", SESSION idle_write_transaction_timeout = {}", idle.as_secs().max(1))
    });
    sqlx::AssertSqlSafe(format!(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SET sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'), \
         innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}{idle}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Synchronous;

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
        let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Off }).await.unwrap();
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

    #[actix::test]
    async fn a_connection_that_comes_later_makes_no_database() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("data");
        let gone = folder.path().join("gone");
        let url = format!("sqlite://{}/x.db", here.display());
        let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Off }).await.unwrap();
        store.ping().await.unwrap();
        std::fs::rename(&here, &gone).unwrap();
        let moved = store.ping().await.unwrap_err();
        assert!(moved.is_passing() && moved.to_string().contains("x.db"), "{moved}");

        std::fs::create_dir(&here).unwrap();
        // The pool of one connection, where none that is idle takes the place of a new one.
        let pool = store.writer.get_sqlite_connection_pool();
        pool.acquire().await.unwrap().close().await.unwrap();
        pool.acquire().await.expect_err("there is nothing to open");
        assert_eq!(std::fs::read_dir(&here).unwrap().count(), 0, "nothing is made");
        std::fs::copy(gone.join("x.db"), here.join("x.db")).unwrap();
        // It tries again until its patience is over.
        let opened = tokio::time::timeout(Duration::from_millis(500), pool.acquire()).await;
        assert!(!opened.is_ok_and(|opened| opened.is_ok()), "another file in its place is not opened");
        assert!(store.ping().await.unwrap_err().to_string().contains("another file"));
        std::fs::remove_dir_all(&here).unwrap();
        std::fs::rename(&gone, &here).unwrap();
        store.ping().await.unwrap();
    }

    #[actix::test]
    async fn a_database_without_its_tables_does_not_answer() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("x.db").display());
        let store = Store::open(&Database { url: url.into(), synchronous: Synchronous::Off }).await.unwrap();
        store.ping().await.unwrap();
        store.writer.execute_unprepared("DROP TABLE mail").await.unwrap();
        store.ping().await.unwrap_err();
    }
}
