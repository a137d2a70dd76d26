//! The checks before a connection is touched.
use std::{collections::HashSet, time::Duration};

use greenroom::protocol::engine::{Attempt, Frame, Method, Refusal, Sid, Transport, check_live, check_new, opening};

fn attempt(query: &[(&str, &str)]) -> Attempt {
    let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Attempt::of(&pairs.join("&"))
}

const POLLING: [(&str, &str); 2] = [("EIO", "4"), ("transport", "polling")];

#[test]
fn s1_version_and_transport_are_mandatory() {
    assert_eq!(check_new(&attempt(&POLLING), Method::Get, false), Ok(Transport::Polling));
    let missing = attempt(&[("EIO", "4")]);
    assert_eq!(check_new(&missing, Method::Get, false), Err(Refusal::UnknownTransport));
    let unknown = attempt(&[("EIO", "4"), ("transport", "pigeon")]);
    assert_eq!(check_new(&unknown, Method::Get, false), Err(Refusal::UnknownTransport));
    let old = attempt(&[("EIO", "3"), ("transport", "polling")]);
    assert_eq!(check_new(&old, Method::Get, false), Err(Refusal::BadVersion));
    assert_eq!(check_live(&old, Method::Get, false), Err(Refusal::BadVersion));
    let none = attempt(&[("transport", "polling")]);
    assert_eq!(check_new(&none, Method::Get, false), Err(Refusal::BadVersion));
}

#[test]
fn s2_the_first_failing_check_speaks() {
    assert_eq!(check_new(&attempt(&[]), Method::Post, false), Err(Refusal::UnknownTransport));
    let old = attempt(&[("EIO", "3"), ("transport", "polling")]);
    assert_eq!(check_new(&old, Method::Post, false), Err(Refusal::BadMethod));
    let websocket = attempt(&[("EIO", "3"), ("transport", "websocket")]);
    assert_eq!(check_new(&websocket, Method::Get, false), Err(Refusal::BadRequest));
    assert_eq!(check_new(&websocket, Method::Get, true), Err(Refusal::BadVersion));
}

#[test]
fn s2_errors_carry_code_and_message() {
    assert_eq!(Refusal::UnknownTransport.body(), r#"{"code":0,"message":"Transport unknown"}"#);
    assert_eq!(Refusal::UnknownSid.body(), r#"{"code":1,"message":"Session ID unknown"}"#);
    assert_eq!(Refusal::BadMethod.body(), r#"{"code":2,"message":"Bad handshake method"}"#);
    assert_eq!(Refusal::BadRequest.body(), r#"{"code":3,"message":"Bad request"}"#);
    assert_eq!(Refusal::Forbidden.body(), r#"{"code":4,"message":"Forbidden"}"#);
    assert_eq!(Refusal::BadVersion.body(), r#"{"code":5,"message":"Unsupported protocol version"}"#);
    assert_eq!((Refusal::Forbidden.status(), Refusal::UnknownSid.status()), (403, 400));
}

#[test]
fn s4_the_open_packet_offers_the_upgrade_to_polling_only() {
    let sid = Sid::random();
    let open = |transport| opening(sid, transport, Duration::from_secs(25), Duration::from_secs(20), 131_072);
    let rest = r#""pingInterval":25000,"pingTimeout":20000,"maxPayload":131072}"#;
    let polling = format!(r#"0{{"sid":"{sid}","upgrades":["websocket"],{rest}"#);
    assert_eq!(open(Transport::Polling), Frame::Text(polling.into()));
    let websocket = format!(r#"0{{"sid":"{sid}","upgrades":[],{rest}"#);
    assert_eq!(open(Transport::WebSocket), Frame::Text(websocket.into()));
}

#[test]
fn s4_a_sid_is_random_and_says_nothing_in_logs() {
    let sids: HashSet<String> = (0..1000).map(|_| Sid::random().to_string()).collect();
    assert_eq!(sids.len(), 1000);
    let sid = Sid::random();
    assert_eq!(sid.to_string().parse(), Ok(sid));
    assert_eq!(format!("{sid:?}"), "Sid(..)");
    for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAA/"] {
        assert_eq!(wrong.parse::<Sid>(), Err(()), "{wrong}");
    }
}
