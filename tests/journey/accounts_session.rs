//! GET /me, POST /logout and /update-access-token: what tokens are worth, and for how long.
use std::time::Duration;

use greenroom::{
    auth::{Denied, Fault, Password, Tokens},
    domain::{Description, Email, Name, Timestamp},
};
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, Reply, TestServer};

const QUARTER: Duration = Duration::from_secs(15 * 60);
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

async fn me(server: &TestServer, cookies: &str) -> Reply {
    Reply::to(server.request(Method::GET, "/me").header("Cookie", cookies)).await
}

fn access(reply: &Reply) -> String {
    format!("access_token={}", reply.cookie("access_token"))
}

fn refresh(reply: &Reply) -> String {
    format!("refresh_token={}", reply.cookie("refresh_token"))
}

#[actix_web::test]
async fn me_needs_a_login() {
    let server = TestServer::start().await;
    assert_eq!(server.get("/me").await.outcome(), (401, 0));
    for cookies in ["access_token=x", "refresh_token=x", "access_token=x; refresh_token=x", "other=1"] {
        assert_eq!(me(&server, cookies).await.outcome(), (401, 0), "{cookies}");
    }
    let bearer = server.request(Method::GET, "/me").bearer_auth("x");
    assert_eq!(Reply::to(bearer).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn an_access_token_works_for_its_life_without_leeway() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    server.pass(QUARTER - Duration::from_secs(5));
    assert_eq!(me(&server, &access(&login)).await.status, 200);
    server.pass(Duration::from_secs(5));
    assert_eq!(me(&server, &access(&login)).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn an_expired_or_missing_access_token_is_renewed_by_the_refresh_token() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    assert!(me(&server, &login.cookies()).await.set_cookie("access_token").is_none(), "nothing to renew");
    for missing in [refresh(&login), format!("access_token=; {}", refresh(&login))] {
        let renewed = me(&server, &missing).await;
        assert_eq!((renewed.status, renewed.set_cookie("access_token").is_some()), (200, true), "{missing}");
    }
    server.pass(QUARTER);
    let expired = me(&server, &login.cookies()).await;
    assert_eq!(expired.status, 200);
    assert_eq!(me(&server, &access(&expired)).await.status, 200, "the fresh one works alone");
    server.pass(MONTH);
    assert_eq!(me(&server, &login.cookies()).await.outcome(), (401, 0), "a login ends");
}

#[actix_web::test]
async fn a_clock_that_was_set_back_turns_nobody_away() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let access = Some(login.cookie("access_token"));
    let refresh = Some(login.cookie("refresh_token"));
    let back = |seconds| {
        let now = move || Timestamp::now().minus(Duration::from_secs(seconds));
        server.auth.clone().with_clock(now)
    };
    let alone = Tokens { access: access.clone(), refresh: None };
    assert_eq!(back(2).admit(&alone).await.unwrap().access_token, None, "a little is no matter");
    assert_eq!(back(7200).admit(&alone).await, Err(Denied::Refused("Invalid access token")));
    let admitted = back(7200).admit(&Tokens { access, refresh }).await.unwrap();
    assert!(admitted.access_token.is_some(), "the refresh token is good");
    let seen = server.auth.logins(admitted.user).await.unwrap()[0].last_seen_at;
    assert!(seen < Timestamp::now().minus(Duration::from_secs(3600)), "it was heard of by the clock in force");
}

#[actix_web::test]
async fn a_worthless_access_token_does_not_hide_a_good_refresh_token() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let renewed = me(&server, &format!("access_token=x.y.z; {}", refresh(&login))).await;
    assert_eq!((renewed.status, renewed.set_cookie("access_token").is_some()), (200, true));
    assert_eq!(me(&server, "access_token=x.y.z; refresh_token=x").await.outcome(), (401, 0));
    let bearer = server.request(Method::GET, "/me").bearer_auth("x.y.z").header("Cookie", refresh(&login));
    assert_eq!(Reply::to(bearer).await.outcome(), (401, 0), "a cookie does not count beside a header");
}

