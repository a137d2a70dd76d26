//! An empty database of a test's own: a SQLite file, or one on the server that GREENROOM_TEST_DATABASE names. Gone with the test.
use std::{
    env,
    io::{self, Write},
    thread,
};

use greenroom::settings::{Database, Synchronous};
use sea_orm::{ConnectionTrait, prelude::Uuid};
use tempfile::TempDir;

pub struct Scratch {
    pub url: String,
    /// For a SQLite file, and whatever else the test writes.
    pub folder: TempDir,
    /// Where the database is, and how it is removed.
    remove: Option<(String, String)>,
}

impl Scratch {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(server) = env::var("GREENROOM_TEST_DATABASE") else {
            let url = format!("sqlite://{}/greenroom.db", folder.path().display());
            return Self { url, folder, remove: None };
        };
        let name = format!("t_{}", Uuid::now_v7().simple());
        let (maintenance, drop) = if server.starts_with("postgres") {
            (format!("{server}/postgres"), format!("DROP DATABASE {name} WITH (FORCE)"))
        } else {
            // Fails rather than wait for a transaction that the test left open.
            (server.clone(), format!("SET lock_wait_timeout = 10; DROP DATABASE {name}"))
        };
        execute(&maintenance, &format!("CREATE DATABASE {name}")).await;
        let remove = Some((maintenance, drop));
        Self { url: format!("{server}/{name}"), folder, remove }
    }

    pub fn settings(&self) -> Database {
        Database { url: self.url.as_str().into(), synchronous: Synchronous::Off }
    }
}

/// How many of so many random cases to try: on a server, where a case takes its time, one in ten.
pub fn cases(many: u32) -> u32 {
    if env::var_os("GREENROOM_TEST_DATABASE").is_some() { many / 10 } else { many }
}

/// Says that a test does not apply to the database at hand, and why, where it is seen: past what holds back the output of tests that pass.
pub fn skip(why: &str) {
    let test = thread::current();
    let _ = writeln!(io::stderr(), "SKIPPED {}: {why}", test.name().unwrap_or("?"));
}

impl Drop for Scratch {
    /// On a thread of its own, because the test's has no time left to wait.
    fn drop(&mut self) {
        if let Some((server, statement)) = self.remove.take() {
            let removal = thread::spawn(move || actix_rt::System::new().block_on(execute(&server, &statement)));
            if removal.join().is_err() && !thread::panicking() {
                panic!("the database of the test is still there");
            }
        }
    }
}

async fn execute(url: &str, statement: &str) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}
