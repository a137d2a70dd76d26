//! The heartbeat, with a clock that the test holds.
use greenroom::protocol::{
    Fault, Reason, Verdict,
    engine::{Heard, Packet, Probe, Tick, Transport},
};

use crate::support::{connection, packet, secs, text};

#[test]
fn s13_a_ping_every_interval_counted_from_handshake_and_pong() {
    let (mut connection, start) = connection(Transport::WebSocket);
    assert_eq!(connection.tick(start + secs(24)), Tick::Nothing);
    assert_eq!(connection.deadline(), start + secs(25));
    assert_eq!(connection.tick(start + secs(25)), Tick::Ping);
    assert_eq!(connection.receive(packet("3"), start + secs(30)), Ok(Heard::Nothing));
    assert_eq!(connection.deadline(), start + secs(55), "an interval after the pong");
}

#[test]
fn s13_no_pong_in_time_is_the_end() {
    let (mut connection, start) = connection(Transport::Polling);
    assert_eq!(connection.tick(start + secs(25)), Tick::Ping);
    assert_eq!(connection.tick(start + secs(44)), Tick::Nothing);
    assert_eq!(connection.tick(start + secs(45)), Tick::Dead);
}

#[test]
fn s13_a_timer_that_rings_late_gives_little_time_and_takes_little() {
    for (late, dead) in [(1, 45), (10, 45), (15, 50)] {
        let (mut connection, start) = connection(Transport::WebSocket);
        assert_eq!(connection.tick(start + secs(25 + late)), Tick::Ping);
        assert_eq!(connection.deadline(), start + secs(dead), "{late} seconds late");
    }
}

#[test]
fn s14_a_ping_from_the_client_closes_and_strays_are_ignored() {
    let (mut connection, now) = connection(Transport::WebSocket);
    assert_eq!(connection.receive(packet("2"), now), Err(Fault::ClientPing));
    assert_eq!(Fault::ClientPing.verdict(), Verdict::Close(Reason::TransportError));
    assert_eq!(connection.receive(packet("3"), now), Ok(Heard::Nothing));
    assert_eq!(connection.deadline(), now + secs(25), "a pong that nothing asked for changes nothing");
    for stray in ["6", "0", "5"] {
        assert_eq!(connection.receive(packet(stray), now), Err(Fault::Stray));
    }
    assert_eq!(Fault::Stray.verdict(), Verdict::Ignore);
}

#[test]
fn s14_an_unknown_type_and_an_empty_text_close_but_an_empty_binary_is_a_message() {
    assert_eq!(Packet::decode(text("7")), Err(Fault::UnknownPacket));
    assert_eq!(Packet::decode(text("")), Err(Fault::EmptyText));
    for fault in [Fault::UnknownPacket, Fault::EmptyText] {
        assert!(matches!(fault.verdict(), Verdict::Close(_)));
    }
    let empty = Packet::decode(greenroom::protocol::engine::Frame::Binary(Default::default()));
    assert_eq!(empty, Ok(Packet::Binary(Default::default())));
}

#[test]
fn s15_a_ping_that_is_out_during_the_upgrade_still_kills() {
    let (mut connection, start) = connection(Transport::Polling);
    assert!(connection.begin_upgrade(start + secs(20)));
    assert_eq!(connection.probe(&packet("2probe"), start + secs(20)), Probe::Answer);
    assert_eq!(connection.tick(start + secs(25)), Tick::Ping);
    assert!(matches!(connection.probe(&packet("5"), start + secs(25)), Probe::Complete(_)));
    assert_eq!(connection.tick(start + secs(45)), Tick::Dead);
}
