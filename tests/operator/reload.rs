//! SIGHUP: what can change changes, what cannot is named, and a bad file changes nothing.
use crate::process::Server;

const STRICT: &str = "[log]\nlevel = \"warn\"\n[limits]\nrequests_per_ip = \"1 per 1h\"\n";

fn strict() -> Server {
    Server::start(&STRICT.replace("warn", "info"))
}

#[actix_web::test]
async fn new_limits_are_in_force_at_once_and_what_waits_for_a_restart_is_named() {
    let server = strict();
    assert_eq!((server.status("/me").await, server.status("/me").await), (401, 429));
    server.reload("[limits]\nrequests_per_ip = \"100 per 1s\"\n[server]\nworkers = 3\n[auth]\naccess_ttl = \"14m\"\n");
    assert_eq!(server.after("settings reloaded: "), "limits.requests_per_ip");
    assert_eq!(server.after("changed settings that need a restart: "), "auth.access_ttl, server.workers");
    assert_eq!(server.status("/me").await, 401);
    server.reload("[server]\nworkers = 3\n");
    assert_eq!(server.after("settings reloaded: "), "limits.requests_per_ip");
    assert_eq!(server.after("changed settings that need a restart: "), "server.workers", "it still does");
}

#[actix_web::test]
async fn clients_are_told_what_is_in_force() {
    let server = Server::start("");
    let told = async |key: &str| server.json("/about").await["Limits"][key].as_u64();
    assert_eq!((told("Mentions").await, told("EditWindow").await), (Some(50), Some(48 * 60 * 60)));
    server.reload("[messages]\nmentions = 7\nedit_window = \"1h\"\n");
    server.after("settings reloaded: ");
    assert_eq!((told("Mentions").await, told("EditWindow").await), (Some(7), Some(60 * 60)));
}

#[actix_web::test]
async fn limits_can_be_switched_off_and_that_is_said_loudly() {
    let server = strict();
    assert_eq!((server.status("/me").await, server.status("/me").await), (401, 429));
    server.reload(&(STRICT.to_owned() + "enabled = false\n"));
    server.after("LIMITS ARE OFF");
    assert_eq!((server.status("/me").await, server.status("/me").await), (401, 401));
}

#[actix_web::test]
async fn a_limit_that_stays_as_it_is_goes_on_counting() {
    let server = strict();
    assert_eq!(server.status("/me").await, 401);
    server.reload(&STRICT.replace("warn", "debug"));
    assert_eq!(server.after("settings reloaded: "), "log.level");
    assert_eq!(server.status("/me").await, 429);
}

#[actix_web::test]
async fn a_bad_file_is_refused_with_its_reason_and_changes_nothing() {
    let server = strict();
    assert_eq!(server.status("/me").await, 401);
    for (bad, reason) in [
        ("[limits]\nrequests_per_ip = \"9 per 1s\"\nsockets = 0\n", "own.toml: limits.sockets: expected 1 or more"),
        ("[limits]\nrequests_per_ip = \"9 per 1s\"\nsocket = 9\n", "own.toml: limits.socket: unknown key"),
        ("[limits]\nrequests_per_ip = \"9 per 1s\"\n[", "own.toml: the whole file: "),
        (
            "[limits]\nrequests_per_ip = \"9 per 1s\"\ncontent_bytes = \"64KiB\"\n[socketio]\nmax_payload = \"512KiB\"\n",
            "own.toml: socketio.max_payload: expected 394240 bytes or more",
        ),
    ] {
        server.reload(bad);
        let told = server.after("settings not reloaded, nothing has changed: ");
        assert!(told.starts_with(reason), "{told}");
        assert_eq!(server.status("/me").await, 429, "{reason}");
    }
}

#[actix_web::test]
async fn the_log_becomes_as_talkative_as_the_file_says() {
    let server = strict();
    let waiting = "[server]\nworkers = 3\n";
    server.reload(&(STRICT.to_owned() + waiting));
    assert_eq!(server.after("settings "), "that need a restart: server.workers", "a warning, and nothing less");
    server.reload(&STRICT.replace("warn", "debug"));
    assert_eq!(server.after("settings reloaded: "), "log.level");
}
