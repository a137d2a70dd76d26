//! GET /sessions and DELETE /sessions/{id}: seeing and ending one's logins.
use std::time::Duration;

use reqwest::Method;

use crate::support::{PASSWORD, Reply, TestServer};

async fn sessions(server: &TestServer, cookies: &str) -> Vec<serde_json::Value> {
    let reply = Reply::to(server.request(Method::GET, "/sessions").header("Cookie", cookies)).await;
    assert_eq!(reply.outcome(), (200, 1));
    reply.json()["Sessions"].as_array().unwrap().clone()
}

async fn delete(server: &TestServer, cookies: &str, id: &str) -> Reply {
    Reply::to(server.request(Method::DELETE, &format!("/sessions/{id}")).header("Cookie", cookies)).await
}

#[actix_web::test]
async fn the_list_names_each_login_and_which_one_asks() {
    let server = TestServer::start().await;
    server.join("bob@x.org", "Bob").await;
    let first = server.join("ann@x.org", "Ann").await;
    server.pass(Duration::from_secs(60));
    let login = server.request(Method::POST, "/login").header("User-Agent", "phone");
    let phone = Reply::to(login.json(&serde_json::json!({"email": "ann@x.org", "password": PASSWORD}))).await;
    let list = sessions(&server, &phone.cookies()).await;
    assert_eq!(list.len(), 2, "nobody else's");
    assert_eq!(
        (&list[0]["Current"], &list[0]["UserAgent"], &list[0]["Ip"]),
        (&true.into(), &"phone".into(), &"127.0.0.1".into())
    );
    assert_eq!(list[1]["Current"], false);
    for time in ["CreatedAt", "LastSeenAt"] {
        assert_eq!(list[0][time].as_str().unwrap().len(), 24);
    }
    server.pass(Duration::from_secs(600));
    assert_eq!(sessions(&server, &first.cookies()).await[0]["Current"], true, "the latest used comes first");
    assert_eq!(server.get("/sessions").await.outcome(), (401, 0));
}

#[actix_web::test]
async fn a_revoked_session_is_over_at_once_and_its_sockets_are_closed() {
    let server = TestServer::start().await;
    let lost = server.join("ann@x.org", "Ann").await;
    let here = server.log_in("ann@x.org", PASSWORD).await;
    let list = sessions(&server, &here.cookies()).await;
    let id = list.iter().find(|row| row["Current"] == false).unwrap()["Id"].as_str().unwrap();
    assert_eq!(delete(&server, &here.cookies(), id).await.outcome(), (200, 1));
    assert_eq!((server.ended().len(), server.ended()[0].0.to_string()), (1, id.to_owned()));
    let me = server.request(Method::GET, "/me").header("Cookie", lost.cookies());
    assert_eq!(Reply::to(me).await.status, 401);
    assert_eq!(delete(&server, &here.cookies(), id).await.outcome(), (404, 0), "twice");
    assert_eq!(sessions(&server, &here.cookies()).await.len(), 1);
}

#[actix_web::test]
async fn revoking_the_calling_session_clears_its_cookies() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let id = sessions(&server, &login.cookies()).await[0]["Id"].as_str().unwrap().to_owned();
    let out = delete(&server, &login.cookies(), &id).await;
    assert_eq!((out.outcome(), out.cookie("access_token")), ((200, 1), String::new()));
}

#[actix_web::test]
async fn somebody_elses_session_answers_like_none() {
    let server = TestServer::start().await;
    let ann = server.join("ann@x.org", "Ann").await;
    let bob = server.join("bob@x.org", "Bob").await;
    let bobs = sessions(&server, &bob.cookies()).await[0]["Id"].as_str().unwrap().to_owned();
    let refused = delete(&server, &ann.cookies(), &bobs).await;
    for id in ["x", "00000000-0000-7000-8000-000000000000"] {
        let absent = delete(&server, &ann.cookies(), id).await;
        assert_eq!((refused.status, &refused.text), (absent.status, &absent.text));
    }
    assert_eq!((refused.status, server.ended().len()), (404, 0));
    assert_eq!(delete(&server, "access_token=x", &bobs).await.outcome(), (401, 0));
}
