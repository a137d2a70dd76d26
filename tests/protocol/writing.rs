//! Packets for clients, as literal frames.
use bytes::Bytes;
use greenroom::{
    protocol::socketio::{AckId, Outgoing, connected, disconnected, refused, write},
    socket::{MAIN, Packet},
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

#[test]
fn s22_the_main_namespace_is_never_written() {
    assert_eq!(Packet::event(MAIN, "user-id", &json!({"userId": "7"})).text(), r#"42["user-id",{"userId":"7"}]"#);
    assert_eq!(Packet::event("/custom", "n", &1).text(), r#"42/custom,["n",1]"#);
}

#[test]
fn s23_replies_to_connect() {
    assert_eq!(connected("/", "abc"), r#"40{"sid":"abc"}"#);
    assert_eq!(connected("/custom", "abc"), r#"40/custom,{"sid":"abc"}"#);
    assert_eq!(refused("/random", "Invalid namespace"), r#"44/random,{"message":"Invalid namespace"}"#);
    assert_eq!((&*disconnected("/"), &*disconnected("/custom")), ("41", "41/custom,"));
}

#[test]
fn s25_answers_keep_the_id_and_become_binary_with_attachments() {
    assert_eq!(Packet::ack(MAIN, AckId(3), &json!({"Ok": true})).text(), r#"433[{"Ok":true}]"#);
    let bytes = [Bytes::from_static(b"x")];
    let packet = Packet::raw_ack(MAIN, AckId(3), r#"[{"_placeholder":true,"num":0}]"#, &bytes);
    assert_eq!(packet.text(), r#"461-3[{"_placeholder":true,"num":0}]"#);
    assert_eq!(packet.attachments(), bytes);
}

#[test]
fn s24_one_placeholder_used_twice_goes_out_as_two() {
    let args =
        r#"["n",{"num":1,"_placeholder":true},[{"_placeholder" : true, "num":1}],{"_placeholder":true,"num":0}]"#;
    let attachments = [Bytes::from_static(b"a"), Bytes::from_static(b"b")];
    let (text, used) = write(Outgoing::Event(None), "/", args, &attachments).unwrap();
    let expected = concat!(
        r#"453-["n",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}],"#,
        r#"{"_placeholder":true,"num":2}]"#
    );
    assert_eq!(text, expected);
    assert_eq!(used, [&b"b"[..], b"b", b"a"]);
}

#[test]
fn s24_a_placeholder_inside_a_placeholder_goes_with_it() {
    let args = r#"["n",{"_placeholder":true,"num":0,"x":{"_placeholder":true,"num":0}}]"#;
    let (text, used) = write(Outgoing::Event(None), "/", args, &[Bytes::from_static(b"a")]).unwrap();
    assert_eq!((&*text, used.len()), (r#"451-["n",{"_placeholder":true,"num":0}]"#, 1));
}

#[test]
fn s27_clones_of_a_packet_share_its_bytes() {
    let packet = Packet::event(MAIN, "n", &"x".repeat(1000));
    assert_eq!(packet.clone().text().as_ptr(), packet.text().as_ptr());
}

/// Any JSON value of a few levels.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        let object = vec((text(), inner.clone()), 0..5).prop_map(|fields| fields.into_iter().collect::<Value>());
        prop_oneof![vec(inner, 0..5).prop_map(Value::from), object]
    })
}

/// Text with all that JSON escapes, at lengths around those that are looked at in one go.
fn text() -> impl Strategy<Value = String> {
    let any_char =
        prop_oneof![any::<char>(), (0..0x80u8).prop_map(char::from), Just('"'), Just('\\'), Just('\u{2028}')];
    vec(any_char, 0..70).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn a_packet_says_what_it_was_given(value in value()) {
        let packet = Packet::event(MAIN, "n", &value);
        let array = packet.text().strip_prefix("42").expect("an event");
        prop_assert_eq!(serde_json::from_str::<Value>(array).expect("JSON"), json!(["n", value]));
    }
}
