//! From polling to WebSocket.
use greenroom::protocol::engine::{Polled, Probe, Tick, Transport};

use crate::support::{connection, packet, secs, text};

#[test]
fn s16_one_websocket_at_a_time_and_none_after_the_upgrade() {
    let (mut connection, now) = connection(Transport::Polling);
    assert!(connection.begin_upgrade(now));
    assert!(!connection.begin_upgrade(now), "another is upgrading");
    connection.probe(&packet("2probe"), now);
    connection.probe(&packet("5"), now);
    assert_eq!(connection.transport(), Transport::WebSocket);
    assert!(!connection.begin_upgrade(now), "it has one");
}

#[test]
fn s17_from_the_probe_on_every_poll_soon_gets_a_noop() {
    let (mut connection, now) = connection(Transport::Polling);
    connection.polling().unwrap().hold_poll(now).unwrap();
    connection.begin_upgrade(now);
    assert_eq!(connection.polling().unwrap().take(now), None, "not before the probe");
    assert_eq!(connection.probe(&packet("2probe"), now), Probe::Answer);
    let mut at = now;
    for _ in 0..3 {
        assert_eq!(connection.polling().unwrap().take(at), None, "a 5 may be on its way");
        at = connection.deadline();
        assert_eq!(at.duration_since(now).as_millis() % 20, 0);
        assert_eq!(connection.tick(at), Tick::Nothing);
        assert_eq!(connection.polling().unwrap().take(at), Some(Polled::Noop));
        assert_eq!(connection.deadline(), now + secs(10), "nobody waits");
        connection.polling().unwrap().hold_poll(at).unwrap();
    }
    connection.send(text("4a"));
    assert_eq!(connection.polling().unwrap().take(at), Some(Polled::Packets(vec![text("4a")])), "packets do not wait");
}

#[test]
fn s18_what_waits_goes_out_by_polling_until_5_and_by_websocket_after() {
    let (mut connection, now) = connection(Transport::Polling);
    connection.begin_upgrade(now);
    connection.probe(&packet("2probe"), now);
    assert_eq!(connection.send(text("4a")), None);
    connection.polling().unwrap().hold_poll(now).unwrap();
    assert_eq!(connection.polling().unwrap().take(now), Some(Polled::Packets(vec![text("4a")])));
    connection.send(text("4b"));
    connection.send(text("4c"));
    assert_eq!(connection.probe(&packet("5"), now), Probe::Complete([text("4b"), text("4c")].into()));
    assert_eq!(connection.send(text("4d")), Some(text("4d")));
    assert!(connection.polling().is_none());
}

#[test]
fn s19_only_the_websocket_dies_of_a_wrong_probe() {
    for wrong in ["5", "4hi", "2", "2prob", "1"] {
        let (mut connection, now) = connection(Transport::Polling);
        connection.begin_upgrade(now);
        assert_eq!(connection.probe(&packet(wrong), now), Probe::Refuse, "{wrong}");
        assert_eq!(connection.transport(), Transport::Polling);
        assert!(connection.begin_upgrade(now), "another may try");
    }
    let (mut connection, now) = connection(Transport::Polling);
    connection.begin_upgrade(now);
    connection.probe(&packet("2probe"), now);
    assert_eq!(connection.probe(&packet("2probe"), now), Probe::Refuse, "anything but 5 after the probe");
}

#[test]
fn s19_an_upgrade_that_takes_too_long_is_given_up() {
    let (mut connection, now) = connection(Transport::Polling);
    connection.begin_upgrade(now);
    assert_eq!(connection.deadline(), now + secs(10));
    assert_eq!(connection.tick(now + secs(10)), Tick::ProbeExpired);
    assert_eq!(connection.tick(now + secs(10)), Tick::Nothing);
}
