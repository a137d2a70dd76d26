//! The HTTP routes, one file per feature. The only room that knows status codes, cookies and HTML.
//! Browsers and apps call it; it asks `auth`.
//!
//! ```
//! use actix_web::{
//!     App,
//!     test::{TestRequest, call_service, init_service},
//! };
//! use greenroom::{auth::Auth, http, limits::Rates, mail::Mailer, media::ByteStore, settings::Settings, socket::Origins, store::Store};
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let mut settings = Settings::defaults();
//! # settings.database.url = format!("sqlite://{}/chat.db", folder.path().display()).into();
//! # settings.auth.secret_file = folder.path().join("secret");
//! # settings.files.folder = folder.path().join("files");
//! # let store = Store::open(&settings.database).await?;
//! # let auth = Auth::new(&settings, store.clone(), Mailer::keeping())?;
//! let about = http::About::new(&settings);
//! let files = http::Files::new(&settings, ByteStore::open(&settings.files)?);
//! let state = http::State::new(&settings, auth, store, Origins::default(), Rates::none(), about, files);
//! let app = init_service(App::new().configure(http::routes(state))).await;
//! let answer = call_service(&app, TestRequest::get().uri("/me").to_request()).await;
//! assert_eq!(answer.status(), 401);
//! # Ok(())
//! # }
//! ```
mod about;
mod accounts;
mod admin;
mod answer;
mod browser;
mod cookies;
mod cors;
mod files;
mod guard;
mod limits;
mod object;
mod page;
mod request;

use std::sync::Arc;

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, ResponseError,
    http::{Method, StatusCode, header},
    middleware::{Condition, from_fn},
    web::{self, Data, ServiceConfig},
};

use ipnet::IpNet;

pub use admin::{Admin, AskCluster, Busiest, admin_routes};

use crate::{
    auth::{Admitted, Auth},
    limits::Rates,
    settings::Settings,
    socket::{Fallback, Origins},
    store::Store,
};
pub use about::About;
use accounts::{
    change_password, export, forgot_password, login, logout, me, refresh, renew, resend, reset_password, sessions,
    signup, verify,
};
use answer::Answer;
pub use files::Files;
use request::visitor_of;

/// What the routes share. Cheap to clone.
#[derive(Clone)]
pub struct State {
    auth: Auth,
    store: Store,
    origins: Origins,
    limits: Arc<Rates>,
    trusted_proxies: Vec<IpNet>,
    is_https: bool,
    reveal_accounts: bool,
    about: About,
    files: Files,
}

impl State {
    /// `settings.server.public_url` must be filled.
    pub fn new(
        settings: &Settings,
        auth: Auth,
        store: Store,
        origins: Origins,
        limits: Arc<Rates>,
        about: About,
        files: Files,
    ) -> Self {
        let is_https = settings.server.is_https();
        let reveal_accounts = settings.auth.reveal_accounts;
        let trusted_proxies = settings.server.proxies();
        Self { auth, store, origins, limits, trusted_proxies, is_https, reveal_accounts, about, files }
    }

    /// Who asks, if that is somebody who is logged in.
    async fn caller(&self, request: &HttpRequest) -> Result<Admitted, Answer> {
        Ok(self.auth.admit(&cookies::tokens(request)).await?)
    }

    /// An answer to a caller, who gets a fresh access token along with it if the old one had expired.
    fn renewing(&self, caller: &Admitted, answer: Answer) -> Answer {
        answer.set(caller.access_token.iter().map(|token| self.access_cookie(token)))
    }
}

