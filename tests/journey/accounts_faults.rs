//! What a client is told, and what the log keeps to itself, when something breaks.
use std::sync::{LazyLock, Mutex};

use log::{LevelFilter, Log, Metadata, Record};
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

/// Everything that any crate logs, at every level.
struct Kept(Mutex<String>);

static LOG: LazyLock<&'static Kept> = LazyLock::new(|| {
    let kept: &'static Kept = Box::leak(Box::new(Kept(Mutex::default())));
    log::set_logger(kept).unwrap();
    log::set_max_level(LevelFilter::Trace);
    kept
});

impl Log for Kept {
    fn enabled(&self, _: &Metadata) -> bool {
        true
    }

    fn log(&self, record: &Record) {
        // The test's own client shows what it sends.
        if !["reqwest", "hyper"].iter().any(|own| record.target().starts_with(own)) {
            let line = format!("{} {}\n", record.target(), record.args());
            self.0.lock().unwrap().push_str(&line);
        }
    }

    fn flush(&self) {}
}

#[actix_web::test]
async fn no_password_token_code_or_whole_address_is_in_the_log_at_any_level() {
    let log = *LOG;
    let server = TestServer::with(|settings| settings.auth.reveal_accounts = true).await;
    let email = "ann.planted@x.org";
    let wrong = "a wrong planted pass phrase";
    let login = server.join(email, "Ann").await;
    server.sign_up(email, PASSWORD, "Ann").await;
    server.log_in(email, wrong).await;
    let second = server.log_in(email, PASSWORD).await;
    server.post("/login", json!({"email": email, "password": {"planted": wrong}})).await;
    let body = json!({"email": "bob.planted@x.org", "password": PASSWORD, "name": "Bob", "source": "app"});
    server.post("/signup", body).await;
    let code = server.code("bob.planted@x.org");
    server.get(&format!("/verify?email=bob.planted@x.org&token={code}&source=app")).await;
    server
        .post_with("/update-access-token", &login.cookies(), json!({"acessToken": login.cookie("access_token")}))
        .await;
    server.post_with("/logout", &login.cookies(), json!({})).await;

    let log = log.0.lock().unwrap().clone();
    assert!(log.contains("login of a***@x.org from 127.0.0.1 refused: wrong password"), "{log}");
    assert!(log.contains("logged in from 127.0.0.1"), "{log}");
    let link = server.links(email).remove(0);
    let (_, token) = link.rsplit_once("token=").unwrap();
    let tokens = [&login, &second].map(|login| [login.cookie("access_token"), login.cookie("refresh_token")]);
    let secrets = tokens.iter().flatten().map(String::as_str).chain([token, PASSWORD, wrong, "planted@x.org"]);
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    let code_said = log.lines().any(|line| line.starts_with("greenroom") && line.contains(&code));
    assert!(!code_said, "the code is in the log");
}

#[actix_web::test]
async fn a_broken_database_is_not_described_to_clients_and_the_server_lives_on() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    server.break_database().await;
    let me = Reply::to(server.request(Method::GET, "/me").header("Cookie", login.cookies())).await;
    let again = server.log_in("ann@x.org", PASSWORD).await;
    for reply in [me, again] {
        assert_eq!(reply.outcome(), (500, -4));
        assert!(!reply.text.contains("table") && !reply.text.contains("session"), "{}", reply.text);
    }
    assert_eq!(server.get("/").await.status, 200);
}
