//! The rooms of one server that is put together, for those who serve, watch, reload or stop it.
use std::sync::Arc;

use actix::Addr;

use super::{indexing::Indexer, nodes::Node};
use crate::{
    auth::Auth,
    chat::ArrivalKeeper,
    client::Chatroom,
    http::{About, Files},
    limits::Rates,
    media::ByteStore,
    presence::Presence,
    registry::Registry,
    store::Store,
    writer::{self, Writer},
};

/// The way to each room. Cheap to clone.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) auth: Auth,
    pub(super) store: Store,
    pub(super) presence: Presence,
    pub(super) writer: Addr<Writer>,
    pub(super) writes: Arc<writer::Stats>,
    pub(super) arrivals: Addr<ArrivalKeeper>,
    pub(super) registry: Registry,
    pub(super) chatroom: Chatroom,
    pub(super) rates: Arc<Rates>,
    pub(super) about: About,
    pub(super) bytes: ByteStore,
    pub(super) files: Files,
    pub(super) indexer: Indexer,
    pub(super) node: Option<Node>,
}
