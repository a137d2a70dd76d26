//! Engine.IO 4 and Socket.IO 5 as codecs and state machines without I/O: bytes and a clock in, bytes and events out.
//!
//! Two layers. [`engine`] keeps one connection alive over changing transports and carries messages; [`socketio`] makes
//! of those messages namespaces, events and answers. [`Fault`] lists all that a client can do wrong at either layer, and
//! says what each costs it.

pub mod engine;
mod fault;
mod json;
mod reason;
pub mod socketio;

pub use self::{
    fault::{Fault, Verdict},
    reason::Reason,
};
