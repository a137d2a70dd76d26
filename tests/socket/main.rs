//! The protocol rooms over real sockets, driven by the conformance server's own application. Numbers in names are the
//! statements of the protocol checklist.

#[allow(dead_code)]
#[path = "../../examples/protocol_echo.rs"]
mod echo;

mod hostile;
mod http;
mod limits;
mod origins;
mod polling;
mod socketio;
mod support;
mod upgrade;
mod websocket;
mod workers;
