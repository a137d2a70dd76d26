//! A server among others on its database: it comes when it starts, hears them, and leaves when it stops.
use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix::prelude::*;
use actix_rt::task::JoinHandle;
use secrecy::ExposeSecret;

use super::{Failure, task::Task, tuning::rules};
use crate::{
    auth::Auth,
    client::{Chatroom, Nodes},
    cluster::{self, Bus, Feed, Hearing, Membership, Tuning},
    http::AskCluster,
    media, metrics,
    presence::Presence,
    registry::Registry,
    settings::Settings,
    store::{Print, Store},
    writer::Writer,
};

/// This server's place among the others.
#[derive(Clone)]
pub(super) struct Node {
    membership: Arc<Membership>,
    hearing: Option<(Addr<Feed>, Hearing, Option<Bus>)>,
    tuning: Tuning,
}

/// Whom it works with.
pub(super) struct Neighbours<'a> {
    pub registry: &'a Registry,
    pub presence: &'a Presence,
    pub writer: &'a Addr<Writer>,
}

impl Node {
    /// Comes among the others; with a database that only one server can use there are none.
    pub(super) async fn join(
        settings: &Settings,
        address: SocketAddr,
        auth: &Auth,
        store: &Store,
        neighbours: Neighbours<'_>,
    ) -> Result<Option<Self>, Failure> {
        if !store.is_shared() {
            return Ok(None);
        }
        let of = &settings.cluster;
        let name = if of.name.is_empty() { address.to_string() } else { of.name.clone() };
        let print = match of.enabled {
            true => Print { secret: auth.key_print(), files: media::place(&settings.files)? },
            false => Print::default(),
        };
        let membership = Arc::new(cluster::join(store, &name, of.enabled, &print).await?);
        let tuning = Tuning { poll: of.poll, keep: of.keep };
        if !of.enabled {
            return Ok(Some(Self { membership, hearing: None, tuning }));
        }
        let Neighbours { registry, presence, writer } = neighbours;
        let (feed, hearing) = membership.hear(registry, presence, writer, tuning, rules(settings)).await?;
        let url = of.nats_url.expose_secret();
        let bus = membership
            .ride(url, &of.subject, &feed, presence)
            .await
            .map_err(|why| format!("cluster.nats_url: {why}"))?;
        log::info!("node {name} of several, {}", membership.me());
        Ok(Some(Self { membership, hearing: Some((feed, hearing, bus)), tuning }))
    }

    /// The sockets here are told what the others do.
    pub(super) fn serve(&self, chatroom: &Chatroom) {
        if let Some((feed, ..)) = &self.hearing {
            let nodes = Nodes { watch: feed.clone().recipient(), left: feed.clone().recipient() };
            chatroom.join_nodes(nodes);
        }
    }

    /// What runs beside the server.
    pub(super) fn tasks(&self, store: &Store, registry: &Registry) -> Vec<Task> {
        let sweep = self.membership.clone().sweep(self.tuning.keep);
        let mut tasks: Vec<Task> = vec![("the end of what nodes have told", actix_rt::spawn(sweep))];
        let Some((feed, hearing, _)) = &self.hearing else { return tasks };
        let audit = cluster::audit(store.clone(), registry.clone(), feed.clone(), hearing.stats.clone());
        tasks.push(("the audit of what nodes heard", actix_rt::spawn(audit)));
        tasks
    }

    /// Says that this server lives. Ends when it cannot go on among the others, and says why.
    pub(super) fn live(&self) -> JoinHandle<String> {
        let beat = self.membership.clone().beat();
        let lost = self.hearing.clone().map(|(_, hearing, _)| hearing.until_lost(self.tuning.keep));
        actix_rt::spawn(async move {
            match lost {
                Some(lost) => tokio::select! { why = beat => why, why = lost => why },
                None => {
                    // Alone, nobody is missed.
                    beat.await;
                    std::future::pending().await
                }
            }
        })
    }

    /// Leaves the others.
    pub(super) async fn leave(&self) {
        self.membership.leave().await;
    }

    /// What is known of the others, if there are any.
    pub(super) fn ask(&self) -> Option<AskCluster> {
        let (feed, ..) = self.hearing.clone()?;
        Some(Box::new(move || {
            let asked = feed.send(cluster::Neighbours);
            Box::pin(async move { asked.await.unwrap_or_default() })
        }))
    }

    /// For how long nothing could be heard of them.
    pub(super) fn blind_for(&self) -> Box<dyn Fn() -> Duration + Send + Sync> {
        match self.hearing.clone() {
            Some((_, hearing, _)) => Box::new(move || hearing.blind_for()),
            None => Box::new(|| Duration::ZERO),
        }
    }

    /// What is watched of them.
    pub(super) fn watched(&self, registry: &Registry) -> Option<metrics::Cluster> {
        let (_, hearing, bus) = self.hearing.clone()?;
        let stats = hearing.stats.clone();
        let has_bus = bus.map(|bus| Box::new(move || bus.is_connected()) as Box<dyn Fn() -> bool + Send + Sync>);
        let blind_for = Box::new(move || hearing.blind_for());
        Some(metrics::Cluster { stats, registry: registry.clone(), blind_for, has_bus })
    }
}
