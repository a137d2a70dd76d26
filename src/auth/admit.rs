//! Whom a pair of tokens belongs to.
use std::time::Duration;

use super::{
    Auth, Fault,
    access::{Access, Time},
};
use crate::{
    domain::{Email, LoginId, Name, Privacy, UserId},
    store::{Lists, Login},
};

/// A login that is in use is marked as such at most so often: most admissions write nothing.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);

/// How far ahead of this server's clock another one may have marked a login.
const LEEWAY: Duration = Duration::from_secs(60);

const ENDED: Denied = Denied::Refused("Session ended");

/// What a client brought.
#[derive(Clone, Default)]
pub struct Tokens {
    /// The access token.
    pub access: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
}

/// Somebody with a login in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// Who.
    pub user: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// The login.
    pub login: LoginId,
    /// What the user lets others know.
    pub privacy: Privacy,
    /// A fresh access token, if the one that was brought had expired or was missing. The client should keep it.
    pub access_token: Option<String>,
}

/// Whose tokens they are, if the login is still in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The user.
    pub user: UserId,
    /// The login.
    pub login: LoginId,
    /// Known already if the refresh token decided.
    known: Option<Login>,
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
    /// A valid access token counts if its login is in force. If there is none a valid refresh token does, and then a
    /// fresh access token comes along: whoever has that needs no other proof, so a worthless access token beside it is no
    /// reason to turn its owner away. One of another login is. No query if the access token decides.
    ///
    /// # Errors
    /// [`Denied::Refused`] with a reason for the client, or [`Denied::Fault`] if that could not be found out.
    pub async fn bearer(&self, tokens: &Tokens) -> Result<Bearer, Denied> {
        let access = given(&tokens.access).map(|token| self.read(token));
        let worthless = match access {
            Some(Some(Access { user, login, time: Time::Now })) => {
                return Ok(Bearer { user, login, known: None, access_token: None });
            }
            Some(Some(Access { time: Time::Over, .. })) => Denied::Refused("Access token expired"),
            Some(_) => Denied::Refused("Invalid access token"),
            None => Denied::Refused("Not logged in"),
        };
        let Some(refresh) = given(&tokens.refresh) else { return Err(worthless) };
        let known = self.login_by_refresh(refresh).await?;
        let known = known.filter(|found| access.flatten().is_none_or(|access| access.login == found.id));
        let Login { user, id, .. } = *known.as_ref().ok_or(ENDED)?;
        let access_token = Some(self.sign(user, id, self.access_ttl)?);
        Ok(Bearer { user, login: id, known, access_token })
    }

    /// Admits whoever brings such tokens. One query, whichever token decides.
    ///
    /// # Errors
    /// As [`bearer`](Self::bearer), and [`Denied::Refused`] if the login has ended.
    pub async fn admit(&self, tokens: &Tokens) -> Result<Admitted, Denied> {
        let Bearer { user, login, known, access_token } = self.bearer(tokens).await?;
        let login = match known {
            Some(login) => login,
            None => self.store.login(login, self.now()).await?.filter(|found| found.user == user).ok_or(ENDED)?,
        };
        self.admitted(login, access_token).await
    }

    /// Admits a bearer and looks up the lists of chats, as they are by now. One query.
    ///
    /// # Errors
    /// As [`bearer`](Self::bearer), and [`Denied::Refused`] if the login has ended.
    pub async fn enter(&self, bearer: Bearer) -> Result<(Admitted, Lists), Denied> {
        let found = self.store.entrance(bearer.login, bearer.user, self.now()).await?;
        let (login, lists) = found.ok_or(ENDED)?;
        Ok((self.admitted(login, bearer.access_token).await?, lists))
    }

    /// Whether an access token that is still valid belongs to the login of this refresh token.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn belong_together(&self, access: &str, refresh: &str) -> Result<bool, Fault> {
        let Some(access) = self.read(access).filter(|access| access.time == Time::Now) else { return Ok(false) };
        let login = self.login_by_refresh(refresh).await?;
        Ok(login.is_some_and(|found| found.id == access.login && found.user == access.user))
    }

    /// The list of sessions says when each was last heard of, give or take `SEEN_EVERY`.
    async fn admitted(&self, login: Login, access_token: Option<String>) -> Result<Admitted, Denied> {
        let Login { id, user, name, email, last_seen, privacy } = login;
        let now = self.now();
        if last_seen.plus(SEEN_EVERY) <= now || last_seen > now.plus(LEEWAY) {
            self.store.touch(id, now).await?;
        }
        Ok(Admitted { user, name, email, login: id, privacy, access_token })
    }
}

/// An empty token is one that was cleared.
fn given(token: &Option<String>) -> Option<&str> {
    token.as_deref().filter(|token| !token.is_empty())
}
