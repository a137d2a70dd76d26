//! What the admin listener tells of: the rooms' counters, and whether they get on.
use std::time::Duration;

use super::{logging, nodes::Node, parts::Parts};
use crate::{
    http::{Admin, Busiest},
    metrics::{Actors, Files, Log, Messages, Metrics, Search, Sockets, Storage},
    registry::Registry,
    settings::Settings,
    socket::SocketServer,
};

pub(super) fn admin(parts: &Parts, socket_server: &SocketServer, settings: &Settings) -> Admin {
    let stopping = socket_server.clone();
    let writer = parts.writer.clone();
    let writes = parts.writes.clone();
    let registry = parts.registry.clone();
    Admin {
        store: parts.store.clone(),
        metrics: metrics(parts, socket_server, settings),
        is_stopping: Box::new(move || stopping.is_shut()),
        // One that is gone will not get on any more.
        writer_stuck_for: Box::new(move || if writer.connected() { writes.stuck_for() } else { Duration::MAX }),
        registry_is_whole: Box::new(move || registry.is_whole()),
        patience: settings.actors.writer.retry_for,
        busiest: busiest(parts.registry.clone()),
        cluster: parts.node.as_ref().and_then(Node::ask),
        blind_for: parts.node.as_ref().map_or_else(|| Box::new(|| Duration::ZERO) as _, Node::blind_for),
    }
}

fn metrics(parts: &Parts, socket_server: &SocketServer, settings: &Settings) -> Metrics {
    let Parts { auth, store, presence, writes: writer, registry, chatroom, bytes, files, .. } = parts.clone();
    let socket_server = socket_server.clone();
    let registry_of_chats = registry.clone();
    let registry_capacity = settings.actors.registry.mailbox_capacity;
    let writer_capacity = settings.actors.writer.mailbox_capacity;
    let messages = Messages(registry.clone(), chatroom.clone());
    let sockets = Sockets { socket_server: socket_server.clone(), presence };
    let uploads = Files { bytes, decoders: files.decoders() };
    let indexer = parts.indexer.clone();
    let search = Search { store: store.clone(), behind: Box::new(move || indexer.behind()) };
    let storage = Storage { writer: writer.clone(), store };
    let actors = Actors { socket_server, chatroom, registry, writer, registry_capacity, writer_capacity };
    let nodes = parts.node.as_ref().and_then(|node| node.watched(&registry_of_chats));
    let metrics = Metrics::new(auth).with(actors).with(sockets).with(messages).with(storage);
    let metrics = metrics.with(uploads).with(search).with(Log(logging::dropped));
    match nodes {
        Some(nodes) => metrics.with(nodes),
        None => metrics,
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
