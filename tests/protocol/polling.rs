//! Polls and POSTs of one connection.
use std::time::Instant;

use greenroom::protocol::{
    Fault,
    engine::{MAX_POLLED, PING, Polled, Polling, Transport},
};

use crate::support::{connection, text};

#[test]
fn s8_a_poll_is_held_until_there_is_a_packet() {
    let mut polling = Polling::default();
    let now = Instant::now();
    polling.hold_poll(now).unwrap();
    assert_eq!(polling.take(now), None);
    polling.push(text("4a"));
    assert_eq!(polling.take(now), Some(Polled::Packets(vec![text("4a")])));
    assert_eq!(polling.take(now), None, "the poll is answered");
}

#[test]
fn s8_a_poll_carries_sixteen_packets_and_the_rest_waits() {
    let mut polling = Polling::default();
    let now = Instant::now();
    (0..MAX_POLLED + 3).for_each(|n| polling.push(text(&format!("4{n}"))));
    polling.hold_poll(now).unwrap();
    assert!(matches!(polling.take(now), Some(Polled::Packets(packets)) if packets.len() == 16));
    polling.hold_poll(now).unwrap();
    assert_eq!(polling.take(now), Some(Polled::Packets(vec![text("416"), text("417"), text("418")])));
}

#[test]
fn s9_a_second_poll_or_post_is_a_fault() {
    let mut polling = Polling::default();
    let now = Instant::now();
    assert_eq!((polling.hold_poll(now), polling.hold_poll(now)), (Ok(()), Err(Fault::PollOverlap)));
    assert_eq!((polling.begin_post(), polling.begin_post()), (Ok(()), Err(Fault::PostOverlap)));
    polling.end_post();
    assert_eq!(polling.begin_post(), Ok(()));
}

#[test]
fn s13_a_ping_overtakes_what_waits() {
    let (mut connection, now) = connection(Transport::Polling);
    assert_eq!(connection.send(text("4a")), None);
    assert_eq!(connection.send(PING), None);
    let polling = connection.polling().unwrap();
    polling.hold_poll(now).unwrap();
    assert_eq!(polling.take(now), Some(Polled::Packets(vec![PING, text("4a")])));
}
