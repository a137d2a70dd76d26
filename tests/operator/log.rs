//! The log of a server, whatever is said to it and however slowly it is read.
use std::{
    env,
    process::{self, Command},
    thread,
};

use serde_json::json;

use crate::server::Server;

const EVENTS: usize = 30;

#[actix_web::test]
#[expect(clippy::await_holding_lock, reason = "whoever reads the log waits for it, and nobody else")]
async fn a_server_whose_log_nobody_reads_goes_on_and_says_later_what_it_could_not_say() {
    let mut server = Server::start(&[("SERVER__WORKERS", "1")]);
    let ann = server.person("Ann").await;
    let mut socket = server.socket(&ann).await;
    let log = server.log();
    let (_, admin) = log.split_once("admin (health, metrics) on ").unwrap();
    let admin = admin.lines().next().unwrap().to_owned();
    let long = "x".repeat(100_000);
    for _ in 0..EVENTS {
        assert_ne!(socket.code(&long, json!({})).await, "Ok");
    }
    let page = crate::client::get(format!("{admin}/metrics")).await.unwrap().text().await.unwrap();
    let dropped = page.lines().find_map(|line| line.strip_prefix("greenroom_log_lines_dropped_total ")).unwrap();
    let dropped: u64 = dropped.parse().unwrap();
    assert!(dropped > 0);
    drop(log);
    let log = server.end_for_log();
    let told = log.lines().filter_map(|line| line.split_once(" lines of log were dropped here: "));
    let told: u64 = told.map(|(line, _)| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum();
    assert!(told >= dropped && log.matches(&long).count() < EVENTS, "{told} of {dropped}");
}

#[actix_web::test]
async fn no_line_is_ended_or_turned_round_by_what_somebody_says() {
    let mut server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let mut socket = server.socket(&ann).await;
    assert_ne!(socket.code("ab\u{202e}dc\n[2026 ERROR x]\u{1b}[31m\u{200b}", json!({})).await, "Ok");
    server.post("/login", json!({"email": "ann@x\u{202e}gro", "password": "tr0mbone"})).await;
    let log = server.end_for_log();
    assert!(log.contains("ab\\u{202e}dc\\n[2026 ERROR x]\\u{1b}[31m\\u{200b}"), "{log}");
    assert!(!log.contains(['\u{202e}', '\u{1b}', '\u{200b}']) && !log.contains("\n[2026 ERROR x]"));
}

#[test]
#[ignore = "run by the next test, in a process of its own"]
fn somebody_panics() {
    greenroom::app::start_log().unwrap();
    log::set_max_level(log::LevelFilter::Off);
    thread::spawn(|| panic!("planted\u{202e}\nhere")).join().unwrap_err();
    process::exit(0);
}

#[test]
fn what_a_panic_says_gets_out_in_one_line_whatever_the_level() {
    let mut tests = Command::new(env::current_exe().unwrap());
    tests.args(["--exact", "log::somebody_panics", "--ignored", "--nocapture"]).env_remove("RUST_BACKTRACE");
    let written = String::from_utf8(tests.output().unwrap().stderr).unwrap();
    let line = written.lines().find(|line| line.contains("panicked at ")).unwrap_or_else(|| panic!("{written}"));
    assert!(line.contains("ERROR") && line.ends_with(": planted\\u{202e}\\nhere"), "{line}");
}

#[actix_web::test]
async fn the_end_of_a_socket_is_one_line_that_says_whose_it_was() {
    let mut server = Server::start(&[]);
    let ann = server.person("Ann").await;
    drop(server.socket(&ann).await);
    let log = server.end_for_log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains("connection ended: ")).collect();
    let who = format!(" (connection 1 of user {} from 127.0.0.1, by websocket, after ", ann.id);
    assert!(lines.len() == 1 && lines[0].contains("INFO") && lines[0].contains(&who), "{lines:#?}");
}
