//! Socket.IO 5: packets with their attachments, and the namespaces that a connection has joined.

mod assembly;
mod event;
mod namespaces;
mod packet;
mod placeholder;
mod write;

pub use self::{
    assembly::{Assembled, Assembler},
    event::{AckId, Event},
    namespaces::{Command, Namespaces, Stay, Taken},
    packet::{Header, Kind, MAX_ATTACHMENTS},
    write::{Outgoing, connected, disconnected, refused, write, write_head},
};
