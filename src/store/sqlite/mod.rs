//! What only SQLite has: a file, who may use it, and copies of it.
mod backup;
mod file;

pub use backup::Uncopied;
pub use file::Held;

pub(super) use file::{Identity, SqliteFile};
