//! `greenroom health` and `--version`: what images and scripts ask.
use crate::process::{Home, Server, said};

#[actix_web::test]
async fn a_server_that_can_work_says_so() {
    let server = Server::start("");
    let (healthy, said, _) = Home::with("").run(&["health", "--url", &server.admin]);
    assert!(healthy && said.contains("ready"), "{said}");
}

#[test]
fn where_nobody_answers_nobody_is_well() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listen = format!("0.0.0.0:{}", free.port());
    let home = Home::with("");
    let mut command = home.command(&["health"]);
    let (healthy, _, why) = said(command.env("GREENROOM__SERVER__ADMIN_LISTEN", listen).output().unwrap());
    assert!(!healthy && why.starts_with(&format!("greenroom: no answer from http://{free}: ")), "{why}");
}

#[test]
fn the_server_must_be_named_if_the_settings_do_not_say_where_it_is() {
    let (healthy, _, why) = Home::with("").run(&["health"]);
    assert!(!healthy && why.contains("name the server with --url"), "{why}");
}

#[test]
fn the_version_is_told() {
    let (known, version, _) = Home::with("").run(&["--version"]);
    assert!(known && version.starts_with(concat!("greenroom ", env!("CARGO_PKG_VERSION"))), "{version}");
}
