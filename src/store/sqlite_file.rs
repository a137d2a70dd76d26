//! Where a SQLite database is, and who may open it or put another one in its place: one at a time.
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use crate::settings::private_folder;

/// The file of a SQLite database. SQLite keeps two more beside it while it is open.
pub(super) struct SqliteFile(PathBuf);

impl SqliteFile {
    /// None if the URL is of another database, or of one in memory.
    pub(super) fn of(url: &str) -> Option<Self> {
        if !url.starts_with("sqlite:") || url.contains(":memory:") {
            return None;
        }
        let options: SqliteConnectOptions = url.parse().ok()?;
        Some(Self(options.get_filename().into()))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// SQLite's own files beside it: what was committed last may be in them.
    pub(super) fn companions(&self) -> [PathBuf; 3] {
        ["-wal", "-shm", "-journal"].map(|end| self.with(end))
    }

    /// Makes the folder, and waits until nobody else opens or replaces the database. Ends with the file that is returned.
    /// SQLite's own locks are not enough: they are a file's, not its name's, so who waits for one would go on with a file that was replaced.
    pub(super) async fn alone(&self) -> io::Result<File> {
        private_folder(folder(&self.0))?;
        let lock = File::create(self.with("-lock"))?;
        let locked = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock));
        locked.await.map_err(io::Error::other)?
    }

    fn with(&self, end: &str) -> PathBuf {
        let mut path = self.0.clone().into_os_string();
        path.push(end);
        path.into()
    }
}

/// The folder of a file, also of one that is named without it.
pub(super) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