/// The routes of `server.listen`, Socket.IO's aside.
pub fn routes(state: State) -> impl Fn(&mut ServiceConfig) + Clone + Send {
    let state = Data::new(state);
    move |config: &mut ServiceConfig| {
        let allowed = &state.origins.allowed;
        let cors = || Condition::new(!allowed.is_empty(), cors::cors(allowed));
        let open = |resource: Resource| resource.wrap(cors()).wrap(from_fn(guard::guard));
        let guarded =
            |resource: Resource| resource.wrap(from_fn(guard::origin)).wrap(cors()).wrap(from_fn(guard::guard));
        let coded = |resource: Resource| guarded(resource).wrap(from_fn(guard::coded));
        config
            .app_data(state.clone())
            .app_data(request::json())
            .service(guarded(client("/{_:(?:(?i:app)(?:/.*)?|(?i:join)/[^/]+/?)?}", browser::page)))
            .service(guarded(client(r"/{_:(?:assets|icons)/.+|sw\.js|manifest\.webmanifest}", browser::file)))
            .service(guarded(read("about").route(web::get().to(about::about))))
            .service(guarded(
                at("verify", &[Method::GET, Method::POST])
                    .route(web::get().to(verify::verify))
                    .route(web::head().to(verify::look))
                    .route(web::post().to(verify::by_hand)),
            ))
            .service(guarded(
                at("me", &[Method::GET, Method::DELETE])
                    .route(web::get().to(me::me))
                    .route(web::delete().to(me::delete)),
            ))
            .service(guarded(read("me/export").route(web::get().to(export::export))))
            .service(coded(write("files").route(web::post().to(files::upload))))
            .service(coded(
                resource("(?i:files)", "/{id:[^/]+}{_end:/?}", &[Method::GET, Method::HEAD, Method::DELETE])
                    .route(web::get().to(files::whole))
                    .route(web::head().to(files::whole))
                    .route(web::delete().to(files::delete)),
            ))
            .service(coded(
                resource("(?i:files)", "/{id:[^/]+}/{_part:(?i:thumbnail)/?}", &[Method::GET, Method::HEAD])
                    .route(web::get().to(files::thumbnail))
                    .route(web::head().to(files::thumbnail)),
            ))
            .service(guarded(read("sessions").route(web::get().to(sessions::list))))
            .service(guarded(one_of("sessions").route(web::delete().to(sessions::revoke))))
            .service(guarded(write("signup").route(web::post().to(signup::signup))))
            .service(guarded(write("resend").route(web::post().to(resend::resend))))
            .service(guarded(write("login").route(web::post().to(login::login))))
            .service(guarded(write("logout").route(web::post().to(logout::logout))))
            .service(guarded(write("update-access-token").route(web::post().to(renew::renew))))
            .service(guarded(write("refresh").route(web::post().to(refresh::refresh))))
            .service(guarded(write("forgot-password").route(web::post().to(forgot_password::forgot))))
            .service(guarded(write("change-password").route(web::post().to(change_password::change))))
            // A page without referrer posts with the origin `null`. No cookie counts here, so nothing is lost by it.
            .service(open(
                at("reset-password", &[Method::GET, Method::POST])
                    .route(web::get().to(reset_password::ask))
                    .route(web::post().to(reset_password::reset)),
            ))
            .default_service(web::to(unknown).wrap(from_fn(guard::guard)));
    }
}

/// What a request for a socket gets where there is none: the answer to any request for a path where nothing is.
pub fn elsewhere(state: State) -> Fallback {
    Fallback(Arc::new(move |head| {
        let counted = state.count_request(&visitor_of(&state, head));
        let mut response = counted.err().unwrap_or_else(nothing).error_response();
        guard::finish(&state, response.headers_mut());
        response
    }))
}

/// Paths of the browser client.
fn client<F, Args>(paths: &str, handler: F) -> Resource
where
    F: Handler<Args, Output: Responder + 'static> + Clone,
    Args: FromRequest + 'static,
{
    let other = web::to(|request: HttpRequest| wrong_method(vec![Method::GET, Method::HEAD], request));
    web::resource(paths).default_service(other).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A path that is read.
fn read(path: &str) -> Resource {
    at(path, &[Method::GET])
}

/// A path that something is posted to.
fn write(path: &str) -> Resource {
    at(path, &[Method::POST])
}

/// One thing of many, by its id.
fn one_of(path: &str) -> Resource {
    resource(&format!("(?i:{path})"), "/{id:[^/]+}{_end:/?}", &[Method::DELETE])
}

/// A path in any case, with or without a slash at its end. Other methods than its routes' are answered 405.
fn at(path: &str, allowed: &[Method]) -> Resource {
    resource(&format!("(?i:{path})/?"), "", allowed)
}

fn resource(path: &str, rest: &str, allowed: &[Method]) -> Resource {
    let allowed = allowed.to_vec();
    let other = web::to(move |request: HttpRequest| wrong_method(allowed.clone(), request));
    web::resource(format!("/{{_:{path}}}{rest}")).default_service(other)
}

async fn wrong_method(allowed: Vec<Method>, request: HttpRequest) -> HttpResponse {
    let answer = Answer::no(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method");
    answer.customize().insert_header(header::Allow(allowed)).respond_to(&request).map_into_boxed_body()
}

async fn unknown() -> Answer {
    nothing()
}

fn nothing() -> Answer {
    Answer::no(StatusCode::NOT_FOUND, "There is nothing here")
}
