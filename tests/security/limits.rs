//! Limits on sockets and their events.
use serde_json::json;

use crate::support::{Server, Socket};

#[actix_web::test]
async fn events_beyond_the_limit_of_a_user_are_refused_with_a_time_and_the_connection_stays() {
    let mut server = Server::start(&[("LIMITS__EVENTS_PER_USER", "5 per 10s")]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut one = server.socket(&ann).await;
    let mut two = server.socket(&ann).await;
    for n in 0..5 {
        let socket = if n % 2 == 0 { &mut one } else { &mut two };
        assert_eq!(socket.code("fetch-user-details", json!({})).await, "Ok");
    }
    let refused = two.ask("fetch-user-details", json!({})).await;
    assert_eq!((&refused["Ok"], &refused["Code"]), (&json!(false), &json!("rate_limited")));
    assert!((1..=2).contains(&refused["RetryAfter"].as_u64().unwrap()), "{refused}");
    one.send(r#"42["send-self-message",{"Content":"without an acknowledgement"}]"#).await;
    let told = one.next("request-failed").await;
    assert_eq!((&told["Event"], &told["Code"]), (&json!("send-self-message"), &json!("rate_limited")));
    assert!(told["RetryAfter"].as_u64().unwrap() >= 1);
    assert_eq!(server.socket(&bob).await.code("fetch-user-details", json!({})).await, "Ok", "others are not concerned");
    let log = server.end_for_log();
    assert!(log.contains("limit reached by"), "{log}");
}

#[actix_web::test]
async fn events_from_one_address_have_a_limit_too() {
    let server = Server::start(&[("LIMITS__EVENTS_PER_IP", "4 per 1h")]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut anns = server.socket(&ann).await;
    let mut bobs = server.socket(&bob).await;
    assert_eq!(anns.code("fetch-user-details", json!({})).await, "Ok");
    assert_eq!(bobs.code("fetch-user-details", json!({})).await, "Ok");
    assert_eq!(
        bobs.code("fetch-user-details", json!({})).await,
        "rate_limited",
        "two logins and two events were before"
    );
}

#[actix_web::test]
async fn new_connections_from_one_address_come_at_a_bounded_rate() {
    let server = Server::start(&[("LIMITS__HANDSHAKES_PER_IP", "2 per 1h")]);
    for _ in 0..2 {
        Socket::open(&server.url, &[]).await;
    }
    assert_eq!(Socket::try_open(&server.url, &[]).await.err(), Some(429));
    assert_eq!(server.get("/socket.io/?EIO=4&transport=polling").await.status, 429);
}

#[actix_web::test]
async fn sockets_of_a_user_an_address_and_the_server_are_counted() {
    let server = Server::start(&[("LIMITS__SOCKETS_PER_USER", "1"), ("LIMITS__SOCKETS_PER_IP", "2")]);
    let ann = server.person("Ann").await;
    let mut first = server.socket(&ann).await;
    let mut second = Socket::open(&server.url, &[]).await;
    second.send(&format!("40{}", json!({"accessToken": ann.access}))).await;
    assert_eq!(second.next("auth-failure").await["reason"], "Too many connections");
    assert_eq!(Socket::try_open(&server.url, &[]).await.err(), Some(429));
    assert_eq!(first.code("fetch-user-details", json!({})).await, "Ok", "older sockets stay");
    let small = Server::start(&[("LIMITS__SOCKETS", "1")]);
    let _only = Socket::open(&small.url, &[]).await;
    assert_eq!(Socket::try_open(&small.url, &[]).await.err(), Some(503));
}

#[actix_web::test]
async fn a_socket_that_answers_no_ping_makes_place_for_a_new_one_and_no_other_does() {
    let server = Server::start(&[("LIMITS__SOCKETS_PER_USER", "2"), ("SOCKETIO__PING_INTERVAL", "1s")]);
    let ann = server.person("Ann").await;
    let mut dead = server.socket(&ann).await;
    let mut alive = server.socket(&ann).await;
    // The second of these comes a second after the first, which the dead one has had by then, too.
    for _ in 0..3 {
        alive.ping().await;
    }
    let mut new = server.socket(&ann).await;
    assert_eq!(dead.frame_but_pings().await, None, "it was let go");
    for _ in 0..3 {
        new.ping().await;
    }
    assert_eq!(alive.code("fetch-user-details", json!({})).await, "Ok");
    let mut refused = Socket::open(&server.url, &[]).await;
    refused.send(&format!("40{}", json!({"accessToken": ann.access}))).await;
    assert_eq!(refused.next("auth-failure").await["reason"], "Too many connections");
    assert_eq!(new.code("fetch-user-details", json!({})).await, "Ok", "those who answer stay");
}

#[actix_web::test]
async fn a_proxy_names_the_addresses_that_sockets_are_counted_by() {
    let settings = [("LIMITS__SOCKETS_PER_IP", "1"), ("SERVER__TRUSTED_PROXIES", "127.0.0.0/8")];
    let server = Server::start(&settings);
    let _one = Socket::open(&server.url, &[("x-forwarded-for", "6.6.6.6, 9.9.9.9")]).await;
    let _two = Socket::open(&server.url, &[("x-forwarded-for", "8.8.8.8")]).await;
    assert_eq!(Socket::try_open(&server.url, &[("x-forwarded-for", "7.7.7.7, 9.9.9.9")]).await.err(), Some(429));
}

#[actix_web::test]
async fn paths_where_nothing_is_have_the_limit_of_all_others_and_one_answer_also_for_upgrades() {
    let server = Server::start(&[("LIMITS__REQUESTS_PER_IP", "2 per 1h")]);
    let upgrade = async |path: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n");
        let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        server.raw((head + key).as_bytes()).await
    };
    let plain = server.get("/nothing").await;
    assert_eq!((plain.status, plain.json()["success"].as_i64()), (404, Some(0)));
    let upgraded = upgrade("/nothing").await;
    let (head, body) = upgraded.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 404 ") && head.contains("content-type: application/json"), "{head}");
    assert_eq!(body, plain.text);
    assert_eq!(server.get("/nothing").await.status, 429);
    let late = upgrade("/me").await;
    assert!(late.starts_with("HTTP/1.1 429 ") && late.contains("retry-after: "), "{late}");
    Socket::open(&server.url, &[]).await;
}
