//! Mail that waits: a mail server that is down delays letters and loses none.
use std::{net::TcpListener, time::Duration};

use greenroom::{auth::Auth, mail::Mailer, settings::Transport, store::Store};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{PASSWORD, TestServer};

/// The same database with another way for mail: as after a restart.
async fn restarted(server: &TestServer, mailer: Mailer, ahead: Duration) -> Auth {
    let store = Store::open(&server.settings.database).await.unwrap();
    let now = move || greenroom::domain::Timestamp::now().plus(ahead);
    Auth::new(&server.settings, store, mailer).unwrap().with_clock(now)
}

/// A mail server that is not there.
fn down() -> Mailer {
    let mut settings = greenroom::settings::Settings::defaults().mail;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    (settings.transport, settings.smtp_url) = (Transport::Smtp, format!("smtp://127.0.0.1:{port}").into());
    Mailer::new(&settings).unwrap()
}

#[actix_web::test]
async fn mail_waits_for_a_mail_server_that_is_down_and_survives_a_restart() {
    let server = TestServer::with_mailer(down()).await;
    for email in ["ann@x.org", "bob@x.org"] {
        assert_eq!(server.sign_up(email, PASSWORD, "Ann").await.outcome(), (200, 1), "the client is not concerned");
    }
    server.auth.send_due_mail().await.unwrap();
    assert_eq!(server.auth.waiting_mails().await.unwrap(), 2);
    let metrics = server.admin("/metrics").await;
    assert!(metrics.contains("\ngreenroom_mail_waiting 2\n"), "{metrics}");

    let mailer = Mailer::keeping();
    let soon = restarted(&server, mailer.clone(), Duration::from_secs(1)).await;
    soon.send_due_mail().await.unwrap();
    assert_eq!(mailer.kept().len(), 0, "there is a pause after a failure");
    let later = restarted(&server, mailer.clone(), Duration::from_secs(60)).await;
    later.send_due_mail().await.unwrap();
    let mut reached: Vec<_> = mailer.kept().iter().map(|(to, _)| to.to_string()).collect();
    reached.sort();
    assert_eq!((reached, later.waiting_mails().await.unwrap()), (vec!["ann@x.org".into(), "bob@x.org".into()], 0));
}

#[actix_web::test]
async fn two_servers_on_one_database_send_a_mail_once() {
    let server = TestServer::with_mailer(down()).await;
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    let mailer = Mailer::keeping();
    let (one, two) = (
        restarted(&server, mailer.clone(), Duration::from_secs(60)).await,
        restarted(&server, mailer.clone(), Duration::from_secs(60)).await,
    );
    let (first, second) = futures_util::future::join(one.send_due_mail(), two.send_due_mail()).await;
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(mailer.kept().len(), 1);
}

#[actix_web::test]
async fn waiting_mails_show_nobody_who_can_read_the_database_a_link_or_an_address() {
    let server = TestServer::with_mailer(down()).await;
    server.sign_up("ann.planted@x.org", PASSWORD, "Ann").await;
    let database = sea_orm::Database::connect(server.settings.database.url.expose_secret()).await.unwrap();
    let query = sea_orm::Statement::from_string(sea_orm::DatabaseBackend::Sqlite, "SELECT sealed FROM mail");
    let rows = sea_orm::ConnectionTrait::query_all_raw(&database, query).await.unwrap();
    let sealed: String = rows[0].try_get("", "sealed").unwrap();
    assert!(sealed.len() > 100 && !sealed.contains("planted") && !sealed.contains("verify"));
}

#[actix_web::test]
async fn for_an_address_without_an_account_a_row_is_written_and_nobody_is_mailed() {
    let server = TestServer::with_mailer(down()).await;
    server.post("/forgot-password", json!({"email": "nobody@x.org"})).await;
    server.post("/resend", json!({"email": "nobody@x.org"})).await;
    assert_eq!(server.auth.waiting_mails().await.unwrap(), 2);
    let mailer = Mailer::keeping();
    let later = restarted(&server, mailer.clone(), Duration::from_secs(60)).await;
    later.send_due_mail().await.unwrap();
    assert_eq!((mailer.kept().len(), later.waiting_mails().await.unwrap()), (0, 0));
}
