//! A running account server: real HTTP on any free port, its own database, kept mail, and a clock that can be moved.
use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};

use actix_web::{App, HttpServer, dev::ServerHandle};
use greenroom::{
    auth::Auth,
    domain::{Email, SessionId, Timestamp},
    http::{self, State},
    limits::{Limits, Watch},
    mail::{Letter, Mailer},
    metrics::Metrics,
    settings::Settings,
    socket::Origins,
    store::Store,
};
use reqwest::{Client, Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};

use crate::scratch::Scratch;

/// A password that the server accepts.
pub const PASSWORD: &str = "tr0mbone in the attic";

pub struct Accounts {
    pub url: String,
    pub admin_url: String,
    pub auth: Auth,
    pub settings: Settings,
    mailer: Mailer,
    ended: Arc<Mutex<Vec<(SessionId, String)>>>,
    ahead: Arc<AtomicI64>,
    client: Client,
    servers: Vec<ServerHandle>,
    _scratch: Scratch,
}

/// An answer as a client sees it.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Accounts {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts with settings of its own.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::of(Mailer::keeping(), change).await
    }

    /// Starts with another way for mail. Nobody carries it there but the test.
    pub async fn with_mailer(mailer: Mailer) -> Self {
        Self::of(mailer, |_| ()).await
    }

    async fn of(mailer: Mailer, change: impl FnOnce(&mut Settings)) -> Self {
        let scratch = Scratch::new().await;
        let (public, admin) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
        let url = format!("http://{}", public.local_addr().unwrap());
        let admin_url = format!("http://{}", admin.local_addr().unwrap());
        let mut settings = Settings::defaults();
        settings.database.url = scratch.url.clone();
        settings.auth.secret_file = scratch.folder.path().join("secret");
        // What limits do has tests of its own; the others would have to wait for them.
        settings.limits.enabled = false;
        change(&mut settings);
        settings.server.bound_to(public.local_addr().unwrap());

        let store = Store::open(&settings.database).await.unwrap();
        let ahead = Arc::new(AtomicI64::new(0));
        let moved = ahead.clone();
        let clock = move || Timestamp(Timestamp::now().0 + moved.load(SeqCst));
        let auth = Auth::new(&settings, store.clone(), mailer.clone()).unwrap().with_clock(clock);
        let ended = Arc::new(Mutex::new(vec![]));
        let heard = ended.clone();
        let tell = Arc::new(move |_, session, reason: &str| heard.lock().unwrap().push((session, reason.to_owned())));
        let auth = auth.telling(tell);
        let allowed = settings.server.allowed_origins.clone();
        let origins = Origins { public_url: settings.server.origin(), allowed, cors: true, any: false };
        let moved = ahead.clone();
        let start = std::time::Instant::now();
        let watch = Watch::new(move || start.elapsed() + Duration::from_millis(moved.load(SeqCst) as u64));
        let limits = Arc::new(Limits::by(&settings.limits, watch));
        let routes = http::routes(State::new(&settings, auth.clone(), store.clone(), origins, limits));
        let watched = http::Admin::new(store, Metrics::new(auth.clone()));
        let servers = vec![serve(public, routes), serve(admin, http::admin_routes(watched))];
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { url, admin_url, auth, settings, mailer, ended, ahead, client, servers, _scratch: scratch }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    /// What the admin listener says.
    pub async fn admin(&self, path: &str) -> String {
        Reply::to(self.client.get(format!("{}{path}", self.admin_url))).await.text
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::to(self.request(Method::POST, path).json(&body)).await
    }

    /// Posts as a browser that keeps cookies.
    pub async fn post_with(&self, path: &str, cookies: &str, body: Value) -> Reply {
        Reply::to(self.request(Method::POST, path).header("Cookie", cookies).json(&body)).await
    }

    /// A sign-up by link.
    pub async fn sign_up(&self, email: &str, password: &str, name: &str) -> Reply {
        self.post("/signup", json!({"email": email, "password": password, "name": name})).await
    }

    pub async fn log_in(&self, email: &str, password: &str) -> Reply {
        self.post("/login", json!({"email": email, "password": password})).await
    }

    /// Signs up and follows the link. The reply carries the cookies of the first login.
    pub async fn join(&self, email: &str, name: &str) -> Reply {
        assert_eq!(self.sign_up(email, PASSWORD, name).await.status, 200);
        let reply = self.get(&self.links(email).pop().unwrap()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply
    }

    /// All letters to an address, oldest first.
    pub fn letters(&self, email: &str) -> Vec<Letter> {
        let email = Email::new(email).unwrap();
        self.mailer.kept().into_iter().filter(|(to, _)| *to == email).map(|(_, letter)| letter).collect()
    }

    /// The mailed links of an address without the server's own part, oldest first.
    pub fn links(&self, email: &str) -> Vec<String> {
        let links = self.letters(email).into_iter().filter_map(|letter| match letter {
            Letter::VerifyLink { link } => Some(link.strip_prefix(&self.settings.server.public_url).unwrap().into()),
            _ => None,
        });
        links.collect()
    }

    /// The newest mailed code of an address.
    pub fn code(&self, email: &str) -> String {
        let mut codes = self.letters(email).into_iter().filter_map(|letter| match letter {
            Letter::VerifyCode { code } => Some(code),
            _ => None,
        });
        codes.next_back().unwrap()
    }

    /// The sessions whose sockets were to be closed, and why.
    pub fn ended(&self) -> Vec<(SessionId, String)> {
        self.ended.lock().unwrap().clone()
    }

    /// Takes the sessions away from under the server.
    pub async fn break_database(&self) {
        let database = sea_orm::Database::connect(&self.settings.database.url).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&database, "ALTER TABLE session RENAME TO gone").await.unwrap();
    }

    /// Lets time pass for accounts and tokens.
    pub fn pass(&self, span: Duration) {
        self.ahead.fetch_add(span.as_millis() as i64, SeqCst);
    }
}

impl Drop for Accounts {
    fn drop(&mut self) {
        for server in &self.servers {
            drop(server.stop(false));
        }
    }
}

impl Reply {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// Status and `success`, after checking that there is a message.
    pub fn outcome(&self) -> (u16, i64) {
        let body = self.json();
        assert!(!body["message"].as_str().unwrap().is_empty());
        (self.status, body["success"].as_i64().unwrap())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` line of a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().to_owned());
        lines.into_iter().find(|line| line.starts_with(&format!("{name}=")))
    }

    /// The value that a cookie was set to.
    pub fn cookie(&self, name: &str) -> String {
        let line = self.set_cookie(name).unwrap();
        line[name.len() + 1..].split(';').next().unwrap().into()
    }

    /// What a browser would send from now on.
    pub fn cookies(&self) -> String {
        format!("access_token={}; refresh_token={}", self.cookie("access_token"), self.cookie("refresh_token"))
    }
}

fn serve(
    listener: TcpListener,
    routes: impl Fn(&mut actix_web::web::ServiceConfig) + Clone + Send + 'static,
) -> ServerHandle {
    let server = HttpServer::new(move || App::new().configure(routes.clone()));
    let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    handle
}
