//! Handshake, paths, CORS and headers.
use greenroom::socket::{Options, Origins};
use reqwest::{Method, StatusCode};

use crate::support::{Poller, Server, Socket, calm, handshake, read_all, soon};

const POLLING: &str = "/engine.io/?EIO=4&transport=polling";

async fn error(server: &Server, method: Method, rest: &str) -> (u16, String) {
    let response = soon(crate::client::client().request(method, server.url(rest)).send()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["access-control-allow-origin"], "*", "CORS headers stand on errors too");
    (response.status().as_u16(), response.text().await.unwrap())
}

#[actix::test]
async fn s1_s2_wrong_handshakes_are_refused_with_their_code() {
    let server = Server::calm();
    let code =
        |code: u8| move |(status, body): (u16, String)| status == 400 && body.contains(&format!("\"code\":{code},"));
    let get = |rest: &'static str| error(&server, Method::GET, rest);
    assert!(code(0)(get("/engine.io/?EIO=4").await));
    assert!(code(0)(get("/engine.io/?EIO=4&transport=abc").await));
    assert!(code(5)(get("/engine.io/?transport=polling").await));
    assert!(code(5)(get("/engine.io/?EIO=abc&transport=polling").await));
    assert!(code(3)(get("/engine.io/?EIO=4&transport=websocket").await));
    for sid in ["", "abc", "AAAAAAAAAAAAAAAAAAAAAAAA", "%00"] {
        assert!(code(1)(error(&server, Method::GET, &format!("{POLLING}&sid={sid}")).await), "{sid}");
    }
    assert!(code(2)(error(&server, Method::POST, POLLING).await));
    assert!(code(2)(error(&server, Method::PUT, POLLING).await));
    assert_eq!(server.socket_server.live(), 0);
}

#[actix::test]
async fn s1_another_version_or_transport_on_a_live_sid_leaves_it_alone() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    let other = |from: &str, to: &str| Poller { url: poller.url.replace(from, to), ..poller.clone() };
    assert_eq!(other("EIO=4", "EIO=3").get().await.0, 400);
    assert_eq!(other("polling", "websocket").get().await.0, 400);
    assert!(poller.is_alive().await);
}

#[actix::test]
async fn s3_a_refused_upgrade_gets_its_error_before_101() {
    let server = Server::calm();
    for (query, code) in [
        ("EIO=3&transport=websocket", 5),
        ("EIO=4&transport=abc", 0),
        ("EIO=4&transport=websocket&sid=abc", 1),
        ("EIO=4&transport=polling", 3),
    ] {
        let answer = read_all(server.raw(&handshake(server.port, query, "")).await).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains(&format!("{{\"code\":{code},")), "{query}: {answer}");
    }
}

#[actix::test]
async fn s4_the_open_packet_says_what_the_server_wants() {
    let server = Server::start();
    let open = server.get(POLLING).await.text().await.unwrap();
    assert!(open.ends_with(r#""upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}"#));
    let mut socket = Socket::open(server.port, "/engine.io/?EIO=4&transport=websocket").await.unwrap();
    assert!(socket.text().await.contains(r#""upgrades":[],"#));
}

#[actix::test]
async fn s5_the_path_matches_whole_segments_with_and_without_slash() {
    let server = Server::calm();
    for (path, status) in
        [("/socket.io/", 200), ("/socket.io", 200), ("/socket.io-admin", 404), ("/socket.io/x", 404), ("/", 404)]
    {
        assert_eq!(server.get(&format!("{path}?EIO=4&transport=polling")).await.status(), status, "{path}");
    }
    assert!(Socket::open(server.port, "/socket.io?EIO=4&transport=websocket").await.is_ok());
    assert!(Socket::open(server.port, "/socket.io/x?EIO=4&transport=websocket").await.is_err());
}

#[actix::test]
async fn s6_cors_is_off_unless_it_is_asked_for() {
    let server = Server::with(Options { origins: Origins::default(), ..calm() });
    let response = server.get(POLLING).await;
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("access-control")));
}

#[actix::test]
async fn s6_listed_origins_get_credentials_and_others_nothing() {
    let allowed = vec!["https://chat.example".to_owned()];
    let server = Server::with(Options { origins: Origins { allowed, cors: true, ..Origins::default() }, ..calm() });
    let ask = async |origin: &str| {
        let request = crate::client::client().get(server.url(POLLING)).header("origin", origin);
        soon(request.send()).await.unwrap()
    };
    let listed = ask("https://chat.example").await;
    assert_eq!(listed.headers()["access-control-allow-origin"], "https://chat.example");
    assert_eq!(listed.headers()["access-control-allow-credentials"], "true");
    assert_eq!(listed.headers()["vary"], "Origin");
    let other = ask("https://chat.example.evil").await;
    assert!(!other.headers().contains_key("access-control-allow-origin"));
    assert_eq!(other.headers()["vary"], "Origin");
}

#[actix::test]
async fn s6_a_preflight_mirrors_the_headers() {
    let server = Server::calm();
    let request = crate::client::client().request(Method::OPTIONS, server.url(POLLING));
    let request = request.header("origin", "http://x").header("access-control-request-headers", "x-a, x-b");
    let response = soon(request.send()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["access-control-allow-headers"], "x-a, x-b");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert!(!response.headers().contains_key("access-control-allow-credentials"));
}

#[actix::test]
async fn s7_answers_are_text_that_is_not_stored() {
    let server = Server::calm();
    let response = server.get(POLLING).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["content-type"], "text/plain; charset=UTF-8");
    let poller = server.poller("/engine.io/").await;
    poller.say("4hi").await;
}

#[actix::test]
async fn s7_large_bodies_are_compressed_when_accepted() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    for (length, compressed) in [(100, false), (2000, true)] {
        poller.say(&format!("4{}", "x".repeat(length))).await;
        let request = poller.client.get(&poller.url).header("accept-encoding", "gzip, deflate");
        let response = soon(request.send()).await.unwrap();
        assert_eq!(response.headers().contains_key("content-encoding"), compressed, "{length}");
        assert!(response.bytes().await.unwrap().len() < 200);
    }
    poller.say(&format!("4{}", "x".repeat(2000))).await;
    assert_eq!(poller.packets().await[0].len(), 2001, "and not when it is not");
}

#[actix::test]
async fn s7_what_else_stands_in_the_list_of_accepted_codings_does_not_matter() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    poller.say(&format!("4{}", "x".repeat(2000))).await;
    let accepted = reqwest::header::HeaderValue::from_bytes(b"\xe9, gzip").unwrap();
    let response = soon(poller.client.get(&poller.url).header("accept-encoding", accepted).send()).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
}

#[actix::test]
async fn an_encoded_post_is_refused_unread_and_leaves_the_connection() {
    let server = Server::calm();
    let poller = server.poller("/engine.io/").await;
    for encoding in ["gzip", "br", "deflate", "zstd", "identity, GZip", "\u{e9}"] {
        let request = poller.client.post(&poller.url).header("content-encoding", encoding).body("4hi");
        let response = soon(request.send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{encoding}");
        assert!(response.text().await.unwrap().starts_with("{\"code\":3,"), "{encoding}");
    }
    let plain = poller.client.post(&poller.url).header("content-encoding", "identity").body("4hi");
    assert_eq!(soon(plain.send()).await.unwrap().status(), StatusCode::OK);
    assert_eq!(poller.packets().await, ["4hi"]);
}
