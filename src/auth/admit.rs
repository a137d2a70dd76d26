//! Whom a pair of tokens belongs to. One query, whichever token decides.
use std::time::Duration;

use super::{Auth, Fault};
use crate::{
    domain::{Email, Name, SessionId, UserId},
    store::Standing,
};

/// A session that is in use is marked as such at most so often: most admissions write nothing.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);

/// What a client brought.
#[derive(Clone, Default)]
pub struct Tokens {
    /// The access token.
    pub access: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
}

/// Somebody with a session in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Who.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// The login.
    pub session: SessionId,
    /// A fresh access token, if the one that was brought had expired or was missing. The client should keep it.
    pub access_token: Option<String>,
}

/// Nobody was admitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The tokens are worth nothing; the reason is for the client.
    #[error("{0}")]
    Refused(&'static str),
    /// Their worth could not be found out.
    #[error(transparent)]
    Fault(Fault),
}

impl<T: Into<Fault>> From<T> for Denied {
    fn from(fault: T) -> Self {
        Self::Fault(fault.into())
    }
}

impl Auth {
    /// A valid access token of a session in force admits. Expired or missing, a valid refresh token does, and then a
    /// fresh access token comes along. A wrong access token is never overlooked.
    pub async fn admit(&self, tokens: &Tokens) -> Result<Admitted, Denied> {
        let access = match given(&tokens.access) {
            Some(token) => Some(self.read(token).ok_or(Denied::Refused("Invalid access token"))?),
            None => None,
        };
        match (access, given(&tokens.refresh)) {
            (Some(access), _) if !access.expired => {
                let standing = self.store.standing(access.session, self.now()).await?;
                self.admitted(standing.filter(|standing| standing.user == access.user), None).await
            }
            (access, Some(refresh)) => {
                let standing = self.standing_by_refresh(refresh).await?;
                let standing = standing.filter(|found| access.is_none_or(|access| access.session == found.session));
                let fresh = standing.as_ref().map(|s| self.sign(s.user, s.session, self.access_ttl)).transpose()?;
                self.admitted(standing, fresh).await
            }
            (Some(_), None) => Err(Denied::Refused("Access token expired")),
            (None, None) => Err(Denied::Refused("Not logged in")),
        }
    }

    /// Whether an access token that is still valid belongs to the session of this refresh token.
    pub async fn belong_together(&self, access: &str, refresh: &str) -> Result<bool, Fault> {
        let Some(access) = self.read(access).filter(|access| !access.expired) else { return Ok(false) };
        let standing = self.standing_by_refresh(refresh).await?;
        Ok(standing.is_some_and(|found| found.session == access.session && found.user == access.user))
    }

    /// The list of sessions says when each was last heard of, give or take `SEEN_EVERY`.
    async fn admitted(&self, standing: Option<Standing>, access_token: Option<String>) -> Result<Admitted, Denied> {
        let standing = standing.ok_or(Denied::Refused("Session ended"))?;
        let Standing { session, user, name, email, last_seen } = standing;
        if last_seen.plus(SEEN_EVERY) <= self.now() {
            self.store.touch(session, self.now()).await?;
        }
        Ok(Admitted { user, name, email, session, access_token })
    }
}

/// An empty token is one that was cleared.
fn given(token: &Option<String>) -> Option<&str> {
    token.as_deref().filter(|token| !token.is_empty())
}
