//! The inputs that each decoder begins with.
use crate::{decoders, fuzz};

#[test]
fn security30_packets() {
    let corpus: &[&[u8]] = &[
        b"40",
        b"40{\"token\":\"1\"}",
        b"41/a,",
        b"421[\"n\",1,{\"a\":[true]}]",
        b"430[null]",
        b"2probe",
        b"4451-/a,1[\"n\"]",
    ];
    fuzz("packets", corpus, decoders::packets);
}

#[test]
fn security30_payloads() {
    let corpus: &[&[u8]] = &[
        b"4a\x1e4b",
        b"bAQIDBA==\x1e4\xc3\xa9",
        b"2\x1e3\x1e1",
        b"451-[\"n\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID",
    ];
    fuzz("payloads", corpus, decoders::payloads);
}

#[test]
fn security30_handshake_query() {
    let corpus: &[&[u8]] =
        &[b"EIO=4&transport=polling", b"EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAAAAAA", b"sid=&t=%20+%zz&EIO"];
    fuzz("handshake query", corpus, decoders::handshake_query);
}

#[test]
fn security30_attachments() {
    let corpus: &[&[u8]] = &[
        b"51-[\"n\",{\"_placeholder\":true,\"num\":0}]\0abc",
        b"52-/a,7[\"n\",{\"x\":{\"num\":1,\"_placeholder\":true}},{\"_placeholder\":true,\"num\":0}]\0a\0b",
        b"61-3[{\"_placeholder\":true,\"num\":0}]\0",
    ];
    fuzz("attachments", corpus, decoders::attachments);
}

#[test]
fn security30_event_arguments() {
    let corpus: &[&[u8]] = &[
        b"2[\"n\",1,\"2\",{\"3\":[true]}]",
        b"21[5,null,-1.5e3,\"\\ud83d\\ude00\",\"\\\\\",[],{}]",
        b"2 [ \"a,b\" , [ [ [ ] ] ] , \"]\" ] ",
        b"39[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
    ];
    fuzz("event arguments", corpus, decoders::event_arguments);
}
