//! Who somebody is: passwords, mailed proofs of an address, logins and their tokens.
//! `http` signs people up, in and out; `client` asks whom a socket's tokens belong to; the command line adds people.
//!
//! ```
//! use greenroom::{
//!     auth::{Auth, LoginOutcome, Password, Tokens, Visitor},
//!     domain::{Email, Name},
//!     mail::Mailer,
//!     settings::Settings,
//!     store::Store,
//! };
//!
//! # #[actix_rt::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut settings = Settings::defaults();
//! settings.database.url = format!("sqlite://{}/chat.db", folder.path().display()).into();
//! settings.auth.secret_file = folder.path().join("secret");
//! let store = Store::open(&settings.database).await?;
//! let auth = Auth::new(&settings, store, Mailer::keeping())?;
//!
//! let (name, email, password) = (Name::new("Ada")?, Email::new("ada@example.org")?, "tr0mbone in the attic");
//! auth.add_verified_users(&[(name, email.clone())], &Password::new(password)?).await?;
//! let LoginOutcome::In(opened) = auth.login(&email, password, &Visitor::default()).await? else { panic!("it is hers") };
//! let tokens = Tokens { access: Some(opened.access), refresh: None };
//! assert_eq!(auth.admit(&tokens).await?.user, opened.user);
//! # Ok(())
//! # }
//! ```
mod access;
mod admit;
mod cursors;
mod delete_account;
mod hasher;
mod hs256;
mod invitations;
mod key;
mod login;
mod logins;
mod mail_queue;
mod new_password;
mod opaque;
mod operator;
mod password;
mod refresh;
mod sign_up;
mod stats;
#[cfg(test)]
mod tests;

use std::{future::ready, sync::Arc, time::Duration};

use tokio::sync::Notify;

pub use admit::{Admitted, Bearer, Denied, Tokens};
pub use delete_account::AccountDeleted;
pub use login::{LoginOutcome, Opened, Visitor};
pub use logins::LoginEnded;
pub use new_password::Changed;
pub use password::Password;
pub use sign_up::{Delivery, Verification};
pub use stats::{Stats, Tried};

use crate::{
    domain::Timestamp,
    mail::Mailer,
    settings::Settings,
    store::{self, Store},
};
use hasher::Hasher;
use key::Key;

/// Something other than the caller is to blame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// As many password hashes are waiting as may. Trying again helps.
    #[error("too many logins at once")]
    Busy,
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Fault),
    /// What can only be a mistake of the server: a stored hash or a key that does not work.
    #[error("auth: {0}")]
    Broken(String),
}

impl Fault {
    fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the others ask of this room. Cheap to clone: all clones share one queue of password hashes.
#[derive(Clone)]
pub struct Auth {
    store: Store,
    mailer: Mailer,
    hasher: Hasher,
    key: Arc<Key>,
    public_url: Arc<str>,
    access_ttl: Duration,
    refresh_ttl: Duration,
    login_ttl: Duration,
    clock: Clock,
    login_ended: LoginEnded,
    account_deleted: AccountDeleted,
    mail_waits: Arc<Notify>,
    stats: Arc<Stats>,
}

impl Auth {
    /// Reads the signing key, or makes one. `settings.server.public_url` must be filled: mailed links begin with it.
    ///
    /// # Errors
    /// [`Fault::Broken`] if the key cannot be read or made, or is a weak one.
    pub fn new(settings: &Settings, store: Store, mailer: Mailer) -> Result<Self, Fault> {
        Ok(Self {
            store,
            mailer,
            hasher: Hasher::new(&settings.auth)?,
            key: Arc::new(Key::load(&settings.auth)?),
            public_url: settings.server.public_url.as_str().into(),
            access_ttl: settings.auth.access_ttl,
            refresh_ttl: settings.auth.refresh_ttl,
            login_ttl: settings.auth.session_ttl,
            clock: Arc::new(Timestamp::now),
            login_ended: Arc::new(|_, _, _| ()),
            account_deleted: Arc::new(|_| Box::pin(ready(()))),
            mail_waits: Arc::default(),
            stats: Arc::default(),
        })
    }

    /// What can be told of the server's secret to those who may have the same.
    pub fn key_print(&self) -> String {
        self.key.print()
    }

    /// Has whoever holds the sockets told when a login ends.
    pub fn on_login_ended(mut self, tell: LoginEnded) -> Self {
        self.login_ended = tell;
        self
    }

    /// Has whoever knows the chats told when an account ends.
    pub fn on_account_deleted(mut self, tell: AccountDeleted) -> Self {
        self.account_deleted = tell;
        self
    }

    /// Takes the time from elsewhere, so that tests need not wait for a token to expire.
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Life of an access token and its cookie.
    pub fn access_ttl(&self) -> Duration {
        self.access_ttl
    }

    /// Life of a refresh token and its cookie.
    pub fn refresh_ttl(&self) -> Duration {
        self.refresh_ttl
    }

    /// What is counted here.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Has `work` change something and tell of it. Whoever asked may hang up: what was begun is done to its end.
    async fn run_to_end<T, W>(&self, work: impl FnOnce(Self) -> W) -> Result<T, Fault>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, Fault>> + Send + 'static,
    {
        self.store.run_to_end(work(self.clone())).await
    }
}
