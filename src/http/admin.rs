//! The admin listener: whether the server lives, whether it can work, and how it does. It asks nobody who they are.
use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};

use super::{Answer, answer::Success, read, unknown};
use crate::{auth::Fault, store::Store};

/// Asked whether the server is stopping: then it still lives, but is not ready for more.
pub type Stopping = Arc<dyn Fn() -> bool + Send + Sync>;

/// The routes of `server.admin_listen`.
pub fn admin_routes(store: Store, stopping: Stopping) -> impl Fn(&mut ServiceConfig) + Clone + Send {
    let (store, stopping) = (Data::new(store), Data::new(stopping));
    move |config: &mut ServiceConfig| {
        config
            .app_data(store.clone())
            .app_data(stopping.clone())
            .service(read("health/live").route(web::get().to(live)))
            .service(read("health/ready").route(web::get().to(ready)))
            .service(read("metrics").route(web::get().to(metrics)))
            .default_service(web::to(unknown));
    }
}

async fn live() -> Answer {
    Answer::yes("alive")
}

async fn ready(store: Data<Store>, stopping: Data<Stopping>) -> Answer {
    if stopping() {
        return Answer::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, "The server is stopping");
    }
    match store.ping().await {
        Ok(()) => Answer::yes("ready"),
        Err(fault) => {
            log::warn!("not ready: {fault}");
            Answer::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, "Storage is unavailable")
        }
    }
}

/// What is counted, in the text format of Prometheus.
async fn metrics(store: Data<Store>) -> Result<HttpResponse, Answer> {
    let waiting = store.waiting_mails().await.map_err(Fault::from)?;
    let text = format!(
        "# HELP greenroom_mail_waiting Mails that were not handed over yet.\n\
         # TYPE greenroom_mail_waiting gauge\n\
         greenroom_mail_waiting {waiting}\n"
    );
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}
