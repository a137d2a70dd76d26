//! Copies of a SQLite database: taken while it is in use, checked, and put in its place while it is not.
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::{self, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::NamedTempFile;

use super::file::{SqliteFile, folder};
use crate::{settings::Database, store::Store};

/// SQLite's code for a lock that others hold.
const BUSY: i32 = 5;
const CORRUPT: i32 = 11;
const NOT_A_DATABASE: i32 = 26;
/// A server that runs keeps its locks for good, so there is nothing to wait for.
const PATIENCE: Duration = Duration::from_millis(500);

/// Why a database was not copied, or not replaced. Then nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Another database than SQLite.
    #[error("this is for SQLite; {0}")]
    NotSqlite(&'static str),
    /// The target exists.
    #[error("{}: is there already, and nothing is overwritten", .0.display())]
    TargetExists(PathBuf),
    /// The database to be replaced exists.
    #[error("{}: is there already; with --replace it is given up", .0.display())]
    DatabaseExists(PathBuf),
    /// A server or another program has the database open.
    #[error("{}: is in use; stop the server first", .0.display())]
    InUse(PathBuf),
    /// What is to be copied cannot be read, or is damaged, or no database of this program.
    #[error("{path}: {reason}", path = .0.display(), reason = .1)]
    Unusable(PathBuf, String),
    /// The copy cannot be written.
    #[error("{path}: cannot be written: {error}", path = .0.display(), error = .1)]
    NotWritten(PathBuf, #[source] io::Error),
}

impl Store {
    /// Copies the database into a new file, as it is at one moment. It may be in use: those who read and write are not held up.
    ///
    /// # Errors
    /// Why there is no copy.
    pub async fn back_up(database: &Database, copy: &Path) -> Result<(), BackupError> {
        let file = sqlite(database)?;
        if copy.exists() {
            return Err(BackupError::TargetExists(copy.into()));
        }
        let unfinished = checked_copy(file.path(), copy).await?;
        // Another one may have come there meanwhile.
        unfinished.persist_noclobber(copy).map_err(|error| not_written(copy)(error.error))?;
        sync_folder(copy)
    }

    /// Puts a copy in the place of the database, which nobody may have open. One that is there is given up only if `replace` says so.
    ///
    /// # Errors
    /// Why the database is what it was.
    pub async fn restore(database: &Database, copy: &Path, replace: bool) -> Result<(), BackupError> {
        let file = sqlite(database)?;
        let file = file.in_place().map_err(not_written(file.path()))?;
        let _lock = file.lock().await.map_err(not_written(file.path()))?;
        let old = file.path().exists();
        if old && !replace {
            return Err(BackupError::DatabaseExists(file.path().into()));
        }
        let restored = checked_copy(copy, file.path()).await?;
        if old {
            close_for_good(&file).await?;
        }
        // What an older database left there would be taken for this one's.
        for companion in file.companions().iter().filter(|companion| companion.exists()) {
            fs::remove_file(companion).map_err(not_written(companion))?;
        }
        restored.persist(file.path()).map_err(|error| not_written(file.path())(error.error))?;
        sync_folder(file.path())
    }
}

fn sqlite(database: &Database) -> Result<SqliteFile, BackupError> {
    SqliteFile::of(database).ok_or_else(|| {
        BackupError::NotSqlite(match database.scheme() {
            "mysql" => "for this database use mariadb-dump --single-transaction, and mariadb to restore",
            _ => "for this database use pg_dump --format=custom, and pg_restore",
        })
    })
}

/// A copy beside its later place, readable by its owner only, whole and on disk. It goes away unless it is kept.
async fn checked_copy(from: &Path, place: &Path) -> Result<NamedTempFile, BackupError> {
    let unfinished = NamedTempFile::new_in(folder(place)).map_err(not_written(place))?;
    copy(from, unfinished.path()).await.map_err(unusable(from))?;
    if let Some(flaw) = flaw(unfinished.path()).await.map_err(unusable(from))? {
        return Err(BackupError::Unusable(from.into(), flaw));
    }
    unfinished.as_file().sync_all().map_err(not_written(place))?;
    Ok(unfinished)
}

async fn copy(from: &Path, into: &Path) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(&options(from).read_only(true)).await?;
    let into = into.to_string_lossy().into_owned();
    sqlx::query("VACUUM INTO ?").bind(into).execute(&mut connection).await?;
    connection.close().await
}

/// What is wrong with a database, if anything: damage, or tables that this program does not know.
async fn flaw(path: &Path) -> Result<Option<String>, sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(&options(path).read_only(true)).await?;
    let damage: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await?;
    if damage != "ok" {
        return Ok(Some(damage));
    }
    let steps: Vec<String> =
        sqlx::query_scalar("SELECT version FROM seaql_migrations").fetch_all(&mut connection).await?;
    connection.close().await?;
    let known: Vec<_> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let newer = steps.into_iter().find(|step| !known.contains(step));
    Ok(newer.map(|step| format!("was made by a newer version of this program, with the step {step}")))
}

/// Ends the use of a database: what its write-ahead log holds goes into it. One that is damaged has nothing more to end.
async fn close_for_good(file: &SqliteFile) -> Result<(), BackupError> {
    let closed = async {
        let mut connection = SqliteConnection::connect_with(&options(file.path())).await?;
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await?;
        connection.close().await
    };
    match closed.await {
        Ok(()) => Ok(()),
        Err(error) => match primary_code(&error) {
            Some(CORRUPT | NOT_A_DATABASE) => Ok(()),
            Some(BUSY) => Err(BackupError::InUse(file.path().into())),
            _ => Err(unusable(file.path())(error)),
        },
    }
}

/// SQLite's result code without what it says beyond that.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// SQLite takes what begins with `file:` for a URL, which no absolute path does.
fn options(path: &Path) -> SqliteConnectOptions {
    let path = std::path::absolute(path).unwrap_or(path.into());
    SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE)
}

/// A file's new name is kept only when its folder is.
fn sync_folder(file: &Path) -> Result<(), BackupError> {
    File::open(folder(file)).and_then(|folder| folder.sync_all()).map_err(not_written(file))
}

fn unusable(path: &Path) -> impl Fn(sqlx::Error) -> BackupError {
    let path = path.to_owned();
    move |error| match error {
        sqlx::Error::Database(error) => BackupError::Unusable(path.clone(), error.message().into()),
        error => BackupError::Unusable(path.clone(), error.to_string()),
    }
}

fn not_written(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::NotWritten(path.clone(), error)
}
