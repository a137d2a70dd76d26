//! One actor per live chat, of whatever kind. It decides (`domain`), records (`writer`), and tells (`presence`) once
//! the record is stored, so nobody is shown what a crash could take back.
//!
//! ```
//! use std::sync::Arc;
//!
//! use actix::prelude::*;
//! use greenroom::{
//!     chat::{Chat, Command, Post, Request, Settle, Shared},
//!     domain::{ChatId, Content, Kind},
//!     presence::Caller,
//! };
//!
//! /// Says hello in a group, and waits until that is stored and told, or refused.
//! async fn hello(group: ChatId, neighbours: Arc<Shared>, caller: Caller) {
//!     let chat = Chat::start(group, neighbours);
//!     let content = Content::new("hello", 64).expect("a text of few bytes");
//!     let post = Post { kind: Some(Kind::Group), content, client_id: None, extras: None };
//!     chat.do_send(Command { caller, request: Request::Post(post) });
//!     chat.send(Settle).await.expect("a chat that lives");
//! }
//! ```
//!
//! `command`: what members can ask · `dispatch`: what decides it · `features`: what is decided and told of it, a file for each kind · `actor`: what a chat is, and loading ·
//! `shared`: what all chats share · `ledger`: what is decided, told and pending · `open`: the same of single messages · `record`: from a decision to the writer ·
//! `commit`: from an outcome to those who hear it · `notifier`: who hears · `lookup`: answers that need a query · `unconfirmed`: what may have come
//! true unheard · `hints`, `arrivals`: what is kept of hints, and how it gets to the writer ·
//! `renaming`: another name of a member · `departures`: the end of somebody's account · `recover`: after a panic · `lifecycle`: what the registry tells it besides ·
//! `among`, `hear`, `heard`, `stand`, `stepping`: what other nodes did, in the order of the chat · `stats`: what is counted.
mod actor;
mod among;
mod arrivals;
mod command;
mod commit;
mod departures;
mod dispatch;
mod features;
mod hear;
mod heard;
mod hints;
mod ledger;
mod lifecycle;
mod lookup;
mod notifier;
mod open;
mod record;
mod recover;
mod renaming;
mod shared;
mod stand;
mod stats;
mod stepping;
mod told;
mod unconfirmed;

pub use actor::Chat;
pub use among::{Abreast, Abreasted, Behind, Hear, Renew, StandsAt, Whispered};
pub use arrivals::{ArrivalKeeper, KeepNext};
pub use command::{Command, Post, Request, Said};
pub use departures::{Reload, tell_departure};
pub use lifecycle::{Idle, Passivate, Settle, Stamp};
pub use renaming::Rename;
pub use shared::{Nodes, Shared};
pub use stats::Stats;
