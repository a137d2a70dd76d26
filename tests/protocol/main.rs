//! The protocols without any socket: literal frames in, decisions out. A name that begins with `s` and a number shows that
//! statement of STATEMENTS.md; `security` and a number, that of ../security/TABLE.md.
mod bodies;
mod faults;
mod grammar;
mod handshake;
mod heartbeat;
mod namespaces;
mod order;
mod polling;
mod properties;
mod support;
mod upgrade;
mod writing;
