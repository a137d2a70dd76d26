//! Upgrades under traffic.
use std::time::Duration;

use futures_util::{
    SinkExt, StreamExt,
    future::{join_all, join3},
};
use greenroom::socket::{Options, Reason};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Poller, Server, calm, soon};

const PATH: &str = "/engine.io/";
const NUMBERED: usize = 1000;

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("4{n}")).collect()
}

/// Polls until the transport changes, and keeps what it gets.
async fn poll_all(poller: &Poller) -> Vec<String> {
    let mut got = vec![];
    loop {
        let packets = poller.packets().await;
        let changes = packets == ["6"];
        got.extend(packets.into_iter().filter(|packet| packet != "6"));
        if changes {
            return got;
        }
    }
}

/// Posts one message after the other, up to a place that lies amid the upgrade.
async fn post_all(poller: &Poller, messages: &[String]) {
    for message in messages {
        poller.say(message).await;
    }
}

/// Clients change transports while they talk: they post until the polls come to their end, then complete the upgrade
/// and say the rest on the WebSocket. Every message comes back once and in order, whichever way it went.
#[actix::test]
async fn s18_a_thousand_messages_each_way_survive_the_change_of_transport() {
    let server = Server::calm();
    join_all([100, 333, 777].map(|posted| {
        let server = &server;
        async move {
            let poller = server.poller(PATH).await;
            let messages = numbered(0..NUMBERED);
            let probe = async {
                // The first half of the posts is on its way when the WebSocket opens.
                let mut socket = poller.upgrade(PATH).await.unwrap();
                socket.send("2probe").await;
                assert_eq!(socket.text().await, "3probe");
                socket
            };
            let (mut got, (), mut socket) =
                join3(poll_all(&poller), post_all(&poller, &messages[..posted]), probe).await;
            socket.send("5").await;
            for message in &messages[posted..] {
                socket.0.feed(Message::text(message)).await.unwrap();
            }
            socket.0.flush().await.unwrap();
            while got.len() < NUMBERED {
                got.push(socket.text().await);
            }
            assert_eq!(got, messages);
        }
    }))
    .await;
}

#[actix::test]
async fn s15_silence_after_an_upgrade_with_a_ping_outstanding_dies_at_its_timeout() {
    let options =
        Options { ping_interval: Duration::from_millis(100), ping_timeout: Duration::from_millis(400), ..calm() };
    let server = Server::with(options);
    let poller = server.poller(PATH).await;
    assert_eq!(poller.packets().await, ["2"]);
    let pinged = std::time::Instant::now();
    let mut socket = poller.upgrade(PATH).await.unwrap();
    for text in ["2probe", "5", "4said after the upgrade"] {
        socket.send(text).await;
    }
    assert_eq!(socket.text().await, "3probe");
    assert_eq!(socket.text().await, "4said after the upgrade");
    // No other ping comes before the end: the one that is out counts, and no message stands for its answer.
    assert!(matches!(soon(socket.0.next()).await, Some(Ok(Message::Close(_)))));
    assert!(pinged.elapsed() > Duration::from_millis(300) && pinged.elapsed() < Duration::from_millis(1500));
    assert_eq!(server.socket_server.stats().ended(Reason::PingTimeout), 1);
}
