//! Logging in and out.
use std::time::Duration;

use log::Level;

use super::{Auth, Fault, Tokens, Tried, opaque};
use crate::{
    domain::{Email, LoginId, UserId},
    measure::tell,
    store::{Account, LOGGED_OUT, NewLogin},
};

const MAX_AGENT_CHARS: usize = 255;

/// Where a request came from, for the list of logins and the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The network address.
    pub ip: String,
    /// What limits count as the same place.
    pub network: String,
    /// The program.
    pub user_agent: String,
}

/// A fresh login. The tokens are shown once, here.
#[derive(Clone)]
pub struct Opened {
    /// Who.
    pub user: UserId,
    /// The login.
    pub login: LoginId,
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
}

/// What became of a try to log in. Only `reveal_accounts` may tell the first two refusals apart for the client.
pub enum LoginOutcome {
    /// The password is right.
    In(Opened),
    /// No account has this address.
    Unknown,
    /// The password is wrong.
    WrongPassword,
    /// The password is right, but the address was not proven.
    Unverified,
}

impl Auth {
    /// Compares a password. Takes as long for an unknown address as for a known one.
    ///
    /// # Errors
    /// A fault of the database, or [`Fault::Busy`] if as many password hashes wait as may.
    pub async fn login(&self, email: &Email, password: &str, visitor: &Visitor) -> Result<LoginOutcome, Fault> {
        let outcome = self.check_login(email, password, visitor).await;
        self.stats.tried(outcome.as_ref().map_or(Tried::Failed, LoginOutcome::tried));
        outcome.inspect(|outcome| outcome.log(email, visitor))
    }

    /// A password that is replaced while it is compared is compared once more: it may have been hashed anew.
    async fn check_login(&self, email: &Email, password: &str, visitor: &Visitor) -> Result<LoginOutcome, Fault> {
        let first = self.try_login(email, password, visitor).await?;
        match first {
            Some(login) => Ok(login),
            None => Ok(self.try_login(email, password, visitor).await?.unwrap_or(LoginOutcome::WrongPassword)),
        }
    }

    /// Nothing if the password was replaced meanwhile.
    async fn try_login(&self, email: &Email, password: &str, visitor: &Visitor) -> Result<Option<LoginOutcome>, Fault> {
        let account = self.store.account(email).await?;
        let stored = account.as_ref().map(|account| &*account.password_hash);
        let checked = self.hasher.check(password, stored).await?;
        Ok(match account {
            None => Some(LoginOutcome::Unknown),
            Some(_) if !checked.right => Some(LoginOutcome::WrongPassword),
            Some(account) if !account.verified => Some(LoginOutcome::Unverified),
            Some(account) if checked.outdated => match self.rehash(&account, password).await? {
                Some(hash) => self.open(account.id, &hash, visitor).await?.map(LoginOutcome::In),
                None => None,
            },
            Some(account) => self.open(account.id, &account.password_hash, visitor).await?.map(LoginOutcome::In),
        })
    }

    /// Ends the login that either token belongs to, however old the tokens are.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn logout(&self, tokens: &Tokens, visitor: &Visitor) -> Result<(), Fault> {
        let by_access = tokens.access.as_deref().and_then(|token| self.read(token));
        let by_access = by_access.map(|access| (access.user, access.login));
        let known = match (by_access, &tokens.refresh) {
            (Some(known), _) => Some(known),
            (None, Some(refresh)) => self.store.login_id_by_refresh(&opaque::hash(refresh)).await?,
            (None, None) => None,
        };
        let Some((user, login)) = known else { return Ok(()) };
        let ip = visitor.ip.clone();
        self.run_to_end(async move |this: Self| {
            let ended = this.store.end_login(user, login, this.now()).await?;
            if ended {
                log::info!("login {login} logged out from {ip}");
                (this.login_ended)(user, login, LOGGED_OUT);
            }
            Ok(())
        })
        .await
    }

    /// Whether the owner of this address has a login from this place.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn knows_place(&self, email: &Email, visitor: &Visitor) -> Result<bool, Fault> {
        Ok(self.store.has_login_from(email, &visitor.ip, self.now()).await?)
    }

    async fn rehash(&self, account: &Account, password: &str) -> Result<Option<String>, Fault> {
        let new = self.hasher.hash(password).await?;
        let replaced = self.store.replace_hash(account.id, &account.password_hash, &new).await?;
        Ok(replaced.then_some(new))
    }

    async fn open(&self, user: UserId, password_hash: &str, visitor: &Visitor) -> Result<Option<Opened>, Fault> {
        let (login, refresh) = self.new_login(self.login_ttl, self.refresh_ttl, visitor);
        if !self.store.open_login(user, password_hash, &login, self.now()).await? {
            return Ok(None);
        }
        self.opened(user, &login, refresh).map(Some)
    }

    /// A login that is not stored yet, and its refresh token.
    pub(super) fn new_login(&self, life: Duration, idle: Duration, visitor: &Visitor) -> (NewLogin, String) {
        let refresh = opaque::token();
        let login = NewLogin {
            id: LoginId::new(),
            refresh_hash: opaque::hash(&refresh),
            expires_at: self.now().plus(life),
            idle_until: self.now().plus(idle.min(life)),
            ip: visitor.ip.clone(),
            user_agent: visitor.user_agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT_CHARS).collect(),
        };
        (login, refresh)
    }

    /// The tokens of a login that was stored.
    pub(super) fn opened(&self, user: UserId, login: &NewLogin, refresh: String) -> Result<Opened, Fault> {
        let access = self.sign(user, login.id, self.access_ttl)?;
        Ok(Opened { user, login: login.id, access, refresh })
    }
}

impl LoginOutcome {
    fn tried(&self) -> Tried {
        match self {
            Self::In(_) => Tried::In,
            Self::Unknown => Tried::Unknown,
            Self::WrongPassword => Tried::WrongPassword,
            Self::Unverified => Tried::Unverified,
        }
    }

    fn log(&self, email: &Email, visitor: &Visitor) {
        let refused = |kind, why| {
            let line = format_args!("login of {} from {} refused: {why}", email.masked(), visitor.ip);
            tell(Level::Info, kind, &visitor.network, line);
        };
        match self {
            Self::In(opened) => {
                log::info!("user {} logged in from {}, login {}", opened.user, visitor.ip, opened.login);
            }
            Self::Unknown => refused("login to no account", "no such account"),
            Self::WrongPassword => refused("login with a wrong password", "wrong password"),
            Self::Unverified => refused("login with an address that is not verified", "address not verified"),
        }
    }
}
