//! A Socket.IO server for Actix: one `Session` actor per connection drives [`crate::protocol`] over
//! HTTP long-polling and WebSocket, for whatever [`Application`] is mounted. It knows nothing of chat.
//!
//! ```text
//! GET, POST ─▶ routes ────┐                          ┌─▶ Application::connect ─▶ Client::event
//!                         ├─▶ precheck ─▶ Session ───┤
//! WebSocket ─▶ websocket ─┘          protocol inside └─◀ Port::deliver, from anywhere
//! ```
//!
//! [`serve`] puts it together. Two counters keep it bounded: `inflow`, the frames that wait to be handled (then nothing
//! more is read), and [`Budget`], the bytes that wait to be written (then the client is too slow and is closed). Outside
//! sockets a `clock` does, and an `occupancy` counts connections, whatever they carry.

mod address;
mod answers;
mod application;
mod budget;
mod clock;
mod endpoint;
mod handshake;
mod headers;
mod inflow;
mod last_packets;
mod mount;
mod not_http;
mod occupancy;
mod options;
mod origin;
mod outbound;
mod packet;
mod pending_ping;
mod port;
mod precheck;
mod request;
mod routes;
mod server;
mod server_state;
mod session;
mod shutdown;
mod stats;
mod stop;
mod stream;
mod websocket;

pub use self::{
    address::{client_address, network},
    application::{Admission, Application, Client, Connect},
    budget::Budget,
    endpoint::{Endpoint, Message},
    handshake::Handshake,
    headers::{cookie, is_encoded},
    not_http::NOT_HTTP,
    occupancy::Full,
    options::{AddressLimit, Bounds, Deadlines, Fallback, OnRejected, Options},
    origin::Origins,
    packet::{MAIN, Packet},
    port::{Deliver, Mail, NoAnswer, Port, Question},
    precheck::{ENCODED_BODY, FOREIGN_ORIGIN},
    server::{SocketServer, Waiting, serve},
    stats::Stats,
};
pub use crate::protocol::{
    Reason,
    socketio::{AckId, Event, Stay},
};
