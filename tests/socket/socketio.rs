//! Namespaces, events and answers over real connections.
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use greenroom::socket::{Options, Reason};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, calm};

#[actix::test]
async fn s22_events_come_back_with_their_arguments() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"42["message",1,"2",{"3":[true]}]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back",1,"2",{"3":[true]}]"#);
    socket.send(r#"42["message"]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back"]"#);
}

#[actix::test]
async fn s22_attachments_come_back_in_order() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#).await;
    socket.send_binary(&[1, 2]).await;
    socket.send_binary(&[3]).await;
    assert_eq!(
        socket.text().await,
        r#"452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#
    );
    assert_eq!((socket.binary().await, socket.binary().await), (vec![1, 2], vec![3]));
}

#[actix::test]
async fn s23_a_refused_namespace_leaves_the_connection_usable() {
    let server = Server::calm();
    let mut socket = server.websocket("/socket.io/").await;
    socket.send("40/random").await;
    assert_eq!(socket.text().await, r#"44/random,{"message":"Invalid namespace"}"#);
    socket.send(r#"40/custom,{"token":"x"}"#).await;
    assert!(socket.text().await.starts_with(r#"40/custom,{"sid":""#));
    assert_eq!(socket.text().await, r#"42/custom,["auth",{"token":"x"}]"#);
}

#[actix::test]
async fn s23_who_joins_nothing_in_time_must_go() {
    let server = Server::with(Options { connect_timeout: Duration::from_millis(50), ..calm() });
    let mut silent = server.websocket("/socket.io/").await;
    let mut refused = server.websocket("/socket.io/").await;
    refused.send("40/random").await;
    assert!(refused.text().await.starts_with("44/random,"));
    silent.closed().await;
    refused.closed().await;
    assert_eq!(server.socket_server.stats().ended(Reason::ConnectTimeout), 2);
}

#[actix::test]
async fn s23_packets_right_behind_connect_are_handled_after_it() {
    let server = Server::calm();
    let mut socket = server.websocket("/socket.io/").await;
    for text in ["40", r#"42["message",1]"#, r#"427["message-with-ack",2]"#] {
        socket.0.feed(Message::text(text)).await.unwrap();
    }
    socket.0.flush().await.unwrap();
    assert!(socket.text().await.starts_with("40{"));
    assert_eq!(socket.text().await, r#"42["auth",{}]"#);
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    assert_eq!(socket.text().await, "437[2]");
}

#[actix::test]
async fn s24_faults_close_and_leftovers_do_not() {
    let server = Server::calm();
    for fault in
        ["40", "42[]", "42{}", "42[\"connect\"]", "44{}", "47", "4abc", "42/x,[\"n\"]", "45[\"n\"]", "410", "4"]
    {
        let mut socket = server.joined().await;
        socket.send(fault).await;
        assert_eq!(socket.closed().await, Some(1002), "{fault}");
    }
    let mut socket = server.joined().await;
    for leftover in ["42", "437", "430[]", "42[1]", r#"42["unknown"]"#, "6", "0", "3", "5"] {
        socket.send(leftover).await;
    }
    socket.send(r#"42["message","on"]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back","on"]"#);
}

#[actix::test]
async fn s24_packets_of_one_segment_apply_in_order() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    for text in [r#"42["message",1]"#, "41", "40", r#"42["message",2]"#, "41", "42[1]"] {
        socket.0.feed(Message::text(text)).await.unwrap();
    }
    socket.0.flush().await.unwrap();
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    assert!(socket.text().await.starts_with("40{\"sid\":"));
    assert_eq!(socket.text().await, r#"42["auth",{}]"#);
    assert_eq!(socket.text().await, r#"42["message-back",2]"#);
    assert_eq!(socket.closed().await, Some(1002), "an event after DISCONNECT");
}

#[actix::test]
async fn s24_a_second_connect_in_the_same_segment_closes_after_the_first_is_answered() {
    let server = Server::single();
    let mut socket = server.websocket("/socket.io/").await;
    socket.send_all(&["40", r#"42["message",1]"#, "40", r#"42["message",2]"#]).await;
    assert!(socket.text().await.starts_with("40{\"sid\":"));
    assert_eq!(socket.text().await, r#"42["auth",{}]"#);
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    assert_eq!(socket.closed().await, Some(1002));
    let poller = server.poller("/socket.io/").await;
    let mut held = poller.held().await;
    assert_eq!(poller.post("40\x1e40").await.1, "ok", "it was read before the first was answered");
    assert!(held.answer().await.1.starts_with("40{\"sid\":"));
    poller.assert_unknown().await;
}

#[actix::test]
async fn s24_a_second_connect_to_a_namespace_that_is_refused_is_refused_too() {
    let server = Server::calm();
    let mut socket = server.websocket("/socket.io/").await;
    socket.send_all(&["40/random", "40/random", "40"]).await;
    let mut answers = vec![];
    while answers.len() < 4 {
        answers.push(socket.text().await);
    }
    answers.retain(|answer| answer == r#"44/random,{"message":"Invalid namespace"}"#);
    assert_eq!(answers.len(), 2);
    socket.send(r#"42["message","on"]"#).await;
    assert_eq!(socket.text().await, r#"42["message-back","on"]"#);
}

#[actix::test]
async fn s24_unexpected_binary_and_interrupted_attachments_close() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send_binary(&[1]).await;
    assert_eq!(socket.closed().await, Some(1002));
    let mut socket = server.joined().await;
    socket.send(r#"451-["n",{"_placeholder":true,"num":0}]"#).await;
    socket.send(r#"42["message"]"#).await;
    assert_eq!(socket.closed().await, Some(1002));
}

#[actix::test]
async fn s24_one_placeholder_twice_comes_back_as_two() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"451-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#).await;
    socket.send_binary(&[9]).await;
    assert!(socket.text().await.starts_with(r#"452-["message-back","#));
    assert_eq!((socket.binary().await, socket.binary().await), (vec![9], vec![9]));
}

#[actix::test]
async fn s25_answers_carry_the_id_and_come_once() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"42456["message-with-ack",1,"é€😀"]"#).await;
    assert_eq!(socket.text().await, r#"43456[1,"é€😀"]"#);
    socket.send(r#"451-9["message-with-ack",{"_placeholder":true,"num":0}]"#).await;
    socket.send_binary(&[5]).await;
    assert_eq!(socket.text().await, r#"461-9[{"_placeholder":true,"num":0}]"#);
    assert_eq!(socket.binary().await, [5]);
}

#[actix::test]
async fn s25_questions_end_with_an_answer_or_with_patience() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"42["ask","q"]"#).await;
    assert_eq!(socket.text().await, r#"420["ask","q"]"#);
    for answer in [r#"4399["unknown"]"#, r#"430["a",1]"#, r#"430["again"]"#] {
        socket.send(answer).await;
    }
    assert_eq!(socket.text().await, r#"42["ask-result","a",1]"#);
    socket.send(r#"42["ask"]"#).await;
    assert_eq!(socket.text().await, r#"421["ask"]"#);
    assert_eq!(socket.text().await, r#"42["ask-result","timeout"]"#);
}

#[actix::test]
async fn s26_leaving_has_no_reply_and_leaves_the_connection_open() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send("41").await;
    socket.send("40").await;
    assert!(socket.text().await.starts_with("40{\"sid\":"), "no reply to 41, and a new stay");
    assert_eq!(socket.text().await, r#"42["auth",{}]"#);
}

#[actix::test]
async fn s26_the_server_can_take_a_client_out() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.send(r#"42["kick"]"#).await;
    assert_eq!(socket.text().await, "41");
    socket.send("40").await;
    assert!(socket.text().await.starts_with("40{\"sid\":"));
}

#[actix::test]
async fn s14_a_close_of_the_client_ends_the_session() {
    let server = Server::calm();
    let mut socket = server.joined().await;
    socket.0.close(None).await.unwrap();
    socket.closed().await;
    server.until_live(0).await;
    assert_eq!(server.socket_server.stats().ended(Reason::TransportClose), 1);
}

#[actix::test]
async fn s23_the_connect_reply_may_be_set_apart_from_what_follows() {
    let pause = Duration::from_millis(100);
    let server = Server::with(Options { connect_pause: pause, ..calm() });
    let mut socket = server.websocket("/socket.io/").await;
    let start = Instant::now();
    socket.send("40").await;
    socket.send(r#"42["message",1]"#).await;
    assert!(socket.text().await.starts_with("40{"));
    assert_eq!(socket.text().await, r#"42["auth",{}]"#);
    assert!(start.elapsed() >= pause);
    assert_eq!(socket.text().await, r#"42["message-back",1]"#);
    // Another namespace of the same connection has a pause of its own.
    socket.send("40/custom").await;
    assert!(socket.text().await.starts_with("40/custom,"));
    assert_eq!(socket.text().await, r#"42/custom,["auth",{}]"#);
}
