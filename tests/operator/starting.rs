//! The first moments of a server: what its signals do before it has started.
use std::fs::{self, File};

use crate::process::{Home, Server};

/// A server that waits for the database, and what it waits for.
fn waiting() -> (Server, File) {
    let home = Home::with("");
    fs::create_dir(home.path().join("data")).unwrap();
    let lock = File::create(home.path().join("data/greenroom.db-lock")).unwrap();
    lock.lock().unwrap();
    let server = Server::spawn(home.into());
    server.after("starting greenroom ");
    (server, lock)
}

#[test]
fn a_sighup_that_comes_early_does_not_end_the_server_and_is_heard_once_it_has_started() {
    let (server, lock) = waiting();
    server.signal("HUP");
    drop(lock);
    server.listening().after("settings reloaded: ");
}

#[test]
fn a_signal_to_stop_ends_a_server_in_order_before_it_has_started() {
    for name in ["TERM", "INT"] {
        let (mut server, _lock) = waiting();
        server.signal(name);
        server.after("stopped before it had started");
        assert_eq!(server.ended(), Some(0), "{name}");
    }
}
