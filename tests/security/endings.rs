//! Whatever ends a session closes its sockets within a second, and leaves the others.
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, Person, Server, Socket};

const SECOND: Duration = Duration::from_secs(1);
const NEW: &str = "an entirely new phrase";

/// The socket is told why and dismissed, in time.
async fn is_closed(socket: &mut Socket, since: Instant, reason: &str) {
    assert_eq!(socket.next("auth-failure").await["reason"], reason);
    socket.ended().await;
    assert!(since.elapsed() < SECOND, "{reason}: {:?}", since.elapsed());
}

async fn is_alive(socket: &mut Socket) {
    assert_eq!(socket.code("fetch-user-details", json!({})).await, "Ok");
}

async fn two_logins() -> (Server, [Person; 2], [Socket; 2]) {
    let server = Server::start(&[]);
    let here = server.person("Ann").await;
    let there = server.log_in(&here.id, &here.email, PASSWORD).await;
    let sockets = [server.socket(&here).await, server.socket(&there).await];
    (server, [here, there], sockets)
}

#[actix_web::test]
async fn logging_out_closes_the_sockets_of_that_login_alone() {
    let (server, [here, _], [mut mine, mut other]) = two_logins().await;
    let since = Instant::now();
    assert_eq!(server.post_as(&here, "/logout", json!({})).await.status, 200);
    is_closed(&mut mine, since, "Logged out").await;
    is_alive(&mut other).await;
}

#[actix_web::test]
async fn revoking_a_session_closes_its_sockets() {
    let (server, [here, _], [mut mine, mut other]) = two_logins().await;
    let list = Answer::to(server.request(Method::GET, "/sessions").bearer_auth(&here.access)).await.json();
    let rows = list["Sessions"].as_array().unwrap();
    let id = rows.iter().find(|row| row["Current"] == false).unwrap()["Id"].as_str().unwrap();
    let since = Instant::now();
    let revoked = server.request(Method::DELETE, &format!("/sessions/{id}")).bearer_auth(&here.access);
    assert_eq!(Answer::to(revoked).await.status, 200);
    is_closed(&mut other, since, "Logged out").await;
    is_alive(&mut mine).await;
}

#[actix_web::test]
async fn changing_the_password_closes_all_other_sockets() {
    let (server, [here, _], [mut mine, mut other]) = two_logins().await;
    let body = json!({"currentPassword": PASSWORD, "newPassword": NEW});
    assert_eq!(server.post_as(&here, "/change-password", body).await.status, 200);
    let since = Instant::now();
    is_closed(&mut other, since, "Password changed").await;
    is_alive(&mut mine).await;
}

#[actix_web::test]
async fn resetting_the_password_closes_all_sockets() {
    let (server, [here, _], mut sockets) = two_logins().await;
    assert_eq!(server.post("/forgot-password", json!({"email": here.email})).await.status, 200);
    let mail = server.mails().pop().unwrap();
    let (_, token) = mail.lines().find(|line| line.contains("token=")).unwrap().trim().split_once("token=").unwrap();
    let reset = server.post("/reset-password", json!({"token": token, "password": NEW})).await;
    let since = Instant::now();
    assert_eq!(reset.status, 200);
    for socket in &mut sockets {
        is_closed(socket, since, "Password changed").await;
    }
}

#[actix_web::test]
async fn using_a_refresh_token_twice_closes_the_sockets_of_the_thief_and_the_owner() {
    let (server, [here, _], [mut mine, mut other]) = two_logins().await;
    let refresh = async |token: String| server.post("/refresh", json!({"refreshToken": token})).await;
    let second = refresh(here.refresh.clone()).await.json()["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(refresh(second).await.status, 200);
    let since = Instant::now();
    assert_eq!(refresh(here.refresh.clone()).await.status, 401);
    is_closed(&mut mine, since, "Session ended").await;
    is_alive(&mut other).await;
}
