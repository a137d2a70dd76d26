//! From polling to WebSocket over real connections.
use crate::support::{Server, handshake, read_all};
use futures_util::future::join;
use greenroom::socket::{Options, Reason};
use reqwest::StatusCode;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

use crate::support::calm;

const PATH: &str = "/engine.io/";

#[actix::test]
async fn s15_timers_survive_the_upgrade_with_a_ping_outstanding() {
    let server = Server::start();
    let poller = server.poller(PATH).await;
    assert_eq!(poller.packets().await, ["2"]);
    let mut socket = poller.upgrade(PATH).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    socket.send("5").await;
    socket.closed().await;
    assert_eq!(server.socket_server.stats().ended(Reason::PingTimeout), 1);
}

#[actix::test]
async fn s15_the_heartbeat_goes_on_over_the_websocket() {
    let server = Server::start();
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    socket.send("5").await;
    // Pings are answered on the way to the echo, and the connection lives much longer than interval and timeout.
    let start = std::time::Instant::now();
    while start.elapsed() < Duration::from_millis(1200) {
        let ping = futures_util::StreamExt::next(&mut socket.0).await.unwrap().unwrap();
        assert_eq!(ping, Message::text("2"));
        socket.send("3").await;
    }
    socket.send("4on").await;
    assert_eq!(socket.text().await, "4on");
}

#[actix::test]
async fn s16_a_second_websocket_is_closed_and_the_session_lives() {
    let server = Server::calm();
    let poller = server.poller(PATH).await;
    let mut first = poller.upgrade(PATH).await.unwrap();
    let mut second = poller.upgrade(PATH).await.unwrap();
    assert_eq!(second.closed().await, Some(1000), "another is upgrading");
    first.send("2probe").await;
    assert_eq!(first.text().await, "3probe");
    first.send("5").await;
    first.send("4hi").await;
    assert_eq!(first.text().await, "4hi");
    let mut third = poller.upgrade(PATH).await.unwrap();
    assert_eq!(third.closed().await, Some(1000), "it has one");
    first.send("4still").await;
    assert_eq!(first.text().await, "4still");
}

#[actix::test]
async fn s16_a_websocket_connection_cannot_be_upgraded() {
    let server = Server::calm();
    let mut socket = crate::support::Socket::open(server.port, "/engine.io/?EIO=4&transport=websocket").await.unwrap();
    let open: serde_json::Value = serde_json::from_str(&socket.text().await[1..]).unwrap();
    let query = format!("EIO=4&transport=websocket&sid={}", open["sid"].as_str().unwrap());
    let answer = read_all(server.raw(&handshake(server.port, &query, "")).await).await;
    assert!(answer.starts_with(b"HTTP/1.1 101 ") && answer.ends_with(&[0x88, 2, 0x03, 0xe8]));
    socket.send("4on").await;
    assert_eq!(socket.text().await, "4on");
}

#[actix::test]
async fn s17_from_the_probe_on_every_get_gets_a_noop_and_posts_are_taken() {
    let server = Server::calm();
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    let (held, ()) = join(poller.get(), async {
        socket.send("2probe").await;
        assert_eq!(socket.text().await, "3probe");
    })
    .await;
    assert_eq!(held.1, "6");
    for _ in 0..3 {
        assert_eq!(poller.packets().await, ["6"]);
    }
    poller.say("4posted").await;
    assert_eq!(poller.packets().await, ["4posted"]);
}

#[actix::test]
async fn s17_a_get_that_is_pending_when_5_comes_gets_a_noop() {
    let server = Server::single();
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    let mut held = poller.held().await;
    socket.send("5").await;
    assert_eq!(held.answer().await, (StatusCode::OK, "6".into()));
    socket.send("4on").await;
    assert_eq!(socket.text().await, "4on");
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST, "it came after the 5");
}

#[actix::test]
async fn s18_nothing_is_lost_or_reordered() {
    let server = Server::calm();
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    poller.say("40\x1e41").await;
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    poller.say("42\x1e43").await;
    assert_eq!(poller.packets().await, ["40", "41", "42", "43"]);
    let more: Vec<_> = (4..100).map(|n| format!("4{n}")).collect();
    poller.say(&more[..50].join("\x1e")).await;
    socket.send("5").await;
    for packet in &more[50..] {
        socket.send(packet).await;
    }
    for packet in &more {
        assert_eq!(&socket.text().await, packet);
    }
}

#[actix::test]
async fn s19_only_the_websocket_dies_of_a_wrong_probe() {
    let server = Server::calm();
    for wrong in [&["5"][..], &["4hi"], &["2probe", "4hi"], &["2probe", "2probe"], &["x"]] {
        let poller = server.poller(PATH).await;
        let mut socket = poller.upgrade(PATH).await.unwrap();
        for text in wrong {
            socket.send(text).await;
        }
        if wrong.len() > 1 {
            assert_eq!(socket.text().await, "3probe");
        }
        socket.closed().await;
        poller.say("4on").await;
        assert_eq!(poller.packets().await, ["4on"]);
        assert!(poller.upgrade(PATH).await.is_ok(), "another may try");
    }
}

#[actix::test]
async fn s19_an_upgrade_that_takes_too_long_is_closed() {
    let server = Server::with(Options { upgrade_timeout: Duration::from_millis(50), ..calm() });
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    socket.closed().await;
    assert!(poller.is_alive().await);
}

#[actix::test]
async fn s19_a_probe_that_hangs_up_leaves_polling_alone() {
    let server = Server::calm();
    let poller = server.poller(PATH).await;
    for _ in 0..3 {
        let mut socket = poller.upgrade(PATH).await.unwrap();
        socket.send("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        socket.0.close(None).await.unwrap();
        socket.closed().await;
    }
    assert!(poller.is_alive().await);
}

#[actix::test]
async fn s19_after_5_http_is_refused_and_harms_nothing() {
    let server = Server::calm();
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    for text in ["2probe", "5", "4on"] {
        socket.send(text).await;
    }
    assert_eq!((socket.text().await, socket.text().await), ("3probe".into(), "4on".into()));
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST);
    assert_eq!(poller.post("4x").await.0, StatusCode::BAD_REQUEST);
    socket.send("4still").await;
    assert_eq!(socket.text().await, "4still");
    assert_eq!((server.socket_server.stats().polling(), server.socket_server.stats().websocket()), (0, 1));
}
