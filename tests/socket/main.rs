//! The protocol rooms over real sockets, driven by the conformance server's own application. A name that begins
//! with `s` and a number shows that statement of the protocol checklist; `security` and a number, of the security one.

#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../../examples/protocol_echo.rs"]
mod echo;

mod connections;
mod endings;
mod hostile;
mod http;
mod limits;
mod log;
mod origins;
mod panics;
mod polling;
mod ports;
mod random;
mod reasons;
mod socketio;
mod stop;
mod support;
mod traffic;
mod upgrade;
mod websocket;
mod workers;
