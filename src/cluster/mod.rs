//! Several nodes on one database. No node owns anything: each decides for its own sockets, the database says whether that was still
//! true, and tells the others in the same transaction. Here is told on this node what the others did, in an order in which nothing
//! comes before what it rests on.
//!
//! `feed`, `handlers`, `messages`: the actor that hears, and what it is told · `order`: what may be told, pure · `watched`: the chats that somebody here is in · `deeds`: what concerns
//! no chat alone · `bus`: NATS, so that it comes sooner · `soft`: who is where and who types, in memory alone · `audit`: whether all of it is right · `membership`: coming, staying and leaving ·
//! `stats`: what is counted.
mod audit;
mod bus;
mod deeds;
mod feed;
mod handlers;
mod membership;
mod messages;
mod order;
mod soft;
mod stats;
mod watched;

pub use audit::audit;
pub use bus::Bus;
pub use feed::{Feed, Tuning};

pub use membership::{Hearing, Membership, NotJoined, SWEPT, join};
pub use messages::{Left, Neighbours, Report, Watch};
pub use stats::Stats;
