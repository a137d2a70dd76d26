//! Finds, starts and lets go of chat actors. Sharded by chat id, one shard per arbiter: a shard and its chats share a thread.
//! Nothing outside this room may assume that a chat is in this process.
//!
//! ```
//! use greenroom::{
//!     chat::{Command, Request},
//!     domain::{ChatId, Kind},
//!     presence::Caller,
//!     registry::Registry,
//! };
//!
//! /// Everything that was told to the chat is read. The answer finds the caller by itself.
//! fn mark_all_read(registry: &Registry, caller: Caller, group: ChatId) {
//!     let request = Request::MarkRead { kind: Kind::Group, upto: None, is_seen: true };
//!     registry.route(group, Command { caller, request });
//! }
//! ```
//!
//! `handle`: the way in, for all others · `shard`: the chats of one thread · `messages`: from the one to the other · `tuning`: what they go
//! by · `nodes`: what other nodes did · `busiest`: which chats have the most to do · `liveness`: whether all shards live · `stats`: what is counted.
mod busiest;
mod handle;
mod liveness;
mod messages;
mod nodes;
mod shard;
mod stats;
mod tuning;

pub use busiest::Busy;
pub use handle::Registry;
pub use stats::Stats;
pub use tuning::Tuning;
