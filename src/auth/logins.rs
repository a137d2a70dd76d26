//! A user's logins: seen and ended by their owner.
use super::{Auth, Fault, Visitor};
use crate::{
    domain::{LoginId, UserId},
    store::{LOGGED_OUT, OwnLogin},
};

/// Called with a user, the login of theirs that was ended and the reason for its sockets, which are to be closed.
pub type LoginEnded = std::sync::Arc<dyn Fn(UserId, LoginId, &str) + Send + Sync>;

impl Auth {
    /// The logins of a user that are in force, the latest used first.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn logins(&self, user: UserId) -> Result<Vec<OwnLogin>, Fault> {
        Ok(self.store.own_logins(user, self.now()).await?)
    }

    /// Ends one of the user's own logins. False if there is no such login.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn end_login(&self, user: UserId, login: LoginId, visitor: &Visitor) -> Result<bool, Fault> {
        let ip = visitor.ip.clone();
        self.run_to_end(async move |this: Self| {
            let ended = this.store.end_own_login(user, login, this.now()).await?;
            if ended {
                log::info!("login {login} ended by user {user} from {ip}");
                (this.login_ended)(user, login, LOGGED_OUT);
            }
            Ok(ended)
        })
        .await
    }
}
