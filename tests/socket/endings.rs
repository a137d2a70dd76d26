//! How connections end, and what those hear of it who poll: whoever shall come back hears no `1`.
use std::{sync::Arc, time::Duration};

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, ready},
};
use greenroom::socket::{Admission, Application, Connect, Options, Reason};
use reqwest::StatusCode;
use tokio::net::TcpStream;

use crate::support::{Poller, Server, calm, soon, unknown_sid};

const ENGINE: &str = "/engine.io/";
const SOCKET: &str = "/socket.io/";

fn ok(body: &str) -> (StatusCode, String) {
    (StatusCode::OK, body.into())
}

#[actix::test]
async fn s10_a_body_over_the_limit_ends_the_session_and_whoever_polls_learns_of_it_at_once() {
    let server = Server::single();
    let too_large = format!("4{}", "x".repeat(1_000_000));
    let poller = server.poller(ENGINE).await;
    let mut held = poller.held().await;
    assert_eq!(poller.post(too_large.clone()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(held.answer().await, unknown_sid());
    poller.assert_unknown().await;
    let poller = server.poller(ENGINE).await;
    assert_eq!(poller.post(too_large).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    poller.assert_unknown().await;
    assert_eq!(poller.post("4x").await, unknown_sid());
    assert_eq!((server.socket_server.live(), server.socket_server.stats().ended(Reason::TransportError)), (0, 2));
}

#[actix::test]
async fn s10_what_was_answered_before_a_fault_reaches_the_poll_that_is_held_or_comes_next() {
    let server = Server::single();
    let too_large = format!("4{}", "x".repeat(1_000_000));
    for fault in ["abc", &too_large] {
        let poller = server.poller(ENGINE).await;
        poller.say("4answered").await;
        assert_ne!(poller.post(fault.to_owned()).await.0, StatusCode::OK);
        assert_eq!(poller.get().await, ok("4answered"));
        poller.assert_unknown().await;
        assert_eq!(server.socket_server.live(), 0);
    }
    let poller = server.poller(ENGINE).await;
    let mut held = poller.held().await;
    assert_eq!(poller.post("4answered\x1eabc").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(held.answer().await, ok("4answered"));
    poller.assert_unknown().await;
}

#[actix::test]
async fn s10_a_poll_that_is_held_hears_of_a_fault_as_of_an_unknown_sid() {
    let server = Server::single();
    for (path, fault) in [(ENGINE, "abc"), (ENGINE, "2"), (ENGINE, ""), (SOCKET, "4abc"), (SOCKET, "42[\"early\"]")] {
        let poller = server.poller(path).await;
        let mut held = poller.held().await;
        assert_eq!(poller.post(fault).await.0, StatusCode::BAD_REQUEST);
        assert_eq!(held.answer().await, unknown_sid(), "{fault}");
        poller.assert_unknown().await;
    }
}

#[actix::test]
async fn s9_a_second_poll_is_refused_and_the_first_hears_the_close() {
    let server = Server::single();
    let poller = server.poller(ENGINE).await;
    let mut held = poller.held().await;
    assert_eq!(poller.get().await.0, StatusCode::BAD_REQUEST);
    assert_eq!(held.answer().await, ok("1"));
    poller.assert_unknown().await;
}

/// Requests of a POST that are cut off, as a client that goes away leaves them.
fn torn_posts(poller: &Poller) -> Vec<String> {
    let head = format!("POST {} HTTP/1.1\r\nHost: x\r\n", &poller.url[poller.url.find(ENGINE).unwrap()..]);
    let bodies =
        ["Content-Length: 9\r\n\r\n", "Content-Length: 9\r\n\r\n4h", "Transfer-Encoding: chunked\r\n\r\n2\r\n4h\r\n"];
    bodies.iter().map(|body| format!("{head}{body}")).collect()
}

#[actix::test]
async fn s9_a_post_that_the_client_aborts_ends_its_session_as_if_it_were_unknown() {
    let server = Server::single();
    for which in 0..3 {
        for reset in [false, true] {
            let poller = server.poller(ENGINE).await;
            let mut held = poller.held().await;
            let tcp = server.raw(&torn_posts(&poller)[which]).await;
            abort(tcp, reset);
            assert_eq!(held.answer().await, unknown_sid());
            poller.assert_unknown().await;
            assert_eq!(server.socket_server.live(), 0);
        }
    }
}

/// Ends a TCP connection, in order or not.
fn abort(tcp: TcpStream, reset: bool) {
    if reset {
        tcp.set_zero_linger().unwrap();
    }
}

#[actix::test]
async fn s9_a_get_that_the_client_aborts_ends_its_session_as_if_it_were_unknown() {
    let server = Server::single();
    for reset in [false, true] {
        let poller = server.poller(ENGINE).await;
        abort(poller.held().await.into_tcp(), reset);
        server.until_live(0).await;
        poller.assert_unknown().await;
    }
    assert_eq!(server.socket_server.stats().ended(Reason::TransportClose), 2);
}

#[actix::test]
async fn s12_what_was_answered_before_a_goodbye_is_not_lost() {
    let server = Server::single();
    for (path, before, answer) in
        [(ENGINE, "4a\x1e4b", "4a\x1e4b"), (SOCKET, "42[\"message\",1]", "42[\"message-back\",1]")]
    {
        let join = async || {
            let poller = server.poller(path).await;
            if path == SOCKET {
                poller.say("40").await;
                assert_eq!(poller.packets().await.len(), 2);
            }
            poller
        };
        let poller = join().await;
        let mut held = poller.held().await;
        poller.say(&format!("{before}\x1e1\x1e4too late")).await;
        assert_eq!(held.answer().await, ok(answer), "to the poll that is held");
        assert_eq!(server.socket_server.live(), 0);
        assert_eq!(poller.get().await, ok("6"), "another may be on its way");
        poller.assert_unknown().await;

        let poller = join().await;
        poller.say(&format!("{before}\x1e1")).await;
        assert_eq!(poller.get().await, ok(answer), "to the poll that was overtaken");
        poller.assert_unknown().await;
    }
    assert_eq!(server.socket_server.stats().ended(Reason::TransportClose), 4);
}

#[actix::test]
async fn s12_much_that_was_answered_is_not_kept_for_those_who_said_goodbye() {
    let server = Server::single();
    let poller = server.poller(ENGINE).await;
    poller.say(&format!("4a\x1e4{}\x1e4b\x1e1", "x".repeat(100_000))).await;
    assert_eq!(server.socket_server.waiting().bytes, 0);
    assert_eq!(poller.get().await, ok("4a"));
    poller.assert_unknown().await;
}

#[actix::test]
async fn s12_a_goodbye_by_polling_holds_up_no_stop() {
    let server = Server::calm();
    let (poller, torn) = (server.poller(ENGINE).await, server.poller(ENGINE).await);
    poller.say("1").await;
    torn.say("4answered").await;
    assert_eq!(torn.post("abc").await.0, StatusCode::BAD_REQUEST);
    let stop = actix_rt::time::timeout(Duration::from_secs(1), server.stop());
    stop.await.expect("nobody is left to wait for");
}

#[actix::test]
async fn s12_a_close_by_the_server_is_an_unknown_sid_for_those_who_poll() {
    let server = Server::on(1, Options { connect_timeout: Duration::from_millis(100), ..calm() }, Arc::new(Overworked));
    let (poller, late) = (server.poller(SOCKET).await, server.poller(SOCKET).await);
    let mut held = poller.held().await;
    assert_eq!(held.answer().await, unknown_sid());
    server.until_live(0).await;
    late.assert_unknown().await;
    assert_eq!(server.socket_server.stats().ended(Reason::ConnectTimeout), 2);

    let poller = server.poller(SOCKET).await;
    let mut held = poller.held().await;
    poller.post("40").await;
    assert_eq!(held.answer().await, unknown_sid());
    assert_eq!(server.socket_server.stats().ended(Reason::Unavailable), 1);
}

/// Cannot tell now.
struct Overworked;

impl Application for Overworked {
    fn connect(&self, _: Connect) -> LocalBoxFuture<'static, Admission> {
        ready(Admission::Later).boxed_local()
    }
}

#[actix::test]
async fn s20_the_close_code_tells_whether_to_come_back() {
    let server = Server::calm();
    for fault in ["7", "", "2", "abc", "b###"] {
        let mut socket = server.websocket(ENGINE).await;
        socket.send(fault).await;
        assert_eq!(socket.closed().await, Some(1002), "{fault}");
    }
    let mut socket = server.joined().await;
    socket.send("4abc").await;
    assert_eq!(socket.closed().await, Some(1002));
    let busy = Server::of(calm(), Arc::new(Overworked));
    let mut socket = busy.websocket(SOCKET).await;
    socket.send("40").await;
    assert_eq!(socket.closed().await, Some(1011));
    let server = Server::start();
    let mut socket = server.websocket(ENGINE).await;
    let end = soon(async {
        loop {
            match futures_util::StreamExt::next(&mut socket.0).await {
                Some(Ok(tokio_tungstenite::tungstenite::Message::Close(frame))) => return frame,
                Some(Ok(_)) => {}
                other => panic!("{other:?} instead of a close frame"),
            }
        }
    });
    assert_eq!(end.await.map(|frame| u16::from(frame.code)), Some(1001), "no pong came");
}

#[actix::test]
async fn s13_a_poll_that_is_held_hears_of_a_missing_pong_as_of_an_unknown_sid() {
    let server = Server::on(1, crate::echo::options(), Arc::new(crate::echo::Echo));
    let poller = server.poller(ENGINE).await;
    assert_eq!(poller.packets().await, ["2"]);
    let mut held = poller.held().await;
    assert_eq!(held.answer().await, unknown_sid());
    assert_eq!(server.socket_server.stats().ended(Reason::PingTimeout), 1);
}
