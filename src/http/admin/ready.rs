//! GET /health/ready: whether the server can work, and what keeps it from that.
use std::time::{Duration, Instant};

use actix_web::{http::StatusCode, web::Data};

use super::Admin;
use crate::{
    http::{Answer, answer::Success},
    store::in_time,
};

/// How long the database has to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// A node that has not heard the others for so long does not work for its sockets any more.
const BLIND: Duration = Duration::from_secs(5);

pub(super) async fn ready(admin: Data<Admin>) -> Answer {
    let failing = admin.failing().await;
    let Some((_, sentence)) = failing.first() else { return Answer::yes("ready") };
    let names: Vec<&str> = failing.iter().map(|(name, _)| *name).collect();
    Answer::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, *sentence).with("failing", names)
}

impl Admin {
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
        if (self.blind_for)() > BLIND {
            failing.push(("cluster", "Other nodes cannot be heard"));
        }
        if let Err(fault) = in_time(Instant::now() + PATIENCE, self.store.ping()).await {
            log::warn!("not ready: {fault}");
            failing.push(("database", "Storage is unavailable"));
        }
        failing
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        test::{TestRequest, call_service, init_service, read_body_json},
    };

    use serde_json::{Value, json};

    use super::*;
    use crate::{auth::Auth, http::admin_routes, mail::Mailer, metrics::Metrics, settings::Settings, store::Store};

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
