//! What must hold against an attacker, on the built server. `TABLE.md` names each statement and the tests that show it.
mod attacks;
mod bodies;
mod canaries;
#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
mod endings;
mod farewell;
mod hangups;
mod headers;
mod limits;
mod sockets;
mod support;
mod timing;
mod tls;
