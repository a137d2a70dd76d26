//! A Socket.IO server for Actix: one `Session` actor per connection drives [`crate::protocol`] over
//! HTTP long-polling and WebSocket, for whatever [`Application`] is mounted. It knows nothing of chat.

mod address;
mod answers;
mod application;
mod budget;
mod endpoint;
mod feeder;
mod frame_header;
mod gate;
mod handshake;
mod hook;
mod house;
mod inbound;
mod inflow;
mod options;
mod origin;
mod outbound;
mod packet;
mod port;
mod pump;
mod routes;
mod server;
mod session;
mod stats;

pub use self::{
    address::client_address,
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
