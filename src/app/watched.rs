//! What the admin listener tells of: the rooms' counters, and whether they get on.
use std::{sync::Arc, time::Duration};

use actix::Addr;

use super::logging;
use crate::{
    auth::Auth,
    client::Chatroom,
    http::{Admin, Busiest},
    metrics::{Actors, Log, Messages, Metrics, Sockets, Storage},
    presence::Presence,
    registry::Registry,
    settings::Settings,
    socket::Doors,
    store::Store,
    writer::{self, Writer},
};

/// The parts of a server that are watched.
pub(super) struct Watched {
    pub(super) auth: Auth,
    pub(super) store: Store,
    pub(super) presence: Presence,
    pub(super) writer: Arc<writer::Stats>,
    pub(super) writing: Addr<Writer>,
    pub(super) registry: Registry,
    pub(super) chatroom: Chatroom,
    pub(super) doors: Doors,
}

impl Watched {
    pub(super) fn admin(self, settings: &Settings) -> Admin {
        let (doors, writer, registry) = (self.doors.clone(), self.writer.clone(), self.registry.clone());
        let (writing, shards) = (self.writing.clone(), self.registry.clone());
        Admin {
            store: self.store.clone(),
            metrics: self.metrics(settings),
            is_stopping: Box::new(move || doors.is_shut()),
            // One that is gone will not get on any more.
            writer_stuck_for: Box::new(move || if writing.connected() { writer.stuck_for() } else { Duration::MAX }),
            registry_is_whole: Box::new(move || shards.is_whole()),
            patience: settings.actors.writer.retry_for,
            busiest: busiest(registry),
        }
    }

    fn metrics(self, settings: &Settings) -> Metrics {
        let Self { auth, store, presence, writer, registry, chatroom, doors, .. } = self;
        let (registry_capacity, writer_capacity) =
            (settings.actors.registry.mailbox_capacity, settings.actors.writer.mailbox_capacity);
        let (messages, sockets) = (Messages(registry.clone()), Sockets { doors: doors.clone(), presence });
        let storage = Storage { writer: writer.clone(), store };
        let actors = Actors { doors, chatroom, registry, writer, registry_capacity, writer_capacity };
        Metrics::new(auth).with(actors).with(sockets).with(messages).with(storage).with(Log(logging::dropped))
    }
}

fn busiest(registry: Registry) -> Busiest {
    Box::new(move || {
        let registry = registry.clone();
        Box::pin(async move {
            let chats = registry.busiest().await;
            chats.into_iter().map(|busy| (busy.chat.to_string(), busy.rate)).collect()
        })
    })
}
