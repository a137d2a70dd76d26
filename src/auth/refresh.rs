//! One refresh token for the next. A token that comes back after it was spent shows that somebody copied it.
use super::{Auth, Fault, Opened, Visitor, opaque};
use crate::{
    domain::{LoginId, UserId},
    measure::tell_refused,
    store::{Login, Rotated, Rotation, SESSION_ENDED},
};

impl Auth {
    /// Spends a refresh token for a new pair. Nothing for a token that is worth nothing.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn refresh(&self, token: &str, visitor: &Visitor) -> Result<Option<Opened>, Fault> {
        let successor = self.key.successor(token);
        let rotation = Rotation {
            presented: opaque::hash(token),
            successor: opaque::hash(&successor),
            idle_until: self.now().plus(self.refresh_ttl),
        };
        let rotated = self.run_to_end(async move |this: Self| {
            let rotated = this.store.rotate(&rotation, this.now()).await?;
            if let Rotated::Reused { user, login } = rotated {
                this.end_reused(user, login).await;
            }
            Ok(rotated)
        });
        match rotated.await? {
            Rotated::Fresh { user, login } => {
                let access = self.sign(user, login, self.access_ttl)?;
                Ok(Some(Opened { user, login, access, refresh: successor }))
            }
            Rotated::Reused { .. } => {
                log::warn!("refresh token used again from {}", visitor.ip);
                Ok(None)
            }
            Rotated::No => {
                tell_refused("refresh token", &visitor.network);
                Ok(None)
            }
        }
    }

    /// Whose login a refresh token belongs to, if the token is still worth something. It is not spent by this.
    pub(super) async fn login_by_refresh(&self, token: &str) -> Result<Option<Login>, Fault> {
        let hash = opaque::hash(token);
        let Some(presented) = self.store.login_by_refresh(&hash, self.now()).await? else { return Ok(None) };
        let login = presented.login;
        if presented.spent && !self.excuse_spent(hash, &login).await? {
            return Ok(None);
        }
        Ok((presented.spent || !presented.stale).then_some(login))
    }

    async fn excuse_spent(&self, hash: String, login: &Login) -> Result<bool, Fault> {
        let user = login.user;
        let login = login.id;
        self.run_to_end(async move |this: Self| {
            let excused = this.store.excuse_spent(&hash, this.now()).await?;
            if !excused {
                this.end_reused(user, login).await;
            }
            Ok(excused)
        })
        .await
    }

    async fn end_reused(&self, user: UserId, login: LoginId) {
        log::warn!("login {login} of user {user} ended: one of its refresh tokens was used twice");
        (self.login_ended)(user, login, SESSION_ENDED);
        if let Err(fault) = self.store.tell_reuse(user, login).await {
            log::error!("other nodes do not know that login {login} is over: {fault}");
        }
    }
}