#[actix_web::test]
async fn no_access_token_outlives_its_session() {
    let server = TestServer::with(|settings| settings.auth.session_ttl = MONTH).await;
    let login = server.join("ann@x.org", "Ann").await;
    server.pass(MONTH - Duration::from_secs(60));
    let renewed = me(&server, &refresh(&login)).await;
    assert_eq!(me(&server, &access(&renewed)).await.status, 200);
    server.pass(Duration::from_secs(120));
    assert_eq!(me(&server, &access(&renewed)).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn tokens_of_two_sessions_do_not_add_up() {
    let server = TestServer::start().await;
    let ann = server.join("ann@x.org", "Ann").await;
    let bob = server.join("bob@x.org", "Bob").await;
    server.pass(QUARTER);
    let mixed = format!("{}; {}", access(&ann), refresh(&bob));
    assert_eq!(me(&server, &mixed).await.outcome(), (401, 0));
}

#[actix_web::test]
async fn logging_out_revokes_the_session_clears_the_cookies_and_closes_its_sockets() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let other = server.log_in("ann@x.org", PASSWORD).await;
    let out = server.post_with("/logout", &login.cookies(), json!({})).await;
    assert_eq!(out.outcome(), (200, 1));
    for name in ["access_token", "refresh_token"] {
        let line = out.set_cookie(name).unwrap();
        assert!(
            line.starts_with(&format!("{name}=;")) && line.contains("Max-Age=0") && line.contains("Path=/"),
            "{line}"
        );
    }
    assert_eq!(server.ended().len(), 1);
    assert_eq!(server.ended()[0].1, "Logged out");
    for dead in [access(&login), refresh(&login), login.cookies()] {
        assert_eq!(me(&server, &dead).await.outcome(), (401, 0), "before the token expires");
    }
    assert_eq!(me(&server, &other.cookies()).await.status, 200, "other logins stay");
}

#[actix_web::test]
async fn any_trace_of_a_session_is_enough_to_log_out_and_none_is_no_mistake() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    for trace in [access as fn(&Reply) -> String, refresh] {
        let login = server.log_in("ann@x.org", PASSWORD).await;
        server.pass(QUARTER);
        let before = server.ended().len();
        let out = Reply::to(server.request(Method::POST, "/logout").header("Cookie", trace(&login))).await;
        assert_eq!((out.outcome(), server.ended().len()), ((200, 1), before + 1));
        assert_eq!(me(&server, &refresh(&login)).await.status, 401);
    }
    let before = server.ended().len();
    assert_eq!(Reply::to(server.request(Method::POST, "/logout")).await.outcome(), (200, 1));
    let garbage = server.request(Method::POST, "/logout").header("Cookie", "access_token=x; refresh_token=y");
    assert_eq!(Reply::to(garbage).await.outcome(), (200, 1));
    assert_eq!(server.ended().len(), before);
}

#[actix_web::test]
async fn a_bearer_token_logs_out_as_a_cookie_does() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let out = server.request(Method::POST, "/logout").bearer_auth(login.cookie("access_token"));
    assert_eq!(Reply::to(out).await.outcome(), (200, 1));
    assert_eq!(me(&server, &login.cookies()).await.status, 401);
}

#[actix_web::test]
async fn a_page_may_store_an_access_token_of_its_own_session_only() {
    let server = TestServer::start().await;
    let ann = server.join("ann@x.org", "Ann").await;
    let bob = server.join("bob@x.org", "Bob").await;
    let own = json!({"acessToken": ann.cookie("access_token")});
    let stored = server.post_with("/update-access-token", &refresh(&ann), own.clone()).await;
    assert_eq!((stored.outcome(), stored.cookie("access_token")), ((200, 1), ann.cookie("access_token")));
    assert!(stored.set_cookie("access_token").unwrap().contains("Max-Age=900"));
    for cookies in [refresh(&bob), "refresh_token=x".into(), "a=b".into()] {
        let refused = server.post_with("/update-access-token", &cookies, own.clone()).await;
        assert_eq!(refused.outcome(), (401, 0), "{cookies}");
        assert!(refused.set_cookie("access_token").is_none());
    }
    for wrong in [json!({}), json!({"acessToken": 1}), json!({"accessToken": "x"})] {
        let refused = server.post_with("/update-access-token", &refresh(&ann), wrong.clone()).await;
        assert_eq!(refused.outcome(), (400, -1), "{wrong}");
    }
    server.pass(QUARTER);
    let late = server.post_with("/update-access-token", &refresh(&ann), own).await;
    assert_eq!(late.outcome(), (401, 0), "an expired one");
}

