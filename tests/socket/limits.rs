//! Places, sizes, and clients that do not read.
use std::time::Duration;

use futures_util::{SinkExt, future::join3};
use greenroom::socket::{Bounds, Options, Reason};
use reqwest::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, Socket, calm, handshake, read_all, soon};

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
const WEBSOCKET: &str = "/socket.io/?EIO=4&transport=websocket";

#[actix::test]
async fn security23_an_address_gets_only_its_share() {
    let server = Server::with(Options { bounds: Bounds { max_sockets_per_ip: Some(2), ..calm().bounds }, ..calm() });
    let first = server.websocket("/socket.io/").await;
    let _second = server.poller("/socket.io/").await;
    let response = server.get(POLLING).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(response.headers().contains_key("retry-after"));
    assert!(response.text().await.unwrap().starts_with("{\"code\":"));
    assert!(Socket::open(server.port, WEBSOCKET).await.is_err());
    drop(first);
    server.until_live(1).await;
    assert!(Socket::open(server.port, WEBSOCKET).await.is_ok(), "a place is free again");
}

#[actix::test]
async fn security23_a_server_takes_in_only_so_many() {
    let server = Server::with(Options { bounds: Bounds { max_sockets: Some(1), ..calm().bounds }, ..calm() });
    let _first = server.poller("/socket.io/").await;
    assert_eq!(server.get(POLLING).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.socket_server.live(), 1);
}

#[actix::test]
async fn other_bounds_hold_for_those_who_come_after() {
    let one = Bounds { max_sockets: Some(1), ..calm().bounds };
    let server = Server::with(Options { bounds: one, ..calm() });
    let _first = server.poller("/socket.io/").await;
    assert_eq!(server.get(POLLING).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    server.socket_server.retune(Bounds { max_sockets: Some(2), ..one });
    let _second = server.poller("/socket.io/").await;
    server.socket_server.retune(one);
    assert_eq!(server.get(POLLING).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.socket_server.live(), 2, "whoever is in stays");
}

#[actix::test]
async fn security22_strangers_send_less() {
    let server = Server::with(Options { max_payload_before_connect: Some(100), ..calm() });
    let large = format!(r#"42["message","{}"]"#, "x".repeat(1000));
    let mut stranger = server.websocket("/socket.io/").await;
    stranger.send(&large).await;
    assert_eq!(stranger.closed().await, Some(1009));
    let poller = server.poller("/socket.io/").await;
    assert_eq!(poller.post(large.clone()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let mut guest = server.joined().await;
    guest.send(&large).await;
    assert!(guest.text().await.starts_with(r#"42["message-back","#));
}

#[actix::test]
async fn a_client_that_does_not_read_is_closed_at_its_limit() {
    let server = Server::with(Options { bounds: Bounds { outbound_bytes: 300_000, ..calm().bounds }, ..calm() });
    let mut socket = server.joined().await;
    let large = format!(r#"42["message","{}"]"#, "x".repeat(100_000));
    // Nothing is read, so the kernel's buffers fill up first, then the budget.
    while server.socket_server.stats().ended(Reason::SlowReader) == 0 {
        if soon(socket.0.send(Message::text(&large))).await.is_err() {
            break;
        }
    }
    server.until_live(0).await;
    assert_eq!(server.socket_server.stats().ended(Reason::SlowReader), 1);
}

#[actix::test]
async fn a_poller_that_does_not_poll_is_closed_without_a_word() {
    let server = Server::with(Options { bounds: Bounds { outbound_bytes: 1000, ..calm().bounds }, ..calm() });
    let poller = server.poller("/socket.io/").await;
    poller.say("40").await;
    let packet = format!(r#"42["message","{}"]"#, "x".repeat(300));
    for _ in 0..4 {
        poller.post(packet.clone()).await;
    }
    server.until_live(0).await;
    assert_eq!(poller.get().await, (StatusCode::BAD_REQUEST, r#"{"code":1,"message":"Session ID unknown"}"#.into()));
    assert_eq!(server.socket_server.stats().ended(Reason::SlowReader), 1);
}

#[actix::test]
async fn what_was_read_costs_nothing_any_more() {
    let server = Server::with(Options { bounds: Bounds { outbound_bytes: 5000, ..calm().bounds }, ..calm() });
    let mut socket = server.joined().await;
    let poller = server.poller("/socket.io/").await;
    poller.say("40").await;
    poller.packets().await;
    let packet = format!(r#"42["message","{}"]"#, "x".repeat(1000));
    for _ in 0..30 {
        socket.send(&packet).await;
        assert_eq!(socket.text().await.len(), packet.len() + "-back".len());
        poller.say(&packet).await;
        poller.packets().await;
    }
}

#[actix::test]
async fn a_shutdown_lets_nobody_in_and_everybody_come_back() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    let poller = server.poller("/socket.io/").await;
    poller.say("40").await;
    assert_eq!(poller.packets().await.len(), 2);
    let held = poller.hold();
    server.socket_server.shut();
    assert_eq!(server.get(POLLING).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let (close, held, ()) = join3(socket.closed(), held, server.stop()).await;
    assert_eq!(close, Some(1012), "without 41 and 1");
    assert_eq!(held.0, StatusCode::BAD_REQUEST);
    assert_eq!(server.socket_server.live(), 0);
    assert_eq!(server.socket_server.stats().ended(Reason::ServerShutdown), 2);
}

#[actix::test]
async fn s13_a_peer_that_vanishes_is_noticed_and_let_go() {
    let server = Server::start();
    let mut tcp = server.raw(&handshake(server.port, "EIO=4&transport=websocket", "")).await;
    // Pings are never answered.
    tcp.flush().await.unwrap();
    let start = std::time::Instant::now();
    let all = read_all(tcp).await;
    assert!(start.elapsed() >= Duration::from_millis(500));
    assert!(all.windows(3).any(|window| window == [0x81, 1, b'2']));
    assert!(all.ends_with(&[0x88, 2, 0x03, 0xe9]));
    assert_eq!(server.socket_server.stats().ended(Reason::PingTimeout), 1);
}
