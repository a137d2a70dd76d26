//! Where a SQLite database is, by whichever of its names.
use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::settings::{Database, SqliteUrl, private_folder};

/// The file of a SQLite database. SQLite keeps two more beside it while it is open.
#[derive(Debug, Clone)]
pub(in crate::store) struct SqliteFile {
    path: PathBuf,
    made_if_missing: bool,
}

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Identity(u64, u64);

impl SqliteFile {
    /// None if the URL is of another database, or wrong.
    pub(in crate::store) fn of(database: &Database) -> Option<Self> {
        let SqliteUrl { file, made_if_missing } = database.sqlite()?;
        Some(Self { path: file, made_if_missing })
    }

    pub(in crate::store) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder, and goes by the one name that all links to the file come to, so that they share its locks.
    pub(in crate::store) fn in_place(&self) -> io::Result<Self> {
        private_folder(folder(&self.path))?;
        Ok(Self { path: resolved(&self.path)?, ..self.clone() })
    }

    /// Makes the file if it is missing and may be made. From then on nobody makes one: it would be empty, and in another's place.
    /// It holds what its people said, so only its owner may read it.
    pub(in crate::store) fn make(&self) -> io::Result<()> {
        if !self.made_if_missing {
            return fs::metadata(&self.path).map(|_| ());
        }
        match private(OpenOptions::new().write(true).create_new(true)).open(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    pub(in crate::store) fn identity(&self) -> io::Result<Identity> {
        let found = fs::metadata(&self.path)?;
        #[cfg(unix)]
        let identity =
            Identity(std::os::unix::fs::MetadataExt::dev(&found), std::os::unix::fs::MetadataExt::ino(&found));
        #[cfg(not(unix))]
        let identity = Identity(0, u64::from(found.is_file()));
        Ok(identity)
    }

    /// SQLite's own files beside it: what was committed last may be in them.
    pub(in crate::store) fn companions(&self) -> [PathBuf; 3] {
        ["-wal", "-shm", "-journal"].map(|end| self.with(end))
    }

    /// A file beside it, of the same name but for its end.
    pub(super) fn with(&self, end: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(end);
        path.into()
    }
}

/// For its owner only, if it is made.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// The path without links, also of a file that is not there yet.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    if let Ok(target) = fs::read_link(path) {
        return resolved(&folder(path).join(target));
    }
    let name = path.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    Ok(fs::canonicalize(folder(path))?.join(name))
}

/// The folder of a file, also of one that is named without it.
pub(in crate::store) fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::settings::Synchronous;

    #[test]
    fn all_names_of_a_file_come_to_one() {
        let home = tempfile::tempdir().unwrap();
        let real = home.path().canonicalize().unwrap().join("data/x.db");
        symlink(home.path().join("data"), home.path().join("folder")).unwrap();
        symlink("data/x.db", home.path().join("link.db")).unwrap();
        let place = |name: &str| {
            let url = format!("sqlite://{}/{name}", home.path().display());
            let database = Database { url: url.into(), synchronous: Synchronous::Off };
            SqliteFile::of(&database).unwrap().in_place().unwrap().path
        };
        assert_eq!(place("data/x.db"), real);
        for made in [false, true] {
            for name in ["folder/x.db", "link.db", "data/../data/./x.db"] {
                assert_eq!(place(name), real, "{name}, made: {made}");
            }
            fs::write(&real, "").unwrap();
        }
    }
}
