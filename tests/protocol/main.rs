//! The protocols without any socket: literal frames in, decisions out. Numbers in names are the statements of the
//! protocol checklist.
mod bodies;
mod faults;
mod grammar;
mod handshake;
mod heartbeat;
mod namespaces;
mod polling;
mod properties;
mod support;
mod upgrade;
mod writing;
