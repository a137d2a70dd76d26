//! The HTTP routes, one file per feature. The only room that knows status codes, cookies and HTML.
//! Browsers and apps call it; it asks `auth`.
mod admin;
mod answer;
mod cookies;
mod cors;
mod guard;
mod home;
mod login;
mod logout;
mod me;
mod page;
mod renew;
mod request;
mod resend;
mod signup;
mod verify;

use actix_web::{
    HttpRequest, HttpResponse, Resource, Responder,
    http::{Method, StatusCode, header},
    middleware::{Condition, from_fn},
    web::{self, Data, ServiceConfig},
};

pub use admin::admin_routes;

use crate::{auth::Auth, settings::Settings, socket::Origins};
use answer::Answer;

/// What the routes share.
pub struct State {
    auth: Auth,
    origins: Origins,
    is_https: bool,
    reveal_accounts: bool,
}

impl State {
    /// `settings.server.public_url` must be filled.
    pub fn new(settings: &Settings, auth: Auth, origins: Origins) -> Self {
        let (is_https, reveal_accounts) = (settings.server.is_https(), settings.auth.reveal_accounts);
        Self { auth, origins, is_https, reveal_accounts }
    }
}

/// The routes of `server.listen`, Socket.IO's aside.
pub fn routes(state: State) -> impl Fn(&mut ServiceConfig) + Clone + Send {
    let state = Data::new(state);
    move |config: &mut ServiceConfig| {
        let allowed = &state.origins.allowed;
        let cors = || Condition::new(!allowed.is_empty(), cors::cors(allowed));
        let guarded = |resource: Resource| resource.wrap(cors()).wrap(from_fn(guard::guard));
        config
            .app_data(state.clone())
            .app_data(request::json())
            .service(guarded(read("").route(web::get().to(home::home)).route(web::head().to(home::home))))
            .service(guarded(read("verify").route(web::get().to(verify::verify)).route(web::head().to(verify::look))))
            .service(guarded(read("me").route(web::get().to(me::me))))
            .service(guarded(write("signup").route(web::post().to(signup::signup))))
            .service(guarded(write("resend").route(web::post().to(resend::resend))))
            .service(guarded(write("login").route(web::post().to(login::login))))
            .service(guarded(write("logout").route(web::post().to(logout::logout))))
            .service(guarded(write("update-access-token").route(web::post().to(renew::renew))))
            .default_service(web::to(unknown));
    }
}

/// A path that is read.
fn read(path: &str) -> Resource {
    at(path, Method::GET)
}

/// A path that something is posted to.
fn write(path: &str) -> Resource {
    at(path, Method::POST)
}

/// A path in any case, with or without a slash at its end. Other methods than its routes' are answered 405.
fn at(path: &str, allowed: Method) -> Resource {
    let other = web::to(move |request: HttpRequest| wrong_method(allowed.clone(), request));
    web::resource(format!("/{{_:(?i:{path})/?}}")).default_service(other)
}

async fn wrong_method(allowed: Method, request: HttpRequest) -> HttpResponse {
    let answer = Answer::no(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method");
    answer.customize().insert_header(header::Allow(vec![allowed])).respond_to(&request).map_into_boxed_body()
}

async fn unknown() -> Answer {
    Answer::no(StatusCode::NOT_FOUND, "There is nothing here")
}
