//! Sockets before and beside a login.
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Server, Socket};

#[actix_web::test]
async fn a_page_of_another_origin_gets_no_socket_with_its_visitors_cookies() {
    let server = Server::start(&[("SERVER__ALLOWED_ORIGINS", "https://friend.example")]);
    let ann = server.person("Ann").await;
    let cookie = format!("access_token={}", ann.access);
    let own = server.url.clone();
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("https://friend.example.evil.example", 403),
        ("https://friend.example:444", 403),
        ("http://friend.example", 403),
        ("https://friend.example", 200),
        (&own, 200),
    ] {
        let poll = server.request(Method::GET, "/socket.io/?EIO=4&transport=polling");
        let polled = Answer::to(poll.header("Cookie", &cookie).header("Origin", origin)).await;
        assert_eq!(polled.status, status, "{origin}");
        assert_ne!(polled.header("access-control-allow-origin"), "*");
        let upgraded = Socket::try_open(&server.url, &[("cookie", &cookie), ("origin", origin)]).await;
        assert_eq!(upgraded.err().unwrap_or(200), status, "{origin}");
    }
}

#[actix_web::test]
async fn a_socket_that_does_not_say_who_it_is_is_closed() {
    let server = Server::start(&[("SOCKETIO__CONNECT_TIMEOUT", "200ms")]);
    let mut silent = Socket::open(&server.url, &[]).await;
    assert_eq!(silent.frame().await, None);
    let mut refused = Socket::open(&server.url, &[]).await;
    refused.send("40").await;
    assert!(refused.next("auth-failure").await["reason"].is_string());
    refused.ended().await;
    while refused.frame().await.is_some() {}
}

#[actix_web::test]
async fn frames_before_the_login_are_small() {
    let server = Server::start(&[]);
    let mut socket = Socket::open(&server.url, &[]).await;
    socket.send(&format!("40{}", json!({"accessToken": "x".repeat(9000)}))).await;
    assert_eq!(socket.frame().await, None);
}

#[actix_web::test]
async fn what_the_database_can_never_do_is_not_told_as_something_to_try_again() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let mut socket = server.socket(&ann).await;
    let search = json!({"Name": "Ann", "Type": "Search"});
    assert_eq!(socket.ask("search-user", search.clone()).await["Ok"], true);
    let database = sea_orm::Database::connect(format!("sqlite://{}/data/greenroom.db", server.home.path().display()))
        .await
        .unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(&database, "ALTER TABLE user RENAME TO gone").await.unwrap();
    assert_eq!(socket.code("search-user", search).await, "bad_request");
}

#[actix_web::test]
async fn tokens_that_are_no_access_tokens_open_no_socket() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let [head, body, _] = ann.access.split('.').collect::<Vec<_>>().try_into().unwrap();
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.");
    for token in [none, format!("{head}.{body}."), ann.refresh.clone(), String::new()] {
        let mut socket = Socket::open(&server.url, &[]).await;
        socket.send(&format!("40{}", json!({"accessToken": token}))).await;
        assert!(socket.next("auth-failure").await["reason"].is_string(), "{token}");
    }
}

#[actix_web::test]
async fn the_log_tells_which_sockets_came_in_and_now_and_then_which_did_not() {
    let mut server = Server::start(&[("LIMITS__SOCKETS_PER_USER", "1")]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let _first = server.socket(&ann).await;
    server.post_as(&bob, "/logout", json!({})).await;
    for token in [&ann.access, &bob.access, "no-token", "no-token-either"] {
        let mut socket = Socket::open(&server.url, &[]).await;
        socket.send(&format!("40{}", json!({"accessToken": token}))).await;
        assert!(socket.next("auth-failure").await["reason"].is_string());
    }
    let log = server.end_for_log();
    let lines = |parts: &[&str]| log.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count();
    assert_eq!(lines(&["connection ", &ann.id, "admitted from 127.0.0.1", "login "]), 1, "{log}");
    assert_eq!(lines(&["admitted from", &bob.id]), 0, "{log}");
    let refused = "login of a socket of";
    assert_eq!(lines(&[refused, &ann.id, "from 127.0.0.1 refused: Too many connections"]), 1, "{log}");
    assert_eq!(lines(&[refused, &bob.id, "from 127.0.0.1 refused: Logged out"]), 1, "{log}");
    assert_eq!(lines(&[refused, "somebody from 127.0.0.1 refused: Invalid access token"]), 1, "once a minute\n{log}");
}
