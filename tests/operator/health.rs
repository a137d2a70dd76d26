//! `greenroom health` and `--version`: what images and scripts ask.
use crate::process::{Home, Server, said};

#[actix_web::test]
async fn a_server_that_can_work_says_so() {
    let server = Server::start("");
    let (healthy, said, _) = Home::with("").run(&["health", "--url", &server.admin]);
    assert!(healthy && said.contains("ready"), "{said}");
}

#[actix_web::test]
async fn a_server_whose_database_was_moved_away_is_not_ready_and_makes_no_other() {
    let server = Server::start("");
    let ready = async || {
        let answer = crate::client::get(format!("{}/health/ready", server.admin)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ready().await.0, 200);
    let [data, moved] = ["data", "moved"].map(|name| server.home.path().join(name));
    std::fs::rename(&data, &moved).unwrap();
    let (status, body) = ready().await;
    assert!(status == 503 && body.contains("\"database\""), "{status} {body}");
    assert!(!data.exists());
    std::fs::rename(&moved, &data).unwrap();
    assert_eq!(ready().await.0, 200);
}

#[test]
fn a_password_in_the_url_of_a_server_is_not_repeated() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (_, _, why) = Home::with("").run(&["health", "--url", &format!("http://me:hush@{free}")]);
    assert!(why.contains("no answer from http://me:********@") && !why.contains("hush"), "{why}");
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
