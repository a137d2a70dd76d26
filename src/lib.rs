//! Greenroom: a chat server for any Socket.IO client, where every socket and every chat is an actor.
//!
//! Rooms, bottom first; a room names only rooms above it in this list, and `tests/architecture.rs` holds that line.

pub mod app;
pub mod auth;
pub mod chat;
pub mod client;
pub mod domain;
pub mod events;
pub mod http;
pub mod mail;
pub mod presence;
pub mod protocol;
pub mod registry;
pub mod settings;
pub mod socket;
pub mod store;
pub mod writer;
