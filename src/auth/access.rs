//! Access tokens: short-lived JWTs that name a login. RFC 9068 for their shape, RFC 8725 for what is checked.
use std::sync::LazyLock;

use jsonwebtoken::{Algorithm, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::{Auth, Fault, opaque};
use crate::domain::{LoginId, Timestamp, UserId};

const ISSUER: &str = "greenroom";
const AUDIENCE: &str = "greenroom";
const TYPE: &str = "at+jwt";
/// How far a token may come from the future: clocks are set back, and those of several servers differ.
const LEEWAY_SECONDS: i64 = 60;

/// What a token says. All of it is required.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// The user.
    sub: String,
    /// The login.
    sid: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Whose token it is, once its signature and all claims but the time have been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Access {
    pub user: UserId,
    pub login: LoginId,
    pub time: Time,
}

/// When a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    Early,
    Now,
    Over,
}

impl Auth {
    pub(super) fn sign(&self, user: UserId, login: LoginId, life: std::time::Duration) -> Result<String, Fault> {
        let now = seconds(self.now());
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user.to_string(),
            sid: login.to_string(),
            jti: opaque::token(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(i64::try_from(life.as_secs()).unwrap_or(i64::MAX)),
        };
        let header = Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &self.key.signing).map_err(Fault::broken)
    }

    /// Nothing for a token that is not ours or not an access token.
    pub(super) fn read(&self, token: &str) -> Option<Access> {
        let data = decode::<Claims>(token, &self.key.checking, &VALIDATION).ok()?;
        if data.header.typ.as_deref() != Some(TYPE) {
            return None;
        }
        Some(Access {
            user: data.claims.sub.parse().ok()?,
            login: data.claims.sid.parse().ok()?,
            time: data.claims.time(seconds(self.now())),
        })
    }
}

impl Claims {
    /// No leeway at the end: a token that is over is over.
    fn time(&self, now: i64) -> Time {
        if self.exp <= now {
            Time::Over
        } else if self.nbf > now.saturating_add(LEEWAY_SECONDS) {
            Time::Early
        } else {
            Time::Now
        }
    }
}

/// Times are compared by `read` and by the server's own clock: an expired token is not a wrong one.
static VALIDATION: LazyLock<Validation> = LazyLock::new(|| {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation
});

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}
