//! From a WebSocket frame to what the client asks.
use std::hint::black_box;

use bytestring::ByteString;
use greenroom::{
    domain::ChatId,
    events::{ClientEvent, PayloadBounds},
    protocol::{
        engine::{Frame, Packet},
        socketio::{Assembled, Assembler},
    },
};

const BOUNDS: PayloadBounds = PayloadBounds {
    content_bytes: 16_384,
    group_members: 256,
    page: 50,
    max_page: 200,
    mentions: 50,
    attachments: 10,
    watched: 200,
};

/// Reads one message of 64 bytes so many times.
pub fn read(times: usize) {
    let chat = ChatId::new();
    let content = "x".repeat(64);
    let text = format!(
        r#"4217["send-personal-message",{{"ChatId":"{chat}","Content":"{content}","ClientId":"0190a3c4-1b7e"}}]"#
    );
    let frame = Frame::Text(ByteString::from(text));
    let mut assembler = Assembler::default();
    for _ in 0..times {
        black_box(asked(black_box(frame.clone()), &mut assembler));
    }
}

fn asked(frame: Frame, assembler: &mut Assembler) -> ClientEvent {
    let Ok(Packet::Message(text)) = Packet::decode(frame) else { panic!("a message") };
    let Ok(Some(Assembled::Event { event, .. })) = assembler.text(&text) else { panic!("an event") };
    ClientEvent::parse(event.name(), event.arg(0), &BOUNDS).expect("a message that can be read")
}
