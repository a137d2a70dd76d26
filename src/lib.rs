//! Greenroom: a chat server for any Socket.IO client, where every socket and every chat is an actor.
//!
//! ```text
//!  socket ─frame─▶ session ─Route─▶ registry ─command─▶ chat ─Record─▶ writer ─batch─▶ store ─▶ entity ─▶ DB
//!     ▲                                                  │  ◀─Committed──┘
//!     └───────────────── Deliver (port) ◀── presence ◀───┘
//! ```
//!
//! Commands run from left to right by `Addr`: I know who you are. Events come back by `Recipient`: I know only that you
//! listen. The rooms, bottom first; a room names only rooms above it in this list (`tests/architecture/`):
//!
//! - [`domain`]: ids, texts and the rules of chats. Pure.
//! - [`measure`]: instruments for counting and timing.
//! - [`panics`]: each told of in one line.
//! - [`media`]: what bytes are, and pictures made safe to pass on.
//! - [`settings`]: files and environment as one typed whole.
//! - [`protocol`]: Engine.IO 4 and Socket.IO 5 without I/O. Pure.
//! - [`socket`]: the actor of one connection, over polling or WebSocket, for whatever application is mounted.
//! - [`search`]: how words are cut and compared. Pure.
//! - [`events`]: the wire contract as types.
//! - [`mail`], [`store`], [`auth`]: letters, queries, accounts.
//! - [`presence`]: who is online, and the ports of their sockets.
//! - [`writer`]: the actor that persists in the background, in batches.
//! - [`chat`]: the actor of one chat.
//! - [`registry`]: finds, starts and lets go of chats.
//! - [`client`]: the application of a signed-in socket: events in, commands out.
//! - [`metrics`]: the names of all numbers that operators watch.
//! - [`http`]: the routes.
//! - [`app`]: puts it all together.
//! - `top`, if the feature of that name is on: a running server in the terminal, from its admin listener. Names no other room.
//!
//! To follow one message, read [`client`] (an event becomes [`chat::Command`]), [`registry::Registry::route`], [`chat`]
//! (decided, recorded, kept), [`writer::Writer`] (stored with its neighbours), [`chat`] again (told), [`presence`].

pub mod app;
pub mod auth;
pub mod chat;
pub mod client;
pub mod cluster;
pub mod domain;
pub mod events;
pub mod http;
pub mod limits;
pub mod mail;
pub mod measure;
pub mod media;
pub mod metrics;
pub mod panics;
pub mod presence;
pub mod protocol;
pub mod registry;
pub mod search;
pub mod settings;
pub mod socket;
pub mod store;
#[cfg(feature = "top")]
pub mod top;
pub mod writer;
