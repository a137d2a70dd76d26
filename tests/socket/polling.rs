//! Long-polling over real connections.
use std::time::Duration;

use futures_util::{future::join, stream};
use greenroom::socket::Options;
use reqwest::{Method, StatusCode};

use crate::support::{Server, calm, soon};

#[actix::test]
async fn s8_messages_come_back_as_text_and_binary() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    poller.say("4hello\x1ebAQIDBA==\x1e4é€😀").await;
    assert_eq!(poller.packets().await, ["4hello", "bAQIDBA==", "4é€😀"]);
}

#[actix::test]
async fn s8_base64_may_have_line_breaks_and_no_padding() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let line = "A".repeat(76);
    poller.say(&format!("b{line}\nAQ==\n\x1ebAQID\r\nBA\x1e4on")).await;
    assert_eq!(poller.packets().await, [&*format!("b{line}AQ=="), "bAQIDBA==", "4on"]);
}

#[actix::test]
async fn s8_a_get_is_held_until_there_is_something() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let held = poller.hold();
    poller.say("4late").await;
    assert_eq!(held.await, (StatusCode::OK, "4late".into()));
}

#[actix::test]
async fn s8_at_most_sixteen_packets_in_one_poll() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let all: Vec<_> = (0..40).map(|n| format!("4{n}")).collect();
    poller.say(&all.join("\x1e")).await;
    let mut got = vec![];
    for expected in [16, 16, 8] {
        let packets = poller.packets().await;
        assert_eq!(packets.len(), expected);
        got.extend(packets);
    }
    assert_eq!(got, all);
}

#[actix::test]
async fn s9_two_gets_at_once_are_one_too_many() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let (one, two) = join(poller.get(), poller.get()).await;
    let (pending, second) = if one.0 == StatusCode::OK { (one, two) } else { (two, one) };
    assert_eq!((pending.0, &*pending.1), (StatusCode::OK, "1"));
    assert_eq!(second.0, StatusCode::BAD_REQUEST);
    server.until_live(0).await;
}

#[actix::test]
async fn s9_two_posts_at_once_are_one_too_many() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    // The first body never ends by itself.
    let endless = stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let first = poller.client.post(&poller.url).body(reqwest::Body::wrap_stream(endless)).send();
    let first = actix_rt::spawn(first);
    let mut statuses = vec![];
    while !statuses.contains(&StatusCode::BAD_REQUEST) {
        statuses.push(poller.post("6").await.0);
    }
    server.until_live(0).await;
    first.abort();
}

#[actix::test]
async fn s9_a_get_that_the_client_aborts_closes() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path(&poller.url));
    let tcp = server.raw(&request).await;
    drop(tcp);
    server.until_live(0).await;
}

#[actix::test]
async fn s9_a_post_that_the_client_aborts_closes() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let tcp =
        server.raw(&format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4h", path(&poller.url))).await;
    drop(tcp);
    server.until_live(0).await;
}

fn path(url: &str) -> &str {
    &url[url.find("/engine.io").unwrap()..]
}

#[actix::test]
async fn s10_a_body_over_the_limit_is_refused_while_it_streams_in() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let chunks = stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 20_000])));
    let request = poller.client.post(&poller.url).body(reqwest::Body::wrap_stream(chunks)).send();
    // The server may close while the rest is on its way.
    if let Ok(response) = soon(request).await {
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    server.until_live(0).await;
}

#[actix::test]
async fn s10_what_cannot_be_read_closes() {
    let server = Server::calm();
    for body in ["", "abc", "4a\x1e", "b#"] {
        let poller = server.poller("/engine.io/").await;
        assert_eq!(poller.post(body).await.0, StatusCode::BAD_REQUEST, "{body:?}");
        server.until_live(0).await;
    }
    let poller = server.poller("/engine.io/").await;
    assert_eq!(poller.post(vec![b'4', 0xff]).await.0, StatusCode::BAD_REQUEST);
    let poller = server.poller("/engine.io/").await;
    let request = poller.client.post(&poller.url).header("content-type", "application/octet-stream").body("4a");
    assert_eq!(soon(request.send()).await.unwrap().status(), StatusCode::BAD_REQUEST);
    server.until_live(0).await;
}

