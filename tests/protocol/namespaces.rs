//! Joining, leaving, and what must wait its turn.
use std::time::Instant;

use greenroom::protocol::{
    Fault,
    socketio::{Command, Namespaces, Taken},
};

use crate::support::{asked, event_name, joined, resumed, secs, take};

#[test]
fn s23_only_joining_stops_the_connect_timeout() {
    let now = Instant::now();
    let mut namespaces = Namespaces::new(secs(45), now);
    assert_eq!(namespaces.deadline(), Some(now + secs(45)));
    let refused = asked(&mut namespaces, "0/nowhere");
    namespaces.remove(refused);
    assert_eq!(namespaces.deadline(), Some(now + secs(45)));
    let stay = asked(&mut namespaces, "0");
    namespaces.admit(stay);
    assert_eq!(namespaces.deadline(), None);
}

#[test]
fn s23_packets_that_follow_connect_are_kept_and_handled_after_it_in_order() {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let stay = asked(&mut namespaces, "0");
    for packet in [r#"2["one"]"#, r#"2["two"]"#, "1"] {
        assert_eq!(take(&mut namespaces, packet), Ok(Taken::Kept));
    }
    namespaces.admit(stay);
    assert_eq!(event_name(&resumed(&mut namespaces, stay)), "one");
    assert_eq!(event_name(&resumed(&mut namespaces, stay)), "two");
    assert_eq!(namespaces.resume(stay), Some(Ok(Command::Leave(stay))));
    assert_eq!(namespaces.name(stay), None);
}

#[test]
fn s24_a_second_connect_is_a_fault_as_soon_as_the_first_is_granted() {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let stay = asked(&mut namespaces, "0");
    for packet in [r#"2["one"]"#, "0", r#"2["two"]"#] {
        assert_eq!(take(&mut namespaces, packet), Ok(Taken::Kept));
    }
    namespaces.admit(stay);
    assert_eq!(event_name(&resumed(&mut namespaces, stay)), "one");
    assert_eq!(namespaces.resume(stay), Some(Err(Fault::SecondConnect)));
    assert_eq!(take(&mut joined().0, "0"), Err(Fault::SecondConnect));
}

#[test]
fn s24_a_second_connect_after_a_refusal_asks_anew() {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let first = asked(&mut namespaces, "0/a");
    for packet in [r#"2/a,["lost"]"#, "0/a", r#"2/a,["kept"]"#] {
        assert_eq!(take(&mut namespaces, packet), Ok(Taken::Kept));
    }
    assert_eq!(namespaces.remove(first), 1);
    assert_eq!(namespaces.name(first), None);
    let Command::Connect(second, name, None) = resumed(&mut namespaces, first) else { panic!("no CONNECT") };
    assert_eq!(name, "/a");
    assert_ne!(first, second);
    namespaces.admit(second);
    assert_eq!(event_name(&resumed(&mut namespaces, second)), "kept");
    assert_eq!(namespaces.resume(second), None);
}

#[test]
fn s24_a_connect_waits_for_what_came_before_its_disconnect() {
    let (mut namespaces, first) = joined();
    namespaces.hold(first);
    for packet in ["1", "0", r#"2["new"]"#, "30[]", "1"] {
        assert_eq!(take(&mut namespaces, packet), Ok(Taken::Kept), "{packet}");
    }
    assert_eq!(take(&mut namespaces, r#"2["gone"]"#), Err(Fault::NotJoined));
    assert_eq!(resumed(&mut namespaces, first), Command::Leave(first));
    let Command::Connect(second, ..) = resumed(&mut namespaces, first) else { panic!("no CONNECT") };
    namespaces.admit(second);
    assert_eq!(event_name(&resumed(&mut namespaces, second)), "new");
    assert!(
        matches!(resumed(&mut namespaces, second), Command::Ack(stay, ..) if stay == second),
        "not of the first stay"
    );
    assert_eq!(resumed(&mut namespaces, second), Command::Leave(second));
    assert_eq!(namespaces.resume(second), None);
}

#[test]
fn s24_events_wait_behind_one_that_takes_its_time_and_answers_do_not() {
    let (mut namespaces, stay) = joined();
    namespaces.hold(stay);
    assert_eq!(take(&mut namespaces, r#"2["later"]"#), Ok(Taken::Kept));
    assert!(matches!(take(&mut namespaces, "30[]"), Ok(Taken::Now(Command::Ack(..)))));
    let other = asked(&mut namespaces, "0/other");
    assert_eq!(namespaces.resume(other), None);
    assert!(matches!(take(&mut namespaces, r#"2/other,["now"]"#), Ok(Taken::Now(_))), "other namespaces go on");
    assert_eq!(event_name(&resumed(&mut namespaces, stay)), "later");
    assert_eq!(namespaces.resume(stay), None);
}

#[test]
fn s24_connect_after_disconnect_works_and_is_another_stay() {
    let (mut namespaces, first) = joined();
    assert_eq!(take(&mut namespaces, "1"), Ok(Taken::Now(Command::Leave(first))));
    assert_ne!(asked(&mut namespaces, "0"), first);
}

#[test]
fn s26_what_was_kept_for_a_dismissed_client_is_counted_and_dropped() {
    let (mut namespaces, stay) = joined();
    namespaces.hold(stay);
    take(&mut namespaces, r#"2["one"]"#).unwrap();
    take(&mut namespaces, r#"2["two"]"#).unwrap();
    assert_eq!(namespaces.remove(stay), 2);
    assert_eq!(namespaces.resume(stay), None);
}
