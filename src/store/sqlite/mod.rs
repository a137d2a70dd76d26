//! What only SQLite has: a file, who may use it, and copies of it.
mod backup;
mod file;
mod lock;
mod open;

pub use backup::Uncopied;
pub use lock::Held;

pub(super) use file::SqliteFile;
pub(super) use open::{Opened, unopened};
