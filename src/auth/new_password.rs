//! A new password: for whoever forgot the old one and can read the mail, and for whoever knows it.
use std::time::Duration;

use log::Level;

use super::{Auth, Fault, Password, Visitor, opaque};
use crate::{
    auth::Admitted,
    domain::Email,
    mail::Letter,
    measure::{tell, tell_refused},
    store::{PASSWORD_CHANGED, Replaced},
};

const RESET_LIFE: Duration = Duration::from_secs(30 * 60);

/// What became of the wish to change a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// The new one is in force.
    Yes,
    /// The present password is another one.
    WrongPassword,
}

impl Auth {
    /// Mails a link for a new password, if the address has an account. Says whether it has.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn forgot_password(&self, email: &Email) -> Result<bool, Fault> {
        let token = opaque::token();
        let link = format!("{}/reset-password?token={token}", self.public_url);
        let mail = self.letters(email, Letter::ResetPassword { link }, None)?;
        let hash = opaque::hash(&token);
        let until = self.now().plus(RESET_LIFE);
        let email = email.clone();
        self.run_to_end(async move |this: Self| {
            let known = this.store.allow_reset(&email, &hash, until, &mail, this.now()).await?;
            this.dispatch(&mail).await;
            Ok(known)
        })
        .await
    }

    /// Whether a mailed token still allows a new password. Spends nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn may_reset(&self, token: &str) -> Result<bool, Fault> {
        Ok(self.store.reset_address(&opaque::hash(token), self.now()).await?.is_some())
    }

    /// Spends a mailed token for a new password. All logins end, and nobody is logged in by it. False if the token
    /// does not work.
    ///
    /// # Errors
    /// A fault of the database, or [`Fault::Busy`] if as many password hashes wait as may.
    pub async fn reset_password(&self, token: &str, new: &Password, visitor: &Visitor) -> Result<bool, Fault> {
        let token = opaque::hash(token);
        // Looked at before the expensive hash, so that guesses cost nothing.
        let Some(email) = self.store.reset_address(&token, self.now()).await? else {
            tell_refused("new password without a token", &visitor.network);
            return Ok(false);
        };
        let hash = self.hasher.hash(new.as_str()).await?;
        let mail = self.notice(&email)?;
        let ip = visitor.ip.clone();
        self.run_to_end(async move |this: Self| {
            let Some(replaced) = this.store.reset_password(&token, &hash, &mail, this.now()).await? else {
                return Ok(false);
            };
            this.tell_replaced(&replaced, "reset", &ip);
            this.dispatch(&mail).await;
            Ok(true)
        })
        .await
    }

    /// Replaces the password of somebody who is logged in and knows it. All logins but the caller's end.
    ///
    /// # Errors
    /// A fault of the database, or [`Fault::Busy`] if as many password hashes wait as may.
    pub async fn change_password(
        &self,
        caller: &Admitted,
        current: &str,
        new: &Password,
        visitor: &Visitor,
    ) -> Result<Changed, Fault> {
        let Some(stored) = self.known_password(caller, current, visitor).await? else {
            return Ok(Changed::WrongPassword);
        };
        let hash = self.hasher.hash(new.as_str()).await?;
        let mail = self.notice(&caller.email)?;
        let user = caller.user;
        let keep = caller.login;
        let ip = visitor.ip.clone();
        self.run_to_end(async move |this: Self| {
            let changed = this.store.change_password(user, &stored, &hash, keep, &mail, this.now()).await?;
            let Some(replaced) = changed else { return Ok(Changed::WrongPassword) };
            this.tell_replaced(&replaced, "changed", &ip);
            this.dispatch(&mail).await;
            Ok(Changed::Yes)
        })
        .await
    }

    /// The stored hash, if the caller knows its password.
    pub(super) async fn known_password(
        &self,
        caller: &Admitted,
        password: &str,
        visitor: &Visitor,
    ) -> Result<Option<String>, Fault> {
        let account = self.store.account(&caller.email).await?.filter(|account| account.id == caller.user);
        let stored = account.map(|account| account.password_hash);
        if self.hasher.check(password, stored.as_deref()).await?.right {
            return Ok(stored);
        }
        let line = format_args!("user {} gave a wrong password from {}", caller.user, visitor.ip);
        tell(Level::Info, "wrong password of somebody who is logged in", &visitor.network, line);
        Ok(None)
    }

    fn notice(&self, email: &Email) -> Result<crate::store::NewMail, Fault> {
        self.letters(email, Letter::PasswordChanged { link: format!("{}/", self.public_url) }, None)
    }

    fn tell_replaced(&self, replaced: &Replaced, how: &str, ip: &str) {
        let user = replaced.user;
        let logins = replaced.ended.len();
        log::info!("password of user {user} {how} from {ip}, {logins} logins ended");
        replaced.ended.iter().for_each(|login| (self.login_ended)(user, *login, PASSWORD_CHANGED));
    }
}
