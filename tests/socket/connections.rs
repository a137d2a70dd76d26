//! TCP connections that carry no socket: clients that are slow with HTTP, and how many connections there may be.
use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_rt::time::Instant;
use actix_web::{
    HttpResponse,
    web::{self, Bytes},
};
use futures_util::{future::join_all, stream};
use greenroom::socket::{Bounds, Deadlines, Options, SocketServer, serve};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Server, calm, read_all, soon};

/// So long that a test which waits for it fails.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(200);

fn long() -> Deadlines {
    Deadlines { head: LONG, body: LONG, answer: LONG }
}

fn held_to(deadlines: Deadlines) -> Server {
    Server::with(Options { deadlines, ..calm() })
}

/// What a client hears before the end of its connection.
async fn last_words(tcp: TcpStream) -> String {
    String::from_utf8(read_all(tcp).await).unwrap()
}

async fn until_none_is_open(socket_server: &SocketServer) {
    soon(async {
        while socket_server.connections() > 0 {
            actix_rt::task::yield_now().await;
        }
    })
    .await;
}

#[actix::test]
async fn a_head_that_does_not_end_ends_the_connection() {
    let server = held_to(Deadlines { head: SHORT, ..long() });
    for begun in ["", "GET /engine.io/?EIO=4 HT", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow:"] {
        assert_eq!(last_words(server.raw(begun).await).await, "");
    }
    until_none_is_open(&server.socket_server).await;
}

