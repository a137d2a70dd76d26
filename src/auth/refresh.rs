//! One refresh token for the next. A token that comes back after it was spent shows that somebody copied it.
use super::{Auth, Fault, Opened, Visitor, opaque};
use crate::{
    domain::{SessionId, UserId},
    measure::tell_refused,
    store::{Rotated, Rotation, Standing},
};

impl Auth {
    /// Spends a refresh token for a new pair. Nothing for a token that is worth nothing.
    pub async fn refresh(&self, token: &str, visitor: &Visitor) -> Result<Option<Opened>, Fault> {
        let successor = self.key.successor(token);
        let rotation = Rotation {
            presented: opaque::hash(token),
            successor: opaque::hash(&successor),
            idle_until: self.now().plus(self.refresh_ttl),
        };
        let rotated = self.see_through(async move |this: Self| {
            let rotated = this.store.rotate(&rotation, this.now()).await?;
            if let Rotated::Reused { user, session } = rotated {
                this.end_reused(user, session);
            }
            Ok(rotated)
        });
        match rotated.await? {
            Rotated::Fresh { user, session } => {
                let access = self.sign(user, session, self.access_ttl)?;
                Ok(Some(Opened { user, session, access, refresh: successor }))
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

    /// Whose session a refresh token belongs to, if the token is still worth something. It is not spent by this.
    pub(super) async fn standing_by_refresh(&self, token: &str) -> Result<Option<Standing>, Fault> {
        let hash = opaque::hash(token);
        let Some(presented) = self.store.standing_by_refresh(&hash, self.now()).await? else { return Ok(None) };
        let standing = presented.standing;
        if presented.spent && !self.excuse_spent(hash, &standing).await? {
            return Ok(None);
        }
        Ok((presented.spent || !presented.stale).then_some(standing))
    }

    async fn excuse_spent(&self, hash: String, standing: &Standing) -> Result<bool, Fault> {
        let (user, session) = (standing.user, standing.session);
        self.see_through(async move |this: Self| {
            let excused = this.store.excuse_spent(&hash, this.now()).await?;
            if !excused {
                this.end_reused(user, session);
            }
            Ok(excused)
        })
        .await
    }

    fn end_reused(&self, user: UserId, session: SessionId) {
        log::warn!("session {session} of user {user} revoked: one of its refresh tokens was used twice");
        (self.ended)(user, session, "Session ended");
    }
}
