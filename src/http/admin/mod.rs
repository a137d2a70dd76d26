//! The admin listener: whether the server lives, whether it can work, and how it does. It asks nobody who they are.
mod busiest;
mod cluster;
mod metrics;
mod ready;

use std::{sync::Arc, time::Duration};

use actix_web::web::{self, Data, ServiceConfig};
use futures_util::future::BoxFuture;

use crate::{
    cluster::Report,
    http::{Answer, read, unknown},
    metrics::Metrics,
    store::Store,
};
use busiest::busiest;
use cluster::cluster;
use metrics::metrics;
use ready::ready;

/// What the admin listener tells of.
pub struct Admin {
    /// Asked whether it answers.
    pub store: Store,
    /// The page of numbers.
    pub metrics: Metrics,
    /// Whether the server is stopping: then it still lives, but is not ready for more.
    pub is_stopping: Box<dyn Fn() -> bool + Send + Sync>,
    /// For how long the writer has not stored what waits for it.
    pub writer_stuck_for: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Whether all parts of the registry are there: else some chats cannot be reached.
    pub registry_is_whole: Box<dyn Fn() -> bool + Send + Sync>,
    /// How long the writer may be stuck.
    pub patience: Duration,
    /// The chats with the most commands per second.
    pub busiest: Busiest,
    /// What is known of other nodes, if this is one of several.
    pub cluster: Option<AskCluster>,
    /// For how long this node could not hear the others, if there are any.
    pub blind_for: Box<dyn Fn() -> Duration + Send + Sync>,
}

/// Finds what is known of other nodes.
pub type AskCluster = Box<dyn Fn() -> BoxFuture<'static, Report> + Send + Sync>;

/// Finds the chats with the most commands per second, and how many.
pub type Busiest = Box<dyn Fn() -> BoxFuture<'static, Vec<(String, f64)>> + Send + Sync>;

impl Admin {
    /// What is told of a server that has neither sockets nor chats.
    pub fn new(store: Store, metrics: Metrics) -> Self {
        Self {
            store,
            metrics,
            is_stopping: Box::new(|| false),
            writer_stuck_for: Box::new(|| Duration::ZERO),
            registry_is_whole: Box::new(|| true),
            patience: Duration::MAX,
            busiest: Box::new(|| Box::pin(async { Vec::new() })),
            cluster: None,
            blind_for: Box::new(|| Duration::ZERO),
        }
    }
}

/// The routes of `server.admin_listen`.
pub fn admin_routes(admin: Admin) -> impl Fn(&mut ServiceConfig) + Clone + Send {
    let admin: Data<Admin> = Arc::new(admin).into();
    move |config: &mut ServiceConfig| {
        config
            .app_data(admin.clone())
            .service(read("health/live").route(web::get().to(live)))
            .service(read("health/ready").route(web::get().to(ready)))
            .service(read("metrics").route(web::get().to(metrics)))
            .service(read("chats/busiest").route(web::get().to(busiest)))
            .default_service(web::to(unknown));
        if admin.cluster.is_some() {
            config.service(read("cluster").route(web::get().to(cluster)));
        }
    }
}

async fn live() -> Answer {
    Answer::yes("alive")
}
