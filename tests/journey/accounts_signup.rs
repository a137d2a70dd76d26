//! POST /signup and /resend: what is answered, what is mailed, and what strangers do not learn.
use std::time::Duration;

use greenroom::{
    auth::{Delivery, Password},
    domain::{Email, Name, Timestamp},
    mail::Letter,
};
use serde_json::json;

use crate::support::{PASSWORD, TestServer};

#[actix_web::test]
async fn signing_up_mails_a_link_to_the_public_address_of_the_server() {
    let server = TestServer::with(|settings| settings.server.public_url = "https://chat.example.org".into()).await;
    assert_eq!(server.sign_up("Ann+1@X.org", PASSWORD, "Ann").await.outcome(), (200, 1));
    let [Letter::VerifyLink { link }] = &server.letters("ann+1@x.org")[..] else { panic!("one link") };
    assert!(link.starts_with("https://chat.example.org/verify?email=ann%2B1%40x.org&token="), "{link}");
}

#[actix_web::test]
async fn an_app_gets_a_code_of_six_digits_instead() {
    let server = TestServer::start().await;
    let body = json!({"email": "ann@x.org", "password": PASSWORD, "name": "Ann", "source": "app"});
    assert_eq!(server.post("/signup", body).await.outcome(), (200, 1));
    let code = server.code("ann@x.org");
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
    assert!(server.links("ann@x.org").is_empty());
}

#[actix_web::test]
async fn a_missing_or_wrong_field_is_answered_minus_one_and_mails_nothing() {
    let server = TestServer::start().await;
    for wrong in [
        json!({}),
        json!([]),
        json!("ann"),
        json!({"email": "ann@x.org", "password": PASSWORD}),
        json!({"email": {"$ne": ""}, "password": PASSWORD, "name": "Ann"}),
        json!({"email": "ann@x.org", "password": 12345678, "name": "Ann"}),
        json!({"email": "ann@x.org", "password": PASSWORD, "name": ["Ann"]}),
        json!({"email": "ann@x.org", "password": PASSWORD, "name": "Ann", "source": 1}),
        json!({"email": "ann", "password": PASSWORD, "name": "Ann"}),
        json!({"email": "änn@x.org", "password": PASSWORD, "name": "Ann"}),
        json!({"email": "ann@x..org", "password": PASSWORD, "name": "Ann"}),
        json!({"email": "ann@x.org\r\nBcc: eve@x.org", "password": PASSWORD, "name": "Ann"}),
        json!({"email": "ann@x.org", "password": "short", "name": "Ann"}),
        json!({"email": "ann@x.org", "password": format!("{PASSWORD}\0"), "name": "Ann"}),
        json!({"email": "ann@x.org", "password": PASSWORD, "name": "A\0nn"}),
        json!({"email": "ann\0@x.org", "password": PASSWORD, "name": "Ann"}),
        json!(["ann@x.org", PASSWORD, "Ann", null]),
        json!({"email": "ann@x.org", "password": "p".repeat(129), "name": "Ann"}),
        json!({"email": "ann@x.org", "password": "Password123", "name": "Ann"}),
        json!({"email": "ann@x.org", "password": PASSWORD, "name": "  "}),
        json!({"email": "ann@x.org", "password": PASSWORD, "name": "n".repeat(65)}),
    ] {
        assert_eq!(server.post("/signup", wrong.clone()).await.outcome(), (400, -1), "{wrong}");
    }
    assert!(server.letters("ann@x.org").is_empty());
}

