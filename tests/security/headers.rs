//! Sockets and the headers of their handshakes.
use crate::support::{Server, Socket};

#[actix_web::test]
async fn a_cookie_of_somebody_else_beside_ours_lets_the_socket_in() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let cookies = format!("theme=caf\u{e9}; access_token={}", ann.access);
    let mut socket = Socket::open(&server, &[("cookie", &cookies)]).await;
    socket.send("40").await;
    assert_eq!(socket.next("user-id").await["userId"], ann.id.as_str());
}

#[actix_web::test]
async fn an_authorization_that_cannot_be_read_lets_nobody_in_by_a_cookie() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let cookies = format!("access_token={}", ann.access);
    let mut socket = Socket::open(&server, &[("cookie", &cookies), ("authorization", "Bearer \u{e9}")]).await;
    socket.send("40").await;
    assert!(socket.next("auth-failure").await["reason"].is_string());
}
