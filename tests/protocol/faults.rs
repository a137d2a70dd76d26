//! What closes a connection, fault by fault.
use bytes::Bytes;
use greenroom::protocol::{Fault, Reason, Verdict, socketio::Assembler};

use crate::support::{bytestring, joined, parse, parse_binary, take};

fn closes(fault: Fault) -> bool {
    fault.verdict() == Verdict::Close(Reason::ParseError)
}

#[test]
fn s23_a_connect_payload_is_absent_or_an_object() {
    for wrong in ["0null", "0[]", r#"0"x""#, "0true", "0/a,null"] {
        assert!(parse(wrong).is_err_and(closes), "{wrong}");
    }
    assert!(parse(r#"0{"token":"x"}"#).is_ok());
}

#[test]
fn s24_the_form_of_a_packet() {
    let deep = format!("2[\"n\",{}{}]", "[".repeat(64), "]".repeat(64));
    let cases = [
        ("", Fault::UnknownType),
        ("7", Fault::UnknownType),
        ("x", Fault::UnknownType),
        (r#"4{"message":"x"}"#, Fault::ClientError),
        ("2[]", Fault::BadEvent),
        ("2{}", Fault::BadEvent),
        (r#"2"x""#, Fault::BadEvent),
        (r#"2["n""#, Fault::BadJson),
        (r#"2["n"]x"#, Fault::BadJson),
        (r#"2["n"][]"#, Fault::BadJson),
        ("2[nul]", Fault::BadJson),
        ("2[null]", Fault::BadName),
        ("2[{}]", Fault::BadName),
        ("2[true]", Fault::BadName),
        ("2[[\"n\"]]", Fault::BadName),
        ("31{}", Fault::BadAck),
        ("31null", Fault::BadAck),
        ("1[]", Fault::BadDisconnect),
        ("1/a,{}", Fault::BadDisconnect),
        ("299999999999999999999[\"n\"]", Fault::BadAckId),
        (&deep, Fault::TooDeep),
    ];
    for (text, fault) in cases {
        assert_eq!(parse(text), Err(fault), "{text}");
        assert!(closes(fault), "{text}");
    }
}

#[test]
fn s24_reserved_names() {
    for name in ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"] {
        assert_eq!(parse(&format!(r#"2["{name}"]"#)), Err(Fault::ReservedName));
    }
    assert_eq!(parse(r#"2["\u0063onnect"]"#), Err(Fault::ReservedName));
    assert!(closes(Fault::ReservedName));
}

#[test]
fn s24_depth_is_bounded_without_recursion() {
    let nested = |depth: usize| format!("2[\"n\",{}{}]", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(parse(&nested(64)).is_ok());
    for depth in [65, 5_000, 1_000_000] {
        assert_eq!(parse(&nested(depth)), Err(Fault::TooDeep));
    }
    assert!(parse(r#"2["n","[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["]"#).is_ok());
}

#[test]
fn s24_text_and_attachments_must_fit() {
    let mut assembler = Assembler::default();
    assert_eq!(assembler.binary(Bytes::from_static(b"x")), Err(Fault::UnexpectedBinary));
    let announced = bytestring(r#"51-["n",{"_placeholder":true,"num":0}]"#);
    assert_eq!(assembler.text(&announced), Ok(None));
    assert_eq!(assembler.text(&bytestring(r#"2["n"]"#)), Err(Fault::TextAmidBinary));
    for wrong in ["50-[\"n\"]", "511-[\"n\"]", "5[\"n\"]", "5-[\"n\"]", "5+1-[\"n\"]", "6x-1[\"n\"]"] {
        assert_eq!(parse(wrong), Err(Fault::AttachmentCount), "{wrong}");
    }
    for num in ["1", "-1", "\"0\"", "0.5", "null"] {
        let text = format!(r#"51-["n",{{"_placeholder":true,"num":{num}}}]"#);
        assert_eq!(parse_binary(&text, &[b"x"]), Err(Fault::PlaceholderRange), "{num}");
    }
    assert_eq!(parse_binary(r#"51-["n",{"_placeholder":true}]"#, &[b"x"]), Err(Fault::PlaceholderRange));
    for fault in [Fault::UnexpectedBinary, Fault::TextAmidBinary, Fault::AttachmentCount, Fault::PlaceholderRange] {
        assert!(closes(fault));
    }
}

#[test]
fn s24_the_order_of_packets() {
    let (mut namespaces, _) = joined();
    assert_eq!(take(&mut namespaces, "0"), Err(Fault::SecondConnect));
    assert_eq!(take(&mut namespaces, r#"2/a,["n"]"#), Err(Fault::NotJoined));
    assert_eq!(take(&mut namespaces, "1/a"), Err(Fault::NotJoined));
    assert_eq!(take(&mut namespaces, "3/a,1[]"), Err(Fault::NotJoined));
    assert!(take(&mut namespaces, "1").is_ok());
    assert_eq!(take(&mut namespaces, r#"2["n"]"#), Err(Fault::NotJoined), "an event after DISCONNECT");
    assert!(closes(Fault::SecondConnect) && closes(Fault::NotJoined));
}
