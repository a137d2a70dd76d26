//! A Socket.IO server for Actix: one [`Session`](session::Session) actor per connection drives [`crate::protocol`] over
//! HTTP long-polling and WebSocket, for whatever [`Application`] is mounted. It knows nothing of chat.

mod application;
mod budget;
mod endpoint;
mod handshake;
mod options;
mod origin;
mod packet;
mod port;
mod server;
mod stats;

pub use self::{
    application::{Admission, Application, Client, Connect},
    budget::Budget,
    endpoint::{Endpoint, Message},
    handshake::Handshake,
    options::Options,
    origin::Origins,
    packet::{MAIN, Packet},
    port::{Deliver, NoAnswer, Port, Question},
    server::{Doors, serve},
    stats::Stats,
};
pub use crate::protocol::{
    Reason,
    socketio::{AckId, Event, Seat},
};
