//! Everything that reads what a stranger sends.
use bytestring::ByteString;
use greenroom::protocol::{
    engine::{Attempt, Frame, Method, Packet, Sid, check_live, check_new, split},
    socketio::{Assembled, Assembler},
};

/// One packet of a WebSocket.
pub fn packets(input: &ByteString) -> Option<Assembled> {
    let Ok(Packet::Message(message)) = Packet::decode(Frame::Text(input.clone())) else { return None };
    Assembler::default().text(&message).ok().flatten()
}

/// A body of polling.
pub fn payloads(input: &ByteString) -> Option<Assembled> {
    let mut assembler = Assembler::default();
    let whole = split(input).filter_map(|packet| match packet {
        Ok(Packet::Message(message)) => assembler.text(&message).ok().flatten(),
        Ok(Packet::Binary(bytes)) => assembler.binary(bytes).ok().flatten(),
        _ => None,
    });
    whole.last()
}

/// The query of a handshake.
pub fn handshake_query(input: &ByteString) -> Option<Assembled> {
    let attempt = Attempt::of(input);
    for (method, upgrades) in [(Method::Get, false), (Method::Get, true), (Method::Post, false)] {
        let _ = (check_new(&attempt, method, upgrades), check_live(&attempt, method, upgrades));
    }
    let _ = attempt.sid.map(|sid| sid.parse::<Sid>());
    None
}

/// A text packet, and after each 0x00 a binary one.
pub fn attachments(input: &ByteString) -> Option<Assembled> {
    let mut parts = input.split('\0').map(|part| input.slice_ref(part));
    let mut assembler = Assembler::default();
    let mut assembled = assembler.text(&parts.next()?);
    for part in parts {
        assembled = assembler.binary(part.into_bytes());
    }
    assembled.ok().flatten()
}

/// One packet of Socket.IO.
pub fn event_arguments(input: &ByteString) -> Option<Assembled> {
    Assembler::default().text(input).ok().flatten()
}
