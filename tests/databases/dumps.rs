//! OPERATING.md's ways to back up a database server: what their own tools write comes back as it was.
use std::{env, fs::File, process::Command};

use greenroom::{
    domain::Seq,
    store::{Outcome, Store},
};

use crate::{
    scratch::{Scratch, skip},
    support::{group, history, people, said, soon},
};

/// What writes one database into a file, and what reads such a file into another one.
fn tools(from: &str, into: &str, file: &str) -> [Command; 2] {
    if from.starts_with("postgres") {
        let mut dump = Command::new("pg_dump");
        let mut restore = Command::new("pg_restore");
        dump.args(["--format=custom", "--file", file, from]);
        restore.args(["--no-owner", "--dbname", into]);
        return [dump, restore];
    }
    let mut dump = of_mariadb("mariadb-dump", from);
    dump.args(["--single-transaction", "--hex-blob", "--result-file", file]);
    [dump, of_mariadb("mariadb", into)]
}

fn of_mariadb(program: &str, url: &str) -> Command {
    let (server, name) = url.rsplit_once('/').unwrap();
    let (host, port) = server.rsplit_once('@').unwrap().1.split_once(':').unwrap();
    let mut command = Command::new(program);
    command.args(["--no-defaults", "--default-character-set=utf8mb4", "--host", host, "--port", port]);
    command.args(["--user=greenroom", name]);
    command
}

fn succeeds(mut command: Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[actix::test]
async fn a_dump_of_a_server_comes_back_as_it_was() {
    if env::var_os("GREENROOM_TEST_DATABASE").is_none() {
        return skip("SQLite has `greenroom backup`, which backup.rs tests");
    }
    let old = Scratch::new().await;
    let new = Scratch::new().await;
    let store = Store::open(&old.settings()).await.unwrap();
    let ann = people(&store, &["Änn 😀"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    store
        .commit(&[said(chat, ann, "\u{1} \\ ' 😀", Some("Key ")), said(chat, ann, "key", Some("key"))], soon())
        .await
        .unwrap();

    let file = old.folder.path().join("dump");
    let [dump, mut restore] = tools(&old.url, &new.url, file.to_str().unwrap());
    succeeds(dump);
    restore.stdin(File::open(&file).unwrap());
    succeeds(restore);
    let restored = Store::open(&new.settings()).await.unwrap();
    assert_eq!(history(&restored, chat).await, history(&store, chat).await);
    let next = restored.commit(&[said(chat, ann, "next", Some("KEY"))], soon()).await.unwrap();
    assert_eq!(next, [Outcome::Stored { seq: Seq(3) }]);
}
