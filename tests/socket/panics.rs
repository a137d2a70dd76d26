//! What the log tells of a panic: one line, with the connection and what it was about.
use std::sync::Arc;

use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, ready},
};
use greenroom::socket::{Admission, Application, Client, Connect, Endpoint, Event, Reason};

use crate::{
    log,
    support::{Server, calm},
};

/// Lets everybody in, and panics at every event, at once or later.
struct Hasty;

impl Application for Hasty {
    fn connect(&self, _: Connect) -> LocalBoxFuture<'static, Admission> {
        ready(Admission::Accepted { client: Box::new(Hasty), opening: vec![] }).boxed_local()
    }
}

impl Client for Hasty {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        assert_eq!(event.name(), "later", "not this one");
        Some(async { panic!("this one neither") }.boxed_local())
    }
}

#[actix::test]
async fn a_panic_over_an_event_is_one_line_with_its_name_and_the_connection() {
    log::keep();
    let server = Server::of(calm(), Arc::new(Hasty));
    for (event, reason) in [("now", "not this one"), ("later", "this one neither")] {
        let mut socket = server.websocket("/socket.io/").await;
        socket.send("40").await;
        let opening = socket.text().await;
        let opening: serde_json::Value = serde_json::from_str(opening.strip_prefix("40").unwrap()).unwrap();
        socket.send(&format!(r#"42["{event}"]"#)).await;
        assert_eq!(socket.closed().await, Some(1011));

        let told = log::errors(opening["sid"].as_str().unwrap());
        let [line] = &told[..] else { panic!("{told:?}") };
        let told = line.strip_prefix("a panic in connection ").unwrap_or_else(|| panic!("{line}"));
        let (number, told) = told.split_once(" from 127.0.0.1 at ").unwrap_or_else(|| panic!("{line}"));
        assert!(
            number.parse::<u64>().is_ok() && told.starts_with(&format!("{event}: ")) && told.contains(reason),
            "{line}"
        );
    }
}

#[actix::test]
async fn a_panic_of_a_session_itself_ends_that_session_and_is_told() {
    log::keep();
    let endpoint = Endpoint::engine_io("/engine.io", |_| panic!("no answer to that"));
    let server = Server::at(1, calm(), vec![endpoint]);
    let other = server.websocket("/engine.io/").await;
    let mut socket = server.websocket("/engine.io/").await;
    socket.send("4hello").await;
    assert_eq!(socket.closed().await, Some(1011));
    server.until_live(1).await;
    let told = log::errors("no answer to that");
    let [line] = &told[..] else { panic!("{told:?}") };
    assert_eq!(line.split_once(": ").map(|(who, _)| who), Some("a panic ends connection 2 from 127.0.0.1"), "{line}");
    assert_eq!(server.socket_server.stats().ended(Reason::Panic), 1);
    drop(other);
}
