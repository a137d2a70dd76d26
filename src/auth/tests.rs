//! Access tokens that look almost right.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::Sha512;

use super::{access::Time, *};
use crate::domain::{Email, LoginId, Name, UserId};

const SECRET: &str = "kX2!9vQz7LwR4tYm8NcB3hGf6JdS1pAe";
const NOW: i64 = 1_800_000_000;

async fn auth() -> (tempfile::TempDir, Auth) {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::defaults();
    settings.auth.secret = SECRET.into();
    settings.database.url = format!("sqlite://{}/x.db", folder.path().display()).into();
    let store = Store::open(&settings.database).await.unwrap();
    let auth = Auth::new(&settings, store, Mailer::keeping()).unwrap().with_clock(|| Timestamp(NOW * 1000));
    (folder, auth)
}

fn claims(user: UserId, login: LoginId) -> Value {
    json!({
        "iss": "greenroom", "aud": "greenroom", "sub": user.to_string(), "sid": login.to_string(),
        "jti": "1", "iat": NOW, "nbf": NOW, "exp": NOW + 60,
    })
}

fn token(typ: Option<&str>, claims: &Value, secret: &str) -> String {
    let header = Header { typ: typ.map(str::to_owned), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

/// What nothing but this can make here: a token with all that is asked for, by another algorithm.
fn hs512(claims: &Value) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({"typ": "at+jwt", "alg": "HS512"})), part(claims.clone()));
    let mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&signed);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[actix_rt::test]
async fn a_token_names_its_user_and_login_and_whether_it_is_over() {
    let (_folder, auth) = auth().await;
    let user = UserId::new();
    let login = LoginId::new();
    let made = auth.sign(user, login, Duration::from_secs(60)).unwrap();
    assert_eq!(auth.read(&made), Some(access::Access { user, login, time: Time::Now }));
    let later = auth.clone().with_clock(|| Timestamp((NOW + 60) * 1000));
    assert_eq!(later.read(&made).unwrap().time, Time::Over);
    assert_ne!(made, auth.sign(user, login, Duration::from_secs(60)).unwrap(), "no two tokens are the same");
}

#[actix_rt::test]
async fn only_the_one_algorithm_type_key_issuer_and_audience_pass() {
    let (_folder, auth) = auth().await;
    let right = claims(UserId::new(), LoginId::new());
    let hs256 = |claims: &Value| token(Some("at+jwt"), claims, SECRET);
    assert!(auth.read(&hs256(&right)).is_some());

    for wrong in [
        hs512(&right),
        token(Some("JWT"), &right, SECRET),
        token(None, &right, SECRET),
        token(Some("at+jwt"), &right, "another secret of thirty-two bytes"),
        "x.y.z".into(),
        String::new(),
    ] {
        assert_eq!(auth.read(&wrong), None, "{wrong}");
    }
    for (claim, value) in [
        ("iss", json!("other")),
        ("aud", json!("other")),
        ("sub", json!("1")),
        ("sid", json!("1")),
        ("nbf", json!("soon")),
        ("exp", json!("soon")),
    ] {
        let mut wrong = right.clone();
        wrong[claim] = value;
        assert_eq!(auth.read(&hs256(&wrong)), None, "{claim}");
    }
}

#[actix_rt::test]
async fn a_clock_that_was_set_back_a_little_makes_no_token_early() {
    let (_folder, auth) = auth().await;
    let made = auth.sign(UserId::new(), LoginId::new(), Duration::from_secs(60)).unwrap();
    for (back, expected) in [(1, Time::Now), (60, Time::Now), (61, Time::Early), (86_400, Time::Early)] {
        let earlier = auth.clone().with_clock(move || Timestamp((NOW - back) * 1000));
        assert_eq!(earlier.read(&made).unwrap().time, expected, "{back} seconds");
    }
}

#[actix_rt::test]
async fn every_claim_is_required() {
    let (_folder, auth) = auth().await;
    let right = claims(UserId::new(), LoginId::new());
    for claim in ["iss", "aud", "sub", "sid", "jti", "nbf", "exp"] {
        let mut wrong = right.clone();
        wrong.as_object_mut().unwrap().remove(claim);
        let made = token(Some("at+jwt"), &wrong, SECRET);
        assert_eq!(auth.read(&made), None, "{claim}");
    }
}

#[actix_rt::test]
async fn a_token_without_a_signature_is_refused() {
    let (_folder, auth) = auth().await;
    let made = auth.sign(UserId::new(), LoginId::new(), Duration::from_secs(60)).unwrap();
    let body = made.split('.').nth(1).unwrap();
    // {"typ":"at+jwt","alg":"none"} and {"typ":"at+jwt","alg":"None"}
    for header in ["eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJub25lIn0", "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJOb25lIn0"] {
        assert_eq!(auth.read(&format!("{header}.{body}.")), None);
    }
    let unsigned = made.rsplit_once('.').unwrap().0;
    assert_eq!(auth.read(&format!("{unsigned}.{}", "A".repeat(43))), None);
}

#[actix_rt::test]
async fn a_mail_that_cannot_be_left_changes_no_answer() {
    let (folder, mut auth) = auth().await;
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    let mut mail = Settings::defaults().mail;
    mail.outbox = in_the_way.join("outbox");
    auth.mailer = Mailer::new(&mail).unwrap();

    let email = Email::new("ann@x.org").unwrap();
    let name = Name::new("Ann").unwrap();
    let password = Password::new("tr0mbone in the attic").ok().unwrap();
    let outcome = auth.sign_up(&email, &name, &password, Delivery::Link).await;
    assert_eq!(outcome, Ok(store::SignedUp::Waiting));
    assert!(auth.mail_waits.notified().now_or_never().is_some(), "whoever sends mails hears when to try again");
    assert_eq!(auth.resend(&email, Delivery::Link).await, Ok(store::Resent::Replaced));
}
