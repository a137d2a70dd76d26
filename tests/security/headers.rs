//! Sockets and the headers of their handshakes.
use reqwest::Method;

use crate::support::{Answer, Server, Socket};

#[actix_web::test]
async fn a_cookie_of_somebody_else_beside_ours_lets_the_socket_in() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let cookies = format!("theme=caf\u{e9}; access_token={}", ann.access);
    let mut socket = Socket::open(&server.url, &[("cookie", &cookies)]).await;
    socket.send("40").await;
    assert_eq!(socket.next("user-id").await["userId"], ann.id.as_str());
}

#[actix_web::test]
async fn an_authorization_that_cannot_be_read_lets_nobody_in_by_a_cookie() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let cookies = format!("access_token={}", ann.access);
    let mut socket = Socket::open(&server.url, &[("cookie", &cookies), ("authorization", "Bearer \u{e9}")]).await;
    socket.send("40").await;
    assert!(socket.next("auth-failure").await["reason"].is_string());
}

#[actix_web::test]
async fn pages_inside_an_app_may_call_if_their_origin_is_listed() {
    let server = Server::start(&[("SERVER__ALLOWED_ORIGINS", "capacitor://localhost,ionic://localhost")]);
    let ann = server.person("Ann").await;
    let cookie = format!("access_token={}", ann.access);
    for (origin, status) in [
        ("capacitor://localhost", 200),
        ("ionic://localhost", 200),
        ("capacitor://localhost.evil", 403),
        ("capacitor://", 403),
        ("http://localhost", 403),
    ] {
        let me = server.request(Method::GET, "/me").header("Cookie", &cookie).header("Origin", origin);
        let me = Answer::to(me).await;
        assert_eq!(me.status, status, "{origin}");
        let echoed = if status == 200 { origin } else { "" };
        assert_eq!(me.header("access-control-allow-origin"), echoed);
        let poll = server.request(Method::GET, "/socket.io/?EIO=4&transport=polling").header("Cookie", &cookie);
        assert_eq!(Answer::to(poll.header("Origin", origin)).await.status, status, "{origin}");
        let upgraded = Socket::try_open(&server.url, &[("cookie", &cookie), ("origin", origin)]).await;
        assert_eq!(upgraded.err().unwrap_or(200), status, "{origin}");
    }
}
