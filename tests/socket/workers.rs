//! Requests of one client on several workers.
use std::sync::Arc;

use futures_util::{
    SinkExt,
    future::{join, join_all},
};
use reqwest::StatusCode;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    echo::Echo,
    support::{Poller, Server, calm},
};

/// The same connection from another TCP connection, and so perhaps on another worker.
fn elsewhere(poller: &Poller) -> Poller {
    Poller { client: crate::client::client(), ..poller.clone() }
}

#[actix::test]
async fn s12_goodbyes_and_their_polls_meet_in_any_order() {
    let server = Server::calm();
    for _ in 0..100 {
        let poller = server.poller("/engine.io/").await;
        let other = elsewhere(&poller);
        let (poll, goodbye) = join(poller.get(), other.post("1")).await;
        assert_eq!((poll, goodbye), ((StatusCode::OK, "6".into()), (StatusCode::OK, "ok".into())));
    }
    server.until_live(0).await;
}

#[actix::test]
async fn s9_one_of_two_polls_always_hears_the_close() {
    let server = Server::calm();
    for _ in 0..100 {
        let poller = server.poller("/engine.io/").await;
        let other = elsewhere(&poller);
        let (one, two) = join(poller.get(), other.get()).await;
        let mut statuses = [one.0, two.0];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::BAD_REQUEST]);
    }
}

#[actix::test]
async fn s18_order_holds_across_workers_and_the_upgrade() {
    let server = Server::calm();
    join_all((0..20).map(|_| async {
        let poller = server.poller("/engine.io/").await;
        let mut got = vec![];
        for n in 0..30 {
            let (packets, ()) = join(poller.packets(), poller.say(&format!("4{n}"))).await;
            got.extend(packets);
        }
        let mut socket = poller.upgrade("/engine.io/").await.unwrap();
        poller.say("430").await;
        socket.send("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        poller.say("431").await;
        socket.send("5").await;
        for n in 32..60 {
            socket.send(&format!("4{n}")).await;
        }
        while got.len() < 60 {
            got.push(socket.text().await);
        }
        assert_eq!(got, (0..60).map(|n| format!("4{n}")).collect::<Vec<_>>());
    }))
    .await;
}

#[actix::test]
async fn events_of_one_socket_keep_their_order_on_any_number_of_workers() {
    for workers in [1, 2, 4] {
        let server = Server::on(workers, calm(), Arc::new(Echo));
        join_all((0..8).map(|_| async {
            let mut socket = server.joined().await;
            for n in 0..500 {
                let event = format!(r#"42{n}["message-with-ack",{n}]"#);
                socket.0.feed(Message::text(event)).await.unwrap();
            }
            socket.0.flush().await.unwrap();
            for n in 0..500 {
                assert_eq!(socket.text().await, format!("43{n}[{n}]"));
            }
        }))
        .await;
    }
}
