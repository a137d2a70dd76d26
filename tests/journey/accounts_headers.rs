//! Headers with bytes beyond ASCII: what can be read in them is, and what cannot counts as there.
use reqwest::{Method, header::HeaderValue};

use crate::support::{Reply, TestServer};

/// A header in the encoding of old browsers.
fn latin1(text: &str) -> HeaderValue {
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    HeaderValue::from_bytes(&bytes).unwrap()
}

#[actix_web::test]
async fn a_cookie_of_somebody_else_beside_ours_logs_nobody_out() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let beside = format!("theme=caf\u{e9}; {}; last=\u{e9}", login.cookies());
    for cookies in [HeaderValue::from_bytes(beside.as_bytes()).unwrap(), latin1(&beside)] {
        let me = server.request(Method::GET, "/me").header("Cookie", &cookies);
        assert_eq!(Reply::to(me).await.outcome(), (200, 1), "{cookies:?}");
    }
    let refresh = server.request(Method::POST, "/refresh").header("Cookie", latin1(&beside));
    assert_eq!(Reply::to(refresh).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn an_authorization_that_cannot_be_read_is_a_wrong_one_and_not_none() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let me = server.request(Method::GET, "/me").header("Cookie", login.cookies());
    let reply = Reply::to(me.header("Authorization", latin1("Bearer \u{e9}"))).await;
    assert_eq!(reply.outcome(), (401, 0), "the cookies beside it do not count");
}

#[actix_web::test]
async fn an_origin_that_cannot_be_read_is_a_foreign_one() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let me = || server.request(Method::GET, "/me").header("Cookie", login.cookies());
    let unreadable = me().header("Origin", latin1(&format!("{}\u{e9}", server.url)));
    assert_eq!(Reply::to(unreadable).await.outcome(), (403, -1));
    let two = me().header("Origin", &server.url).header("Origin", "https://evil.example");
    assert_eq!(Reply::to(two).await.outcome(), (403, -1));
}

#[actix_web::test]
async fn a_program_may_call_itself_whatever_it_likes() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let login = server.request(Method::POST, "/login").header("User-Agent", latin1("caf\u{e9} 1.0"));
    let body = serde_json::json!({"email": "ann@x.org", "password": crate::support::PASSWORD});
    let login = Reply::to(login.json(&body)).await;
    let list = Reply::to(server.request(Method::GET, "/sessions").header("Cookie", login.cookies())).await.json();
    assert_eq!(list["Sessions"][0]["UserAgent"], "caf\u{fffd} 1.0");
}
