//! What may run beside a server that serves from a SQLite database, and that no second server may.
use std::{fs, os::unix::fs::symlink};

use crate::process::{Home, Server, said};

const ADD: [&str; 8] =
    ["user", "add", "--name", "Ann", "--email", "ann@example.org", "--password", "tr0mbone in the attic"];

#[test]
fn a_second_server_does_not_start_whatever_it_calls_the_file_and_says_who_has_it() {
    let mut first = Server::start("");
    let home = first.home.clone();
    symlink("data", home.path().join("folder")).unwrap();
    symlink("data/greenroom.db", home.path().join("link.db")).unwrap();
    let whole = format!("sqlite://{}/data/greenroom.db", home.path().display());
    let expected = format!("process {} serves from it; a SQLite database is for one server\n", first.pid());
    for url in ["sqlite://data/greenroom.db", "sqlite:folder/greenroom.db?mode=rw", "sqlite://link.db", &whole] {
        let second = home.command(&["serve"]).env("GREENROOM__DATABASE__URL", url).output().unwrap();
        let (started, _, why) = said(second);
        assert!(!started && why.ends_with(&expected), "{url}: {why}");
    }
    first.signal("KILL");
    assert_eq!(first.ended(), None);
    drop(Server::start_in(home));
}

#[test]
fn commands_run_beside_a_server_as_before() {
    let server = Server::start("");
    let url = server.admin.clone();
    let commands: [&[&str]; 6] = [
        &ADD,
        &["seed", "--users", "2", "--out", "seed.json"],
        &["backup", "copy.db"],
        &["config", "check"],
        &["config", "show"],
        &["health", "--url", &url],
    ];
    for command in commands {
        let (done, _, why) = server.home.run(command);
        assert!(done, "{command:?}: {why}");
    }
    let (done, _, why) = server.home.run(&["restore", "copy.db", "--replace"]);
    assert!(!done && why.contains("greenroom.db: is in use; stop the server first"), "{why}");
}

#[test]
fn a_server_on_another_file_starts() {
    let first = Server::start("");
    let home = first.home.clone();
    home.write("[database]\nurl = \"sqlite://data/other.db\"\n");
    drop(Server::start_in(home));
}

#[test]
fn files_that_hold_secrets_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::with("");
    let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777;
    fs::write(home.path().join("seed.json"), "before").unwrap();
    assert_eq!(mode("seed.json") & 0o44, 0o44, "whoever runs this test lets others read new files");
    assert!(home.run(&["seed", "--users", "2", "--out", "seed.json"]).0);
    assert!(home.run(&["seed", "--users", "2", "--out", "new.json"]).0);
    assert!(home.run(&["backup", "copy.db"]).0);
    for name in ["seed.json", "new.json", "copy.db", "data/greenroom.db", "data/greenroom.db-lock", "data/secret"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    assert_eq!(mode("data"), 0o700);
}

#[test]
fn a_population_whose_tokens_cannot_be_written_is_not_made() {
    let home = Home::with("");
    let (made, _, why) = home.run(&["seed", "--users", "2", "--out", "nowhere/seed.json"]);
    assert!(!made && why.contains("cannot write nowhere/seed.json: "), "{why}");
    assert!(!home.path().join("data").exists());
}
