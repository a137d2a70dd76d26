//! Who may open a SQLite database, put another one in its place, or serve from it.
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    process,
    time::Duration,
};

use tokio::time::sleep;

use super::file::{SqliteFile, private};
use crate::settings::Database;

/// How often a lock is asked for that somebody else holds for a moment.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to serve from a SQLite database: one process at a time has it, until that ends, however it does.
#[derive(Debug)]
pub struct ServerLock {
    _lock: Option<File>,
}

impl SqliteFile {
    /// Waits until nobody else opens or replaces the database. Ends with the file that is returned.
    /// SQLite's own locks are not enough: they are a file's, not its name's, so who waits for one would go on with a file that was replaced.
    pub(in crate::store) async fn lock(&self) -> io::Result<File> {
        let lock = private(OpenOptions::new().write(true).create(true)).open(self.with("-lock"))?;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::WouldBlock) => sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Takes the right to serve, or says who has it.
    fn lock_for_server(&self) -> io::Result<ServerLock> {
        let name = self.with("-server-lock");
        let mut lock = private(OpenOptions::new().read(true).write(true).create(true)).open(&name)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::Error::other(holder(&mut lock))),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        lock.set_len(0)?;
        write!(lock, "{}", process::id())?;
        Ok(ServerLock { _lock: Some(lock) })
    }
}

impl ServerLock {
    /// Takes the right to serve from a database. Other databases than SQLite bear several servers.
    pub(in crate::store) fn of(database: &Database) -> io::Result<Self> {
        match SqliteFile::of(database) {
            Some(file) => file.in_place()?.lock_for_server(),
            None => Ok(Self { _lock: None }),
        }
    }
}

/// A process that has just taken the lock may not have written its number yet.
fn holder(lock: &mut File) -> String {
    let mut written = String::new();
    let number = lock.read_to_string(&mut written).ok().and_then(|_| written.parse::<u32>().ok());
    let process = number.map_or("another process".into(), |number| format!("process {number}"));
    format!("{process} serves from it; a SQLite database is for one server")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Synchronous;

    #[test]
    fn one_at_a_time_serves_and_the_other_is_told_who_does() {
        let home = tempfile::tempdir().unwrap();
        let lock = || {
            let url = format!("sqlite://{}/x.db", home.path().display());
            let database = Database { url: url.into(), synchronous: Synchronous::Off };
            SqliteFile::of(&database).unwrap().in_place().unwrap().lock_for_server()
        };
        let held = lock().unwrap();
        let expected = format!("process {} serves from it; a SQLite database is for one server", process::id());
        assert_eq!(lock().unwrap_err().to_string(), expected);
        drop(held);
        lock().unwrap();
    }
}