#[actix::test]
async fn s10_a_character_may_lie_across_two_chunks() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let bytes = "4😀".as_bytes();
    let chunks = bytes.iter().map(|byte| Ok::<_, std::io::Error>(vec![*byte])).collect::<Vec<_>>();
    let request = poller.client.post(&poller.url).body(reqwest::Body::wrap_stream(stream::iter(chunks)));
    assert_eq!(soon(request.send()).await.unwrap().status(), StatusCode::OK);
    assert_eq!(poller.packets().await, ["4😀"]);
}

#[actix::test]
async fn s10_many_small_packets_in_one_body_are_fine() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    poller.say(&vec!["4x"; 10_000].join("\x1e")).await;
    let mut left = 10_000;
    while left > 0 {
        left -= poller.packets().await.len();
    }
}

#[actix::test]
async fn s11_other_methods_are_refused_and_harm_nothing() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let response = soon(poller.client.request(method, &poller.url).send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    }
    assert!(poller.is_alive().await);
}

#[actix::test]
async fn s12_a_goodbye_answers_the_held_get() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let held = poller.hold();
    poller.say("4x").await;
    assert_eq!(held.await.1, "4x");
    let (held, ()) = join(poller.hold(), poller.say("1")).await;
    assert_eq!(held, (StatusCode::OK, "6".into()));
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST, "the session is gone");
}

#[actix::test]
async fn s12_a_goodbye_that_overtakes_its_get_leaves_an_answer_for_it() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    poller.say("1").await;
    assert_eq!(server.socket_server.live(), 0, "it counts no more");
    assert_eq!(poller.get().await, (StatusCode::OK, "6".into()));
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST);
}

#[actix::test]
async fn s12_an_answer_that_nobody_comes_for_is_forgotten() {
    let ping_interval = Duration::from_millis(200);
    let ping_timeout = Duration::from_millis(100);
    let server = Server::with(Options { ping_interval, ping_timeout, ..calm() });
    let gone = server.poller("/engine.io/").await;
    gone.say("1").await;
    // Another that came later and hears when its time is up.
    let later = server.poller("/engine.io/").await;
    assert_eq!(later.packets().await, ["2"]);
    later.assert_unknown().await;
    assert_eq!(gone.get().await.0, StatusCode::BAD_REQUEST);
}

#[actix::test]
async fn s10_a_fault_is_told_by_the_answer_to_its_post_and_ends_the_session_at_once() {
    let server = Server::calm();
    for (path, fault) in [("/engine.io/", "abc"), ("/socket.io/", "4abc")] {
        let poller = server.poller(path).await;
        assert_eq!(poller.post(fault).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST, "{fault}");
    }
}

#[actix::test]
async fn s13_a_poll_at_the_end_of_the_time_finds_nobody() {
    let server = Server::start();
    let poller = server.poller("/engine.io/").await;
    // Another that came later and hears when its time is up.
    let later = server.poller("/engine.io/").await;
    assert_eq!(later.packets().await, ["2"]);
    later.assert_unknown().await;
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST);
}

#[actix::test]
async fn s13_pings_come_by_polling_and_silence_ends_it() {
    let server = Server::start();
    let poller = server.poller("/engine.io/").await;
    for _ in 0..2 {
        assert_eq!(poller.packets().await, ["2"]);
        poller.say("3").await;
    }
    assert_eq!(poller.packets().await, ["2"]);
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST, "no pong came");
    server.until_live(0).await;
}

#[actix::test]
async fn s13_timers_start_at_the_handshake() {
    let server = Server::start();
    let before = std::time::Instant::now();
    server.poller("/engine.io/").await;
    server.until_live(0).await;
    assert!(before.elapsed() >= Duration::from_millis(500), "interval and timeout, without any poll");
}

#[actix::test]
async fn s14_faults_of_the_transport_close() {
    let server = Server::calm();
    for body in ["2", "7"] {
        let poller = server.poller("/engine.io/").await;
        assert_eq!(poller.post(body).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
    let poller = server.poller("/engine.io/").await;
    poller.say("3\x1e6\x1e0\x1e5\x1e4on").await;
    assert_eq!(poller.packets().await, ["4on"]);
}
