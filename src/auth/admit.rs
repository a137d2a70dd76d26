//! Whom a pair of tokens belongs to.
use std::time::Duration;

use super::{Auth, Fault, access::Access};
use crate::{
    domain::{Email, Name, SessionId, UserId},
    store::{Lists, Standing},
};

/// A session that is in use is marked as such at most so often: most admissions write nothing.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);

const ENDED: Denied = Denied::Refused("Session ended");

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

/// Whose tokens they are, if the session is still in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The user.
    pub user: UserId,
    /// The login.
    pub session: SessionId,
    /// Known already if the refresh token decided.
    standing: Option<Standing>,
    access_token: Option<String>,
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
    /// A valid access token counts if its session is in force. Expired or missing, a valid refresh token does, and then
    /// a fresh access token comes along. A wrong access token is never overlooked. No query if the access token decides.
    pub async fn bearer(&self, tokens: &Tokens) -> Result<Bearer, Denied> {
        let access = match given(&tokens.access) {
            Some(token) => Some(self.read(token).ok_or(Denied::Refused("Invalid access token"))?),
            None => None,
        };
        match (access, given(&tokens.refresh)) {
            (Some(Access { user, session, expired: false }), _) => {
                Ok(Bearer { user, session, standing: None, access_token: None })
            }
            (access, Some(refresh)) => {
                let standing = self.standing_by_refresh(refresh).await?;
                let standing = standing.filter(|found| access.is_none_or(|access| access.session == found.session));
                let Standing { user, session, .. } = *standing.as_ref().ok_or(ENDED)?;
                let access_token = Some(self.sign(user, session, self.access_ttl)?);
                Ok(Bearer { user, session, standing, access_token })
            }
            (Some(_), None) => Err(Denied::Refused("Access token expired")),
            (None, None) => Err(Denied::Refused("Not logged in")),
        }
    }

    /// Admits whoever brings such tokens. One query, whichever token decides.
    pub async fn admit(&self, tokens: &Tokens) -> Result<Admitted, Denied> {
        let Bearer { user, session, standing, access_token } = self.bearer(tokens).await?;
        let standing = match standing {
            Some(standing) => standing,
            None => self.store.standing(session, self.now()).await?.filter(|found| found.user == user).ok_or(ENDED)?,
        };
        self.admitted(standing, access_token).await
    }

    /// Admits a bearer and looks up the lists of chats, as they are by now. One query.
    pub async fn enter(&self, bearer: Bearer) -> Result<(Admitted, Lists), Denied> {
        let found = self.store.entrance(bearer.session, bearer.user, self.now()).await?;
        let (standing, lists) = found.ok_or(ENDED)?;
        Ok((self.admitted(standing, bearer.access_token).await?, lists))
    }

    /// Whether an access token that is still valid belongs to the session of this refresh token.
    pub async fn belong_together(&self, access: &str, refresh: &str) -> Result<bool, Fault> {
        let Some(access) = self.read(access).filter(|access| !access.expired) else { return Ok(false) };
        let standing = self.standing_by_refresh(refresh).await?;
        Ok(standing.is_some_and(|found| found.session == access.session && found.user == access.user))
    }

    /// The list of sessions says when each was last heard of, give or take `SEEN_EVERY`.
    async fn admitted(&self, standing: Standing, access_token: Option<String>) -> Result<Admitted, Denied> {
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
