//! The admin listener: whether the server lives, and whether it can work. It asks nobody who they are.
use actix_web::{
    http::StatusCode,
    web::{self, Data, ServiceConfig},
};

use super::{Answer, answer::Success, read, unknown};
use crate::store::Store;

/// The routes of `server.admin_listen`.
pub fn admin_routes(store: Store) -> impl Fn(&mut ServiceConfig) + Clone + Send {
    let store = Data::new(store);
    move |config: &mut ServiceConfig| {
        config
            .app_data(store.clone())
            .service(read("health/live").route(web::get().to(live)))
            .service(read("health/ready").route(web::get().to(ready)))
            .default_service(web::to(unknown));
    }
}

async fn live() -> Answer {
    Answer::yes("alive")
}

async fn ready(store: Data<Store>) -> Answer {
    match store.ping().await {
        Ok(()) => Answer::yes("ready"),
        Err(fault) => {
            log::warn!("not ready: {fault}");
            Answer::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, "Storage is unavailable")
        }
    }
}
