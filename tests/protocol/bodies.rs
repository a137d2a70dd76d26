//! Bodies of long-polling.
use bytes::Bytes;
use greenroom::protocol::{
    Fault,
    engine::{Frame, Packet, join, split},
};

use crate::support::{bytestring, text};

#[test]
fn s8_packets_are_joined_by_0x1e_and_binary_is_base64() {
    let frames = [text("4hello"), Frame::Binary(Bytes::from_static(&[1, 2, 3, 4])), text("2")];
    assert_eq!(join(&frames), "4hello\x1ebAQIDBA==\x1e2");
}

#[test]
fn s8_a_body_is_read_packet_by_packet() {
    let body = bytestring("4hello\x1ebAQIDBA==\x1e4é€😀");
    let packets: Vec<_> = split(&body).map(Result::unwrap).collect();
    let binary = Packet::Binary(Bytes::from_static(&[1, 2, 3, 4]));
    assert_eq!(packets, [Packet::Message("hello".into()), binary, Packet::Message("é€😀".into())]);
}

#[test]
fn s8_base64_may_come_without_padding() {
    assert_eq!(split(&bytestring("bAQIDBA")).next(), Some(Ok(Packet::Binary(Bytes::from_static(&[1, 2, 3, 4])))));
}

#[test]
fn s8_base64_may_have_white_space_anywhere() {
    let line = "QUJD".repeat(19);
    for text in [format!("b{line}\n{line}\r\nQQ==\n"), format!("b {line}\t{line}\x0b\x0cQ\n Q")] {
        let whole = "ABC".repeat(38) + "A";
        assert_eq!(split(&bytestring(&text)).next(), Some(Ok(Packet::Binary(whole.into()))), "{text:?}");
    }
    assert_eq!(split(&bytestring("b\n")).next(), Some(Ok(Packet::Binary(Bytes::new()))));
}

#[test]
fn s8_base64_is_read_whatever_carries_it() {
    assert_eq!(Packet::decode(text("bAQID\nBA")), Ok(Packet::Binary(Bytes::from_static(&[1, 2, 3, 4]))));
    assert_eq!(Packet::decode(text("b#")), Err(Fault::BadBase64));
}

#[test]
fn s10_what_cannot_be_decoded_is_a_fault() {
    assert_eq!(split(&bytestring("")).next(), Some(Err(Fault::EmptyText)));
    assert_eq!(split(&bytestring("b###")).next(), Some(Err(Fault::BadBase64)));
    assert_eq!(split(&bytestring("abc")).next(), Some(Err(Fault::UnknownPacket)));
    assert_eq!(split(&bytestring("4a\x1e")).nth(1), Some(Err(Fault::EmptyText)));
}
