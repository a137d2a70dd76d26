//! Who may connect from a browser with cookies (19).
use greenroom::socket::{Options, Origins, client_address};
use reqwest::StatusCode;

use crate::support::{Server, calm, handshake, read_all, soon};

const POLLING: &str = "/engine.io/?EIO=4&transport=polling";

fn server() -> Server {
    let allowed = vec!["https://chat.example".to_owned()];
    Server::with(Options { origins: Origins { allowed, ..Origins::default() }, ..calm() })
}

async fn poll(server: &Server, url: &str, origin: Option<&str>, cookie: bool) -> StatusCode {
    let mut request = crate::client::client().get(server.url(url));
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if cookie {
        request = request.header("cookie", "access_token=x");
    }
    soon(request.send()).await.unwrap().status()
}

#[actix::test]
async fn security19_a_cookie_from_a_foreign_page_is_refused_before_any_state_is_made() {
    let server = server();
    let own = format!("http://127.0.0.1:{}", server.port);
    let other_port = format!("http://127.0.0.1:{}", server.port ^ 1);
    let other_scheme = format!("https://127.0.0.1:{}", server.port);
    for origin in [&other_port, &other_scheme, "https://evil.example", "https://chat.example.evil", "null", ""] {
        assert_eq!(poll(&server, POLLING, Some(origin), true).await, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(server.socket_server.live(), 0);
    for (origin, cookie) in [(Some(&*own), true), (Some("https://chat.example"), true), (None, true)] {
        assert_eq!(poll(&server, POLLING, origin, cookie).await, StatusCode::OK, "{origin:?}");
    }
    assert_eq!(poll(&server, POLLING, Some("https://evil.example"), false).await, StatusCode::OK);
}

#[actix::test]
async fn security19_the_same_holds_for_websockets_and_for_live_connections() {
    let server = server();
    let headers = "Origin: https://evil.example\r\nCookie: access_token=x\r\n";
    let request = handshake(server.port, "EIO=4&transport=websocket", headers);
    let answer = String::from_utf8(read_all(server.raw(&request).await).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.ends_with(r#"{"code":4,"message":"Forbidden"}"#), "{answer}");
    assert_eq!(server.socket_server.live(), 0);

    let poller = server.poller("/engine.io/").await;
    let live = format!("{POLLING}&sid={}", poller.sid);
    assert_eq!(poll(&server, &live, Some("https://evil.example"), true).await, StatusCode::FORBIDDEN);
    assert!(poller.is_alive().await);
}

#[actix::test]
async fn security19_an_origin_that_cannot_be_read_is_foreign() {
    let server = server();
    let own = format!("http://127.0.0.1:{}", server.port);
    for origins in
        ["Origin: http://\u{e9}\r\n".to_owned(), format!("Origin: {own}\r\nOrigin: https://evil.example\r\n")]
    {
        let headers = format!("{origins}Cookie: access_token=x\r\n");
        let answer = read_all(server.raw(&handshake(server.port, "EIO=4&transport=websocket", &headers)).await).await;
        assert!(answer.starts_with(b"HTTP/1.1 403 "), "{}", String::from_utf8_lossy(&answer));
        let poll = format!("GET {POLLING} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        let answer = read_all(server.raw(&poll).await).await;
        assert!(answer.starts_with(b"HTTP/1.1 403 "), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(server.socket_server.live(), 0);
}

#[test]
fn security19_with_a_public_url_the_host_header_counts_no_more() {
    let origins = Origins { public_url: Some("https://chat.example/".into()), ..Origins::default() };
    assert!(origins.admit(Some("https://chat.example"), Some("10.0.0.1:8080"), true));
    assert!(!origins.admit(Some("http://10.0.0.1:8080"), Some("10.0.0.1:8080"), true));
    let plain = Origins::default();
    assert!(plain.admit(Some("http://a:1"), Some("a:1"), true));
    assert!(!plain.admit(Some("http://a:1"), None, true));
}

#[test]
fn security7_a_forwarding_header_counts_only_as_far_as_trusted_proxies_wrote_it() {
    let head = |peer: &str, forwarded: &'static str| {
        let request = actix_web::test::TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        request.insert_header(("x-forwarded-for", forwarded)).to_http_request()
    };
    let trusted = ["10.0.0.1/32".parse().unwrap(), "10.0.0.2/32".parse().unwrap()];
    let address = |peer, forwarded| client_address(head(peer, forwarded).head(), &trusted).unwrap().to_string();
    assert_eq!(address("9.9.9.9", "1.1.1.1"), "9.9.9.9", "a stranger may write what it likes");
    assert_eq!(address("10.0.0.1", "6.6.6.6, 1.1.1.1"), "1.1.1.1", "only the last hop is the proxy's word");
    assert_eq!(address("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2"), "1.1.1.1");
    assert_eq!(address("10.0.0.1", "nonsense, 1.1.1.1"), "1.1.1.1");
    assert_eq!(address("10.0.0.1", "nonsense"), "10.0.0.1");
}
