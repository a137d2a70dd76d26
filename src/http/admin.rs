//! The admin listener: whether the server lives, whether it can work, and how it does. It asks nobody who they are.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::{Answer, answer::Success, read, unknown};
use crate::{
    metrics::{CONTENT_TYPE, Metrics},
    store::{Store, in_time},
};

/// How long the database has to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

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
}

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
        }
    }

    /// What keeps the server from working.
    async fn failing(&self) -> Vec<(&'static str, &'static str)> {
        let mut failing = Vec::new();
        if (self.is_stopping)() {
            failing.push(("server", "The server is stopping"));
        }
        if (self.writer_stuck_for)() > self.patience {
            failing.push(("writer", "The writer is stuck"));
        }
        if !(self.registry_is_whole)() {
            failing.push(("registry", "A part of the registry is gone"));
        }
        if let Err(fault) = in_time(Instant::now() + PATIENCE, self.store.ping()).await {
            log::warn!("not ready: {fault}");
            failing.push(("database", "Storage is unavailable"));
        }
        failing
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
    }
}

async fn live() -> Answer {
    Answer::yes("alive")
}

async fn ready(admin: Data<Admin>) -> Answer {
    let failing = admin.failing().await;
    let Some((_, sentence)) = failing.first() else { return Answer::yes("ready") };
    let names: Vec<&str> = failing.iter().map(|(name, _)| *name).collect();
    Answer::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, *sentence).with("failing", names)
}

async fn metrics(admin: Data<Admin>) -> Result<HttpResponse, Answer> {
    let page = admin.metrics.page().await.map_err(|_| Answer::broken())?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(page))
}

async fn busiest(admin: Data<Admin>) -> HttpResponse {
    let chats = (admin.busiest)().await;
    let rows = chats.into_iter().map(|(chat, rate)| json!({"chat": chat, "commands_per_second": rate}));
    HttpResponse::Ok().json(rows.collect::<Value>())
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        test::{TestRequest, call_service, init_service, read_body_json},
    };

    use super::*;
    use crate::{auth::Auth, mail::Mailer, settings::Settings};

    async fn asked(change: impl FnOnce(&mut Admin)) -> (u16, Value) {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults();
        settings.database.url = format!("sqlite://{}/x.db", folder.path().display()).into();
        settings.auth.secret_file = folder.path().join("secret");
        let store = Store::open(&settings.database).await.unwrap();
        let auth = Auth::new(&settings, store.clone(), Mailer::keeping()).unwrap();
        let mut admin = Admin::new(store, Metrics::new(auth));
        change(&mut admin);
        let app = init_service(App::new().configure(admin_routes(admin))).await;
        let response = call_service(&app, TestRequest::get().uri("/health/ready").to_request()).await;
        (response.status().as_u16(), read_body_json(response).await)
    }

    #[actix_web::test]
    async fn a_server_is_ready_unless_it_is_stopping_or_its_writer_is_stuck() {
        assert_eq!(asked(|_| ()).await.0, 200);
        let (status, body) = asked(|admin| admin.is_stopping = Box::new(|| true)).await;
        assert_eq!((status, &body["failing"]), (503, &json!(["server"])));
        let (status, body) = asked(|admin| admin.registry_is_whole = Box::new(|| false)).await;
        assert_eq!((status, &body["failing"]), (503, &json!(["registry"])));
        let slow = |admin: &mut Admin| {
            admin.writer_stuck_for = Box::new(|| Duration::from_secs(2));
            admin.patience = Duration::from_secs(3);
        };
        assert_eq!(asked(slow).await.0, 200, "slow is not stuck");
        let stuck = |admin: &mut Admin| {
            slow(admin);
            admin.patience = Duration::from_secs(1);
        };
        let (status, body) = asked(stuck).await;
        assert_eq!((status, &body["failing"]), (503, &json!(["writer"])));
    }
}
