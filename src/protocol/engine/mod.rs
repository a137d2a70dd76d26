//! Engine.IO 4: packets, bodies of long-polling, the handshake, and the life of one connection.

mod binary;
mod body;
mod connection;
mod handshake;
mod heartbeat;
mod packet;
mod polling;
mod sid;

pub use self::{
    body::{MAX_POLLED, join, split},
    connection::{Connection, Heard, Probe, Tick, Timing},
    handshake::{Attempt, Method, Refusal, Transport, check_live, check_new, opening},
    packet::{CLOSE, Frame, NOOP, PING, PROBED, Packet},
    polling::{OVERTAKEN, Polled, Polling},
    sid::Sid,
};
