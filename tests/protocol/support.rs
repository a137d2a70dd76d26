//! Short ways to say what tests say often.
use std::time::{Duration, Instant};

use bytes::Bytes;
use bytestring::ByteString;
use greenroom::protocol::{
    Fault,
    engine::{Connection, Frame, Packet, Timing, Transport},
    socketio::{Assembled, Assembler, Command, Namespaces, Stay, Taken},
};

pub const TIMING: Timing = Timing {
    ping_interval: Duration::from_secs(25),
    ping_timeout: Duration::from_secs(20),
    upgrade_timeout: Duration::from_secs(10),
};

pub fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

pub fn text(text: &str) -> Frame {
    Frame::Text(text.into())
}

pub fn packet(text_of: &str) -> Packet {
    Packet::decode(text(text_of)).unwrap()
}

pub fn connection(transport: Transport) -> (Connection, Instant) {
    let now = Instant::now();
    (Connection::new(transport, TIMING, now), now)
}

/// One message on its own.
pub fn parse(text: &str) -> Result<Option<Assembled>, Fault> {
    Assembler::default().text(&text.into())
}

/// One message and the binary ones after it.
pub fn parse_binary(text: &str, binary: &[&'static [u8]]) -> Result<Option<Assembled>, Fault> {
    let mut assembler = Assembler::default();
    let mut last = assembler.text(&text.into())?;
    for bytes in binary {
        last = assembler.binary(Bytes::from_static(bytes))?;
    }
    Ok(last)
}

/// A connection whose client joined `/` for the stay that is given.
pub fn joined() -> (Namespaces, Stay) {
    let mut namespaces = Namespaces::new(secs(45), Instant::now());
    let stay = asked(&mut namespaces, "0");
    namespaces.admit(stay);
    assert_eq!(namespaces.resume(stay), None);
    (namespaces, stay)
}

/// The stay of a CONNECT.
pub fn asked(namespaces: &mut Namespaces, connect: &str) -> Stay {
    match take(namespaces, connect) {
        Ok(Taken::Now(Command::Connect(stay, ..))) => stay,
        other => panic!("{connect} came to {other:?}"),
    }
}

pub fn take(namespaces: &mut Namespaces, text: &str) -> Result<Taken, Fault> {
    namespaces.take(parse(text)?.expect("no attachments are awaited"))
}

/// The command that waited for `stay`.
pub fn resumed(namespaces: &mut Namespaces, stay: Stay) -> Command {
    namespaces.resume(stay).expect("something waited").expect("no fault")
}

pub fn event_name(command: &Command) -> &str {
    match command {
        Command::Event(_, event) => event.name(),
        other => panic!("{other:?} is no event"),
    }
}

pub fn bytestring(text: &str) -> ByteString {
    text.into()
}
