//! What the counters and the log tell of the end of a connection.
use std::sync::Arc;

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, ready},
};
use greenroom::socket::{Admission, Application, Client, Connect, Event, Options, Port, Reason};
use log::Level;
use tokio::io::AsyncWriteExt;

use crate::{
    log::{keep, told},
    support::{Server, calm, handshake, read_all},
};

/// Lets in whom it is asked to, by the name that it has, and does what it is told.
struct Obedient(&'static str);

impl Application for Obedient {
    fn connect(&self, Connect { auth, port, .. }: Connect) -> LocalBoxFuture<'static, Admission> {
        let admission = match auth.as_deref() {
            Some(r#"{"to":"wait"}"#) => Admission::Later,
            Some(r#"{"to":"stay out"}"#) => Admission::Dismissed { packets: vec![] },
            Some(r#"{"to":"fail"}"#) => Admission::Refused { message: "no".into() },
            _ => Admission::Accepted { client: Box::new(Known(self.0, port)), opening: vec![] },
        };
        ready(admission).boxed_local()
    }
}

struct Known(&'static str, Port);

impl Client for Known {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        match event.name() {
            "close" => self.1.close(),
            "leave" => self.1.disconnect(),
            "make room" => self.1.give_up(),
            other => panic!("nobody knows {other}"),
        }
        None
    }

    fn user(&self) -> Option<String> {
        Some(self.0.into())
    }
}

#[actix::test]
async fn each_end_is_counted_for_what_it_was_and_told_in_one_line_that_says_whose_it_was() {
    keep();
    let server = Server::of(calm(), Arc::new(Obedient("ann")));
    let ends = [
        ("", Reason::TransportClose),
        ("close", Reason::Forced),
        ("leave", Reason::Dismissed),
        ("make room", Reason::Superseded),
        ("panic", Reason::Panic),
    ];
    for (number, (event, reason)) in (1..).zip(ends) {
        let mut socket = server.websocket("/socket.io/").await;
        socket.send("40").await;
        assert!(socket.text().await.starts_with("40{"));
        if !event.is_empty() {
            socket.send(&format!(r#"42["{event}"]"#)).await;
        }
        if event == "leave" {
            assert_eq!(socket.text().await, "41");
        }
        if event.is_empty() || event == "leave" {
            socket.0.close(None).await.unwrap();
        }
        socket.closed().await;
        server.until_live(0).await;
        assert_eq!(server.socket_server.stats().ended(reason), 1, "{reason}");
        let who = format!("connection ended: {reason} (connection {number} of user ann from 127.0.0.1, by websocket, ");
        let lines = told(&format!("(connection {number} of user ann "));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].0 == Level::Info && lines[0].1.starts_with(&who), "{lines:?}");
    }
}

#[actix::test]
async fn whoever_was_not_let_in_is_counted_as_such_unless_it_comes_in_after_all() {
    let server = Server::of(calm(), Arc::new(Obedient("bob")));
    let mut socket = server.websocket("/socket.io/").await;
    socket.send(r#"40{"to":"wait"}"#).await;
    socket.closed().await;
    server.until_live(0).await;
    assert_eq!(server.socket_server.stats().ended(Reason::Unavailable), 1);
    for (auth, replies) in [(r#"{"to":"stay out"}"#, 2), (r#"{"to":"fail"}"#, 1)] {
        for comes_in in [false, true] {
            let mut socket = server.websocket("/socket.io/").await;
            socket.send(&format!("40{auth}")).await;
            for _ in 0..replies {
                assert!(socket.text().await.starts_with('4'));
            }
            if comes_in {
                socket.send("40").await;
                assert!(socket.text().await.starts_with("40{"));
            }
            socket.0.close(None).await.unwrap();
            socket.closed().await;
            server.until_live(0).await;
        }
    }
    let stats = server.socket_server.stats();
    assert_eq!((stats.ended(Reason::NotAdmitted), stats.ended(Reason::TransportClose)), (2, 2));
}

#[actix::test]
async fn strangers_write_nothing_into_the_log_as_it_usually_is_and_their_addresses_are_masked() {
    keep();
    let trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    let server = Server::with(Options { trusted_proxies, ..calm() });
    let forwarded = "X-Forwarded-For: 2001:db8:feed:2:3:4:5:6\r\n";
    let mut tcp = server.raw(&handshake(server.port, "EIO=4&transport=websocket", forwarded)).await;
    // A close frame.
    tcp.write_all(b"\x88\x80\0\0\0\0").await.unwrap();
    read_all(tcp).await;
    server.until_live(0).await;
    let lines = told("2001:db8:feed:2:");
    let [(Level::Debug, line)] = &lines[..] else { panic!("{lines:?}") };
    let who = "connection ended: transport close (connection 1 from 2001:db8:feed:2::, by websocket, after ";
    assert!(line.starts_with(who), "{line}");
}