#[actix_web::test]
async fn a_taken_address_is_answered_like_a_new_one_and_only_its_owner_hears_of_it() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    let (taken, new) = (
        server.sign_up("ann@x.org", "another pass phrase", "Eve").await,
        server.sign_up("bob@x.org", "another pass phrase", "Bob").await,
    );
    assert_eq!((taken.status, &taken.text), (new.status, &new.text));
    assert!(matches!(server.letters("ann@x.org").last(), Some(Letter::AlreadyRegistered { .. })));
    assert_eq!(server.log_in("ann@x.org", "another pass phrase").await.outcome(), (401, 0));
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn resending_answers_alike_for_unknown_waiting_and_verified_addresses() {
    let server = TestServer::start().await;
    server.join("ann@x.org", "Ann").await;
    server.sign_up("bob@x.org", PASSWORD, "Bob").await;
    let mut answers = vec![];
    for email in ["ann@x.org", "bob@x.org", "eve@x.org"] {
        let reply = server.post("/resend", json!({"email": email})).await;
        assert_eq!(reply.outcome(), (200, 1));
        answers.push(reply.text);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(server.links("ann@x.org").len(), 1);
    assert_eq!(server.links("bob@x.org").len(), 2);
    assert!(server.letters("eve@x.org").is_empty());
    assert_eq!(server.post("/resend", json!({"email": 7})).await.outcome(), (400, -1));
    assert_eq!(server.post("/resend", json!({"email": "nobody"})).await.outcome(), (400, -1));
}

#[actix_web::test]
async fn the_newest_sign_up_is_the_last_one_whatever_the_clock_said() {
    let server = TestServer::start().await;
    let email = Email::new("ann@x.org").unwrap();
    let name = Name::new("Ann").unwrap();
    let ahead = server.auth.clone().with_clock(|| Timestamp::now().plus(Duration::from_secs(3600)));
    let first = Password::new("the first of two phrases").unwrap();
    ahead.sign_up(&email, &name, &first, Delivery::Link).await.unwrap();
    server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    server.post("/resend", json!({"email": "ann@x.org"})).await;
    assert_eq!(server.get(&server.links("ann@x.org").pop().unwrap()).await.status, 200);
    assert_eq!(server.log_in("ann@x.org", PASSWORD).await.outcome(), (200, 1));
}

#[actix_web::test]
async fn an_address_is_the_same_in_either_spelling_of_its_domain() {
    let server = TestServer::start().await;
    server.join("ann@xn--bcher-kva.example", "Ann").await;
    for same in ["ann@b\u{fc}cher.example", "ANN@B\u{dc}CHER.example", "ann@bu\u{308}cher.example"] {
        assert_eq!(server.log_in(same, PASSWORD).await.outcome(), (200, 1), "{same}");
    }
    server.sign_up("ann@b\u{fc}cher.example", PASSWORD, "Ann").await;
    let last = server.letters("ann@xn--bcher-kva.example").pop();
    assert!(matches!(last, Some(Letter::AlreadyRegistered { .. })), "{last:?}");
}

#[actix_web::test]
async fn the_classic_answers_come_back_by_setting() {
    let server = TestServer::with(|settings| settings.auth.reveal_accounts = true).await;
    server.join("ann@x.org", "Ann").await;
    let says =
        |reply: &crate::support::Reply| (reply.outcome().1, reply.json()["message"].as_str().unwrap().to_owned());
    let taken = server.sign_up("ann@x.org", PASSWORD, "Ann").await;
    assert_eq!(says(&taken), (0, "User Already Exists".into()));
    let unknown = server.log_in("eve@x.org", PASSWORD).await;
    assert_eq!(says(&unknown), (0, "NO Such User".into()));
    let verified = server.post("/resend", json!({"email": "ann@x.org"})).await;
    assert_eq!(says(&verified), (0, "Email Already Verified".into()));
    let nobody = server.post("/resend", json!({"email": "eve@x.org"})).await;
    assert_eq!(says(&nobody), (0, "NO Such User".into()));
}

#[actix_web::test]
async fn many_first_sign_ups_of_one_address_at_once_all_get_their_mail() {
    let server = TestServer::start().await;
    let all = (0..8).map(|n| {
        let server = &server;
        async move { server.sign_up("ann@x.org", PASSWORD, &format!("Ann {n}")).await.outcome() }
    });
    assert_eq!(futures_util::future::join_all(all).await, vec![(200, 1); 8]);
    assert_eq!(server.links("ann@x.org").len(), 8);
}
