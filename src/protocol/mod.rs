//! Engine.IO 4 and Socket.IO 5 as codecs and state machines without I/O: bytes and a clock in, bytes and events out.

mod event;
mod reason;

pub use self::{
    event::{AckId, Event},
    reason::Reason,
};