#[actix::test]
async fn a_second_head_has_no_more_time_than_the_first() {
    let server = held_to(Deadlines { head: SHORT, ..long() });
    let mut tcp = server.raw("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\nGET /no").await;
    let mut answer = [0; 12];
    soon(tcp.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    // Each byte comes before the deadline, and the head after it.
    let (mut reader, mut writer) = tcp.into_split();
    let drip = actix_rt::spawn(async move {
        while writer.write_all(b"t").await.is_ok() {
            actix_rt::time::sleep(SHORT / 4).await;
        }
    });
    let _ = soon(reader.read_to_end(&mut vec![])).await;
    until_none_is_open(&server.socket_server).await;
    drip.abort();
}

#[actix::test]
async fn a_body_that_does_not_end_ends_the_connection_whether_anybody_reads_it_or_not() {
    let server = held_to(Deadlines { body: SHORT, ..long() });
    let poller = server.poller("/engine.io/").await;
    let read = format!("POST /engine.io/?EIO=4&transport=polling&sid={} HTTP/1.1\r\n", poller.sid);
    for line in [&*read, "POST /nothing HTTP/1.1\r\n"] {
        for length in ["Content-Length: 100\r\n\r\n4some", "Transfer-Encoding: chunked\r\n\r\n5\r\n4some\r\n"] {
            let answer = last_words(server.raw(&format!("{line}Host: x\r\n{length}")).await).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    }
}

/// A server with an answer without end, and nothing else.
fn endless(deadlines: Deadlines) -> (u16, SocketServer) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let zeros = || async {
        HttpResponse::Ok().streaming(stream::repeat_with(|| Ok::<_, actix_web::Error>(Bytes::from_static(&[0; 4096]))))
    };
    let options = Options { deadlines, ..calm() };
    let (server, socket_server) = serve(listener, 1, options, vec![], move |config: &mut web::ServiceConfig| {
        config.route("/zeros", web::get().to(zeros));
    })
    .unwrap();
    actix_rt::spawn(server);
    (port, socket_server)
}

async fn ask_for_zeros(port: u16) -> TcpStream {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    tcp.write_all(b"GET /zeros HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    soon(tcp.read_exact(&mut answer)).await.unwrap();
    tcp
}

#[actix::test]
async fn an_answer_that_is_not_read_ends_the_connection_and_one_that_is_read_does_not() {
    let (port, socket_server) = endless(Deadlines { head: SHORT, body: SHORT, answer: SHORT });
    let mut reading = ask_for_zeros(port).await;
    let unread = ask_for_zeros(port).await;
    let begin = Instant::now();
    soon(async {
        let mut buffer = vec![0; 1 << 16];
        while socket_server.connections() == 2 || begin.elapsed() < SHORT * 3 {
            assert!(reading.read(&mut buffer).await.unwrap() > 0);
        }
    })
    .await;
    assert_eq!(socket_server.connections(), 1);
    drop((reading, unread));
    until_none_is_open(&socket_server).await;
}

#[actix::test]
async fn held_polls_and_websockets_have_no_deadline_of_http() {
    let server = held_to(Deadlines { head: SHORT, body: SHORT, answer: SHORT });
    let mut socket = server.websocket("/engine.io/").await;
    let poller = server.poller("/engine.io/").await;
    let held = poller.hold();
    // Three deadlines pass, one after the other.
    for _ in 0..3 {
        read_all(server.raw("GET /").await).await;
    }
    socket.send("4still here").await;
    assert_eq!(socket.text().await, "4still here");
    poller.say("4here too").await;
    assert_eq!(soon(held).await.1, "4here too");
}

#[actix::test]
async fn half_a_tls_handshake_has_the_deadline_of_a_head() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let deadlines = Deadlines { head: SHORT, ..long() };
    let server = Server::with(Options { tls: Some(Arc::new(tls)), deadlines, ..calm() });
    // The beginning of a ClientHello.
    assert!(read_all(server.raw("\x16\x03\x01\x01\0\x01").await).await.is_empty());
    until_none_is_open(&server.socket_server).await;
}

fn limited(most: Option<usize>, most_per_ip: Option<usize>, proxies: &[&str]) -> Server {
    let bounds = Bounds { max_connections: most, max_connections_per_ip: most_per_ip, ..calm().bounds };
    let trusted_proxies = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
    Server::with(Options { bounds, trusted_proxies, deadlines: long(), ..calm() })
}

/// Whether the server closes a new connection at once.
async fn is_turned_away(server: &Server) -> bool {
    let answer = last_words(server.raw("GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 404"), "{answer}");
    answer.is_empty()
}

async fn until_open(server: &Server, open: usize) {
    soon(async {
        while server.socket_server.connections() != open {
            actix_rt::task::yield_now().await;
        }
    })
    .await;
}

#[actix::test]
async fn connections_of_one_address_are_counted_whatever_they_carry() {
    let server = limited(None, Some(3), &[]);
    let socket = server.websocket("/engine.io/").await;
    let _silent = server.raw("").await;
    let _half = server.raw("GET / HT").await;
    until_open(&server, 3).await;
    assert!(is_turned_away(&server).await);
    assert_eq!(server.socket_server.stats().turned_away_by_address.get(), 1);
    drop(socket);
    until_open(&server, 2).await;
    assert!(!is_turned_away(&server).await, "a place is free again");
}

#[actix::test]
async fn all_connections_together_are_bounded_and_a_proxy_is_no_single_client() {
    let server = limited(Some(4), Some(1), &["127.0.0.0/8"]);
    let _open = join_all((0..4).map(|_| server.raw(""))).await;
    until_open(&server, 4).await;
    assert!(is_turned_away(&server).await);
    assert_eq!(server.socket_server.stats().turned_away_by_server.get(), 1);
}

#[actix::test]
async fn a_stop_waits_for_requests_until_its_last_moment_and_no_longer() {
    let (port, socket_server) = endless(long());
    let _unread = ask_for_zeros(port).await;
    let half = join_all(["GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"].map(async |half| {
        let mut tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        tcp.write_all(half.as_bytes()).await.unwrap();
        tcp
    }))
    .await;
    soon(socket_server.close_in_waves(Duration::ZERO, async || {})).await;
    let begin = Instant::now();
    soon(socket_server.end_by(begin + SHORT)).await;
    assert!(begin.elapsed() >= SHORT, "the answer could have been read until then");
    assert_eq!(socket_server.connections(), 0);
    drop(half);
    let mut late = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let _ = late.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(read_all(late).await.is_empty());
}

#[actix::test]
async fn an_early_answer_reaches_a_client_that_is_still_sending() {
    let server = held_to(long());
    let mut tcp = server.raw("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n").await;
    let mut answer = [0; 12];
    soon(tcp.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 404");
    for _ in 0..20 {
        soon(tcp.write_all(&[b' '; 50_000])).await.expect("no reset, which takes with it what is not read yet");
        // By the answer to this, a server that is gone has said so.
        server.get("/nothing").await;
    }
}
