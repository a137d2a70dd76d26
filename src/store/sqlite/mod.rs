//! What only SQLite has: a file, who may use it, and copies of it.
mod backup;
mod file;
mod lock;
mod open;

pub use backup::BackupError;
pub use lock::ServerLock;

pub(super) use file::SqliteFile;
pub(super) use open::{Opened, unopened};