#[actix_web::test]
async fn the_operator_adds_people_who_need_no_mail_and_issues_long_lived_tokens() {
    let server = TestServer::start().await;
    let name = Name::new("Zoe").unwrap();
    let email = Email::new("zoe@x.org").unwrap();
    let password = Password::new(PASSWORD).unwrap();
    let tell = |_| Ok::<_, Fault>(());
    let id = server.auth.add_verified_user(&name, &email, &password, tell).await.unwrap();
    assert_eq!(server.log_in("zoe@x.org", PASSWORD).await.outcome(), (200, 1));
    assert!(server.auth.add_verified_user(&name, &email, &password, tell).await.is_err(), "twice");

    let opened = server.auth.issue(&[id], MONTH * 12).await.unwrap().remove(0);
    server.pass(MONTH * 11);
    let tokens = Tokens { access: Some(opened.access), refresh: None };
    let admitted = server.auth.admit(&tokens).await.unwrap();
    assert_eq!((admitted.user, admitted.name, admitted.login), (id, name, opened.login));
}

#[actix_web::test]
async fn admission_takes_one_query_whichever_token_decides() {
    let server = TestServer::start().await;
    let login = server.join("ann@x.org", "Ann").await;
    let store = greenroom::store::Store::open(&server.settings.database).await.unwrap();
    let auth = greenroom::auth::Auth::new(&server.settings, store.clone(), greenroom::mail::Mailer::keeping()).unwrap();
    let access = login.cookie("access_token");
    let refresh = login.cookie("refresh_token");
    for tokens in [
        Tokens { access: Some(access), refresh: Some(refresh.clone()) },
        Tokens { access: None, refresh: Some(refresh) },
    ] {
        let before = store.statements();
        auth.admit(&tokens).await.unwrap();
        assert_eq!(store.statements() - before, 1);
    }
    assert_eq!(auth.admit(&Tokens::default()).await, Err(Denied::Refused("Not logged in")));
}

#[actix_web::test]
async fn a_bearer_enters_with_one_query_unless_the_session_is_over() {
    let server = TestServer::start().await;
    let ann = server.join("ann@x.org", "Ann").await;
    let bob = server.join("bob@x.org", "Bob").await;
    let store = greenroom::store::Store::open(&server.settings.database).await.unwrap();
    let auth = greenroom::auth::Auth::new(&server.settings, store.clone(), greenroom::mail::Mailer::keeping()).unwrap();
    let bearer = async |login: &Reply| {
        let tokens = Tokens { access: Some(login.cookie("access_token")), refresh: None };
        auth.bearer(&tokens).await.unwrap()
    };
    let before = store.statements();
    let ann = bearer(&ann).await;
    let bob = bearer(&bob).await;
    let (admitted, lists) = auth.enter(ann.clone()).await.unwrap();
    assert_eq!((admitted.user, admitted.name.as_str(), store.statements() - before), (ann.user, "Ann", 1));
    assert!(lists.personal.is_empty() && lists.groups.is_empty());

    let chat = store.create_personal_chat(ann.user, bob.user).await.unwrap().unwrap().chat;
    let name = Name::new("Band").unwrap();
    let description = Description::new("").unwrap();
    let group = store.create_group(&name, &description, &[bob.user, ann.user]).await.unwrap().unwrap();
    let (_, entered) = auth.enter(ann.clone()).await.unwrap();
    let asked = store.lists(ann.user).await.unwrap();
    assert_eq!((&entered.personal, &entered.groups), (&asked.personal, &asked.groups));
    assert_eq!((entered.personal[0].chat, entered.groups[0].chat), (chat, group));

    store.end_login(ann.user, ann.login, Timestamp::now()).await.unwrap();
    assert_eq!(auth.enter(ann).await.unwrap_err(), Denied::Refused("Session ended"));
}
