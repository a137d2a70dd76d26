//! Backups of SQLite by the command line. `tests/faults/backup.test.mjs` takes one under load.
use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use greenroom::{
    domain::ChatId,
    settings::{Database, Synchronous},
    store::Store,
};
use sea_orm::{ConnectionTrait, Database as Driver};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    server::{Server, greenroom},
    support::{group, history, people, said, soon},
};

/// Runs a command in a folder and returns whether it worked, and what it wrote to people.
fn run(home: &TempDir, settings: &[(&str, &str)], args: &[&str]) -> (bool, String) {
    let environment: Vec<_> = settings.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let Output { status, stdout, stderr } =
        greenroom(home, &environment).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
    (status.success(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

async fn open(home: &TempDir) -> Store {
    let url = format!("sqlite://{}", home.path().join("data/greenroom.db").display());
    Store::open(&Database { url: url.into(), synchronous: Synchronous::Full }).await.unwrap()
}

/// A chat in which something was said.
async fn talk(store: &Store) -> ChatId {
    let ann = people(store, &["Ann"]).await[0];
    let chat = group(store, "Band", &[ann]).await;
    store.commit(&[said(chat, ann, "before", None)], soon()).await.unwrap();
    chat
}

async fn more(store: &Store, chat: ChatId, content: &str) {
    let ann = store.chat(chat).await.unwrap().unwrap().roster.members[0].user;
    store.commit(&[said(chat, ann, content, None)], soon()).await.unwrap();
}

async fn contents(store: &Store, chat: ChatId) -> Vec<String> {
    history(store, chat).await.into_iter().map(|stored| stored.content).collect()
}

/// The files of a folder but the lock, which stays.
fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| !name.ends_with("-lock")).collect();
    names.sort();
    names
}

fn refuses(outcome: (bool, String), why: &str) {
    let (worked, said) = outcome;
    assert!(!worked && said.contains(why), "expected {why:?}: {said}");
}

#[actix::test]
async fn what_is_restored_is_the_database_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let store = open(&home).await;
    let chat = talk(&store).await;
    let copy = elsewhere.path().join("copy.db");
    let name = copy.to_str().unwrap();
    assert!(run(&home, &[], &["backup", name]).0);
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "it holds what the database holds");
    more(&store, chat, "after").await;

    assert!(run(&elsewhere, &[], &["restore", name]).0);
    let restored = open(&elsewhere).await;
    assert_eq!(contents(&restored, chat).await, ["before"]);
    more(&restored, chat, "again").await;
    assert_eq!(contents(&store, chat).await, ["before", "after"]);
}

#[actix::test]
async fn a_backup_overwrites_nothing_and_a_failed_one_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    refuses(run(&home, &[], &["backup", "copy.db"]), "greenroom.db: unable to open database file");
    assert_eq!(files(home.path()), [""; 0]);
    talk(&open(&home).await).await;
    fs::write(home.path().join("copy.db"), "mine").unwrap();
    refuses(run(&home, &[], &["backup", "copy.db"]), "copy.db: is there already, and nothing is overwritten");
    assert_eq!(fs::read_to_string(home.path().join("copy.db")).unwrap(), "mine");
    refuses(run(&home, &[], &["backup", "nowhere/copy.db"]), "nowhere/copy.db: cannot be written");
    assert_eq!(files(home.path()), ["copy.db", "data"]);
}

#[actix::test]
async fn a_database_is_given_up_only_if_asked_for_and_with_all_its_files() {
    let mut server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let mut socket = server.socket(&ann).await;
    socket.ask("send-self-message", json!({"Content": "before"})).await;
    assert!(run(&server.home, &[], &["backup", "copy.db"]).0);
    socket.ask("send-self-message", json!({"Content": "after"})).await;
    // A server that is killed leaves what it committed last in the log beside the database.
    server.end_for_log();
    let (home, data) = (&server.home, server.home.path().join("data"));
    assert!(files(&data).contains(&"greenroom.db-wal".to_owned()));
    let refused = run(home, &[], &["restore", "copy.db"]);
    refuses(refused, "data/greenroom.db: is there already; with --replace it is given up");

    assert!(run(home, &[], &["restore", "copy.db", "--replace"]).0);
    assert_eq!(files(&data), ["files", "greenroom.db", "secret"]);
    assert_eq!(contents(&open(home).await, ChatId(ann.id.parse().unwrap())).await, ["before"]);
}

#[actix::test]
async fn a_database_that_a_server_uses_is_not_replaced() {
    let server = Server::start(&[]);
    assert!(run(&server.home, &[], &["backup", "copy.db"]).0);
    let ann = server.person("Ann").await;
    refuses(
        run(&server.home, &[], &["restore", "copy.db", "--replace"]),
        "greenroom.db: is in use; stop the server first",
    );
    assert_eq!(server.log_in(&ann.id, &ann.email, crate::server::PASSWORD).await.id, ann.id);
    assert!(!files(&server.home.path().join("data")).iter().any(|name| name.starts_with(".tmp")));
}

#[actix::test]
async fn nobody_opens_a_database_while_another_one_is_put_in_its_place() {
    let home = tempfile::tempdir().unwrap();
    drop(open(&home).await);
    let lock = File::open(home.path().join("data/greenroom.db-lock")).unwrap();
    lock.lock().unwrap();
    let mut opening = Box::pin(open(&home));
    timeout(Duration::from_millis(300), &mut opening).await.err().expect("still waiting");
    lock.unlock().unwrap();
    opening.await;
}

#[actix::test]
async fn only_a_whole_database_of_this_program_is_restored() {
    let home = tempfile::tempdir().unwrap();
    talk(&open(&home).await).await;
    let put = |name: &str, content: &[u8]| fs::write(home.path().join(name), content).unwrap();
    let empty = [("DATABASE__URL", "sqlite://other/greenroom.db")];
    let refuse = |name: &str, why: &str| refuses(run(&home, &empty, &["restore", name]), why);
    refuse("missing.db", "missing.db: unable to open database file");
    put("text.db", &b"This is a text. ".repeat(512));
    refuse("text.db", "text.db: file is not a database");
    put("empty.db", b"");
    refuse("empty.db", "empty.db: no such table: seaql_migrations");

    assert!(run(&home, &[], &["backup", "whole.db"]).0);
    let mut damaged = fs::read(home.path().join("whole.db")).unwrap();
    let half = damaged.len() / 2;
    damaged[half..].fill(0xa5);
    put("damaged.db", &damaged);
    refuse("damaged.db", "damaged.db: database disk image is malformed");

    let newer = Driver::connect(format!("sqlite://{}/whole.db", home.path().display())).await.unwrap();
    newer.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_later', 0)").await.unwrap();
    refuse("whole.db", "whole.db: was made by a newer version of this program, with the step m9999_later");
    assert_eq!(files(&home.path().join("other")), [""; 0]);
}

#[test]
fn for_other_databases_their_own_tools_are_named() {
    let home = tempfile::tempdir().unwrap();
    for (url, tool) in [
        ("postgres://greenroom@localhost/greenroom", "pg_dump"),
        ("mysql://greenroom@localhost/greenroom", "mariadb-dump"),
    ] {
        for command in ["backup", "restore"] {
            refuses(run(&home, &[("DATABASE__URL", url)], &[command, "copy"]), tool);
        }
    }
}
