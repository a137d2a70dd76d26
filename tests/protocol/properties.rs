//! Whatever comes in: decoders neither panic nor lose anything that encoders wrote.
use bytes::Bytes;
use greenroom::protocol::{
    engine::{Frame, Packet, join, split},
    socketio::{AckId, Assembled, Assembler, Outgoing, write},
};
use proptest::prelude::*;

use crate::support::bytestring;

/// Text that looks like the protocol often enough to get past the first check.
fn almost_packets() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,3}",
        Just("-".to_string()),
        Just("/a,".to_string()),
        Just("[\"n\",".to_string()),
        Just("{\"_placeholder\":true,\"num\":0}".to_string()),
        Just("]".to_string()),
        Just("\\u00".to_string()),
        Just("\"".to_string()),
        Just("\x1e".to_string()),
        ".{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn frames() -> impl Strategy<Value = Vec<Frame>> {
    let frame = prop_oneof![
        "[^\x1e]{0,20}".prop_map(|text| Frame::Text(format!("4{text}").into())),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| Frame::Binary(bytes.into())),
    ];
    prop::collection::vec(frame, 1..10)
}

/// JSON values, some of them placeholders for two attachments.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Into::into),
        ".{0,8}".prop_map(Into::into),
        (0..2u8).prop_map(|num| serde_json::json!({"_placeholder": true, "num": num})),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map("[a-z]{1,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn security30_a_body_comes_back_as_it_was_joined(frames in frames()) {
        let body = bytestring(&join(&frames));
        let back: Result<Vec<_>, _> = split(&body).collect();
        let expected: Result<Vec<_>, _> = frames.into_iter().map(Packet::decode).collect();
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn security30_bodies_never_panic(body in almost_packets()) {
        split(&bytestring(&body)).for_each(drop);
    }

    #[test]
    fn security30_packets_never_panic(texts in prop::collection::vec(almost_packets(), 1..4), bytes in ".{0,9}") {
        let mut assembler = Assembler::default();
        for text in texts {
            let _ = assembler.text(&bytestring(&text));
            let _ = assembler.binary(Bytes::from(bytes.clone()));
        }
    }

    #[test]
    fn security30_an_event_comes_back_as_it_was_written(args in prop::collection::vec(json(), 0..4), id in any::<u64>()) {
        let mut all = vec![serde_json::Value::from("name")];
        all.extend(args);
        let args = serde_json::to_string(&all).unwrap();
        let attachments = [Bytes::from_static(b"a"), Bytes::from_static(b"b")];
        let (text, used) = write(Outgoing::Event(Some(AckId(id))), "/ns", &args, &attachments).unwrap();
        prop_assume!(used.len() <= 10);

        let mut assembler = Assembler::default();
        let mut back = assembler.text(&text.slice_ref(&text[1..])).unwrap();
        for bytes in &used {
            prop_assert_eq!(&back, &None);
            back = assembler.binary(bytes.clone()).unwrap();
        }
        let Some(Assembled::Event { namespace, event }) = back else { panic!("no event") };
        prop_assert_eq!((&*namespace, event.name(), event.ack), ("/ns", "name", Some(AckId(id))));
        prop_assert_eq!(event.attachments(), &used[..]);
        prop_assert_eq!(event.args(), all.len() - 1);
    }
}
