//! Joining, leaving, and what must wait its turn.
use std::time::Instant;

use greenroom::protocol::{
    Fault, Verdict,
    socketio::{Command, Namespaces, Taken},
};

use crate::support::{asked, event_name, joined, secs, take};

#[test]
fn s23_only_joining_stops_the_connect_timeout() {
    let now = Instant::now();
    let mut namespaces = Namespaces::new(secs(45), now);
    assert_eq!(namespaces.deadline(), Some(now + secs(45)));
    let refused = asked(&mut namespaces, "0/nowhere");
    namespaces.remove(refused);
    assert_eq!(namespaces.deadline(), Some(now + secs(45)));
    let seat = asked(&mut namespaces, "0");
    namespaces.admit(seat);
    assert_eq!(namespaces.deadline(), None);
}

#[test]
fn s23_packets_that_follow_connect_are_kept_and_handled_after_it_in_order() {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let seat = asked(&mut namespaces, "0");
    for packet in [r#"2["one"]"#, r#"2["two"]"#, "1"] {
        assert_eq!(take(&mut namespaces, packet), Ok(Taken::Kept));
    }
    namespaces.admit(seat);
    assert_eq!(event_name(&namespaces.resume(seat).unwrap()), "one");
    assert_eq!(event_name(&namespaces.resume(seat).unwrap()), "two");
    assert_eq!(namespaces.resume(seat), Some(Command::Leave(seat)));
    assert_eq!(namespaces.name(seat), None);
}

#[test]
fn s24_a_second_connect_is_a_fault_once_the_first_is_granted() {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let seat = asked(&mut namespaces, "0");
    assert_eq!(take(&mut namespaces, "0"), Err(Fault::Impatient));
    assert_eq!(Fault::Impatient.verdict(), Verdict::Ignore);
    namespaces.admit(seat);
    assert_eq!(take(&mut namespaces, "0"), Err(Fault::SecondConnect));
}

#[test]
fn s24_events_wait_behind_one_that_takes_its_time_and_answers_do_not() {
    let (mut namespaces, seat) = joined();
    namespaces.hold(seat);
    assert_eq!(take(&mut namespaces, r#"2["later"]"#), Ok(Taken::Kept));
    assert!(matches!(take(&mut namespaces, "30[]"), Ok(Taken::Now(Command::Ack(..)))));
    let other = asked(&mut namespaces, "0/other");
    assert_eq!(namespaces.resume(other), None);
    assert!(matches!(take(&mut namespaces, r#"2/other,["now"]"#), Ok(Taken::Now(_))), "other namespaces go on");
    assert_eq!(event_name(&namespaces.resume(seat).unwrap()), "later");
    assert_eq!(namespaces.resume(seat), None);
}

#[test]
fn s24_connect_after_disconnect_works_and_is_another_stay() {
    let (mut namespaces, first) = joined();
    assert_eq!(take(&mut namespaces, "1"), Ok(Taken::Now(Command::Leave(first))));
    assert_ne!(asked(&mut namespaces, "0"), first);
}

#[test]
fn s26_what_was_kept_for_a_dismissed_client_is_counted_and_dropped() {
    let (mut namespaces, seat) = joined();
    namespaces.hold(seat);
    take(&mut namespaces, r#"2["one"]"#).unwrap();
    take(&mut namespaces, r#"2["two"]"#).unwrap();
    assert_eq!(namespaces.remove(seat), 2);
    assert_eq!(namespaces.resume(seat), None);
}
