//! What can go wrong between here and the database.
use sea_orm::{DbErr, RuntimeErr, SqlErr, TransactionError, sqlx};

/// The database did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be reached or cannot work now. Trying again may help.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// It was told to commit, and did not say whether it did. It may have, or do so later.
    #[error("database did not say whether it committed: {0}")]
    Unanswered(String),
    /// It waited for another transaction that waited for it, and was taken back whole. Trying again helps.
    #[error("database unavailable: {0}")]
    Deadlock(String),
    /// It will never take this: a constraint, a value, a statement. Trying again does not help.
    #[error("database refused: {0}")]
    Refused(String),
    /// Something with this key is there already.
    #[error("already there: {0}")]
    Duplicate(String),
}

impl Fault {
    /// Whether the same request may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Unanswered(_) | Self::Deadlock(_))
    }

    /// The same, of a commit: what does not last may have come true all the same.
    pub(super) fn of_commit(self) -> Self {
        match self {
            Self::Unavailable(why) => Self::Unanswered(why),
            certain => certain,
        }
    }
}

impl Fault {
    /// There is no connection yet. The drivers were given a password and keys, so they are not quoted where they may repeat a part of
    /// what they were given.
    pub(super) fn of_connecting(error: DbErr) -> Self {
        match error {
            DbErr::Conn(RuntimeErr::SqlxError(inner)) => Self::Unavailable(untold(&inner)),
            DbErr::ConnectionAcquire(_) => Self::Unavailable(error.to_string()),
            DbErr::Conn(_) => Self::Refused("database.url cannot be read".into()),
            error => error.into(),
        }
    }
}

fn untold(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(_) => "database.url, or a key or certificate that it names, cannot be read".into(),
        sqlx::Error::Tls(error) if !error.is::<rustls::Error>() => {
            "no TLS: a key or certificate that database.url names, or the host's name, cannot be used".into()
        }
        error => error.to_string(),
    }
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(what)) => return Self::Duplicate(what),
            Some(SqlErr::ForeignKeyConstraintViolation(what)) => return Self::Refused(what),
            _ => {}
        }
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::of_connecting(error),
            DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner)) => {
                let text = inner.to_string();
                match inner {
                    inner if lasting(inner) => Self::Refused(text),
                    inner if is_deadlock(inner) => Self::Deadlock(text),
                    _ => Self::Unavailable(text),
                }
            }
            _ => Self::Refused(error.to_string()),
        }
    }
}

impl From<TransactionError<Fault>> for Fault {
    fn from(error: TransactionError<Fault>) -> Self {
        match error {
            TransactionError::Connection(error) => error.into(),
            TransactionError::Transaction(fault) => fault,
        }
    }
}

/// Only what the statement itself is to blame for lasts; a full disk, a lock or a lost connection passes.
fn lasting(error: &sqlx::Error) -> bool {
    use sqlx::error::ErrorKind;
    match error {
        sqlx::Error::Database(database) => {
            !matches!(database.kind(), ErrorKind::Other) || statement_is_wrong(database.code().as_deref().unwrap_or(""))
        }
        sqlx::Error::ColumnNotFound(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::TypeNotFound { .. } => true,
        _ => false,
    }
}

/// PostgreSQL: 40P01. MySQL: 40001.
fn is_deadlock(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| matches!(&*code, "40P01" | "40001"))
}

/// SQLite: 1 error in the statement, 18 too big, 20 mismatch. PostgreSQL: classes 22 (data) and 42 (syntax). MySQL: 42000 and 22xxx.
fn statement_is_wrong(code: &str) -> bool {
    matches!(code, "1" | "18" | "20") || (code.len() == 5 && (code.starts_with("22") || code.starts_with("42")))
}
