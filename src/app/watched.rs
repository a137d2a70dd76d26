//! What the admin listener tells of: the rooms' counters, and whether they get on.
use std::sync::Arc;

use crate::{
    auth::Auth,
    client::Chatroom,
    http::{Admin, Busiest},
    metrics::{Actors, Capacities, Messages, Metrics, Sockets, Storage},
    presence::Presence,
    registry::Registry,
    settings::Settings,
    socket::Doors,
    store::Store,
    writer,
};

/// The parts of a server that are watched.
pub(super) struct Watched {
    pub(super) auth: Auth,
    pub(super) store: Store,
    pub(super) presence: Presence,
    pub(super) writer: Arc<writer::Stats>,
    pub(super) registry: Registry,
    pub(super) chatroom: Chatroom,
    pub(super) doors: Doors,
}

impl Watched {
    pub(super) fn admin(self, settings: &Settings) -> Admin {
        let (doors, writer, registry) = (self.doors.clone(), self.writer.clone(), self.registry.clone());
        Admin {
            store: self.store.clone(),
            metrics: self.metrics(settings),
            is_stopping: Box::new(move || doors.is_shut()),
            writer_stuck_for: Box::new(move || writer.stuck_for()),
            patience: settings.actors.writer.retry_for,
            busiest: busiest(registry),
        }
    }

    fn metrics(self, settings: &Settings) -> Metrics {
        let Self { auth, store, presence, writer, registry, chatroom, doors } = self;
        let actors = &settings.actors;
        let capacities = Capacities {
            session: actors.session.mailbox_capacity,
            registry: actors.registry.mailbox_capacity,
            chat: actors.chat.mailbox_capacity,
            writer: actors.writer.mailbox_capacity,
        };
        let messages = Messages(registry.clone());
        let outbound_bytes = actors.session.outbound_bytes;
        Metrics::new(auth)
            .with(Actors { doors: doors.clone(), chatroom, registry, writer: writer.clone(), capacities })
            .with(Sockets { doors, presence, outbound_bytes })
            .with(messages)
            .with(Storage { writer, store })
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
