//! The text of Socket.IO packets.
use greenroom::protocol::{
    Fault,
    socketio::{AckId, Assembled},
};

use crate::support::{parse, parse_binary};

fn event(text: &str) -> (String, String, Vec<String>, Option<AckId>) {
    match parse(text) {
        Ok(Some(Assembled::Event { namespace, event })) => {
            let args = event.raw_args().map(str::to_owned).collect();
            (namespace.to_string(), event.name().to_owned(), args, event.ack)
        }
        other => panic!("{text} came to {other:?}"),
    }
}

#[test]
fn s22_events_with_and_without_namespace_and_ack_id() {
    let args = vec!["\"foo\"".to_string()];
    assert_eq!(event(r#"2["test","foo"]"#), ("/".into(), "test".into(), args.clone(), None));
    assert_eq!(event(r#"212["test","foo"]"#), ("/".into(), "test".into(), args.clone(), Some(AckId(12))));
    assert_eq!(event(r#"2/a,["test","foo"]"#), ("/a".into(), "test".into(), args.clone(), None));
    assert_eq!(event(r#"2/a,12["test","foo"]"#), ("/a".into(), "test".into(), args, Some(AckId(12))));
}

#[test]
fn s22_a_namespace_may_end_without_the_comma() {
    let connect = |namespace: &str| Ok(Some(Assembled::Connect { namespace: namespace.into(), auth: None }));
    assert_eq!(parse("0/custom"), connect("/custom"));
    assert_eq!(parse("0/custom,"), connect("/custom"));
    assert_eq!(parse("0/custom?token=x,"), connect("/custom?token=x"));
    assert_eq!(parse("1/custom"), Ok(Some(Assembled::Disconnect { namespace: "/custom".into() })));
}

#[test]
fn s22_attachments_follow_in_order() {
    let text = r#"52-/a,7["up",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]"#;
    assert_eq!(parse_binary(text, &[b"a"]), Ok(None));
    match parse_binary(text, &[b"a", b"b"]) {
        Ok(Some(Assembled::Event { namespace, event })) => {
            assert_eq!((&*namespace, event.name(), event.ack), ("/a", "up", Some(AckId(7))));
            assert_eq!(event.attachments(), [&b"a"[..], b"b"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn s24_numbers_are_legal_names_and_bare_packets_are_ignored() {
    assert_eq!(event("2[1,2]").1, "1");
    assert_eq!(event("2[-1.5]").1, "-1.5");
    for bare in ["2", "21", "31"] {
        assert_eq!(parse(bare), Err(Fault::NoPayload), "{bare}");
    }
}

#[test]
fn s24_an_escaped_name_is_unescaped_and_half_a_surrogate_pair_is_left_alone() {
    assert_eq!(event(r#"2["\u0061b"]"#).1, "ab");
    assert_eq!(event(r#"2["\ud800"]"#).1, r"\ud800");
    assert_eq!(event(r#"2["n","\ud800"]"#).2, [r#""\ud800""#]);
}

#[test]
fn s24_a_placeholder_in_a_text_event_is_plain_data() {
    assert_eq!(event(r#"2["n",{"_placeholder":true,"num":9}]"#).2, [r#"{"_placeholder":true,"num":9}"#]);
}

#[test]
fn s25_an_answer_is_an_array() {
    match parse(r#"37[1,"two"]"#) {
        Ok(Some(Assembled::Ack { id, answer, .. })) => {
            assert_eq!(id, AckId(7));
            assert_eq!(answer.raw_args().collect::<Vec<_>>(), ["1", "\"two\""]);
        }
        other => panic!("{other:?}"),
    }
}
