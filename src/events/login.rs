//! How a socket's login went.
use serde::Serialize;

use super::Tell;
use crate::domain::UserId;

/// Whether one got in, and as whom.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum LoginEvent<'a> {
    UserId { user_id: UserId, user_name: &'a str },
    AccessToken { access_token: &'a str },
    AuthFailure { reason: &'a str },
}

impl Tell for LoginEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::UserId { .. } => "user-id",
            Self::AccessToken { .. } => "access-token",
            Self::AuthFailure { .. } => "auth-failure",
        }
    }
}
