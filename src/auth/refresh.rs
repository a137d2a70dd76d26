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
        let successor = self.key.successor(token)?;
        let rotation = Rotation {
            presented: opaque::hash(token),
            successor: opaque::hash(&successor),
            idle_until: self.now().plus(self.refresh_ttl),
        };
        match self.store.rotate(&rotation, self.now()).await? {
            Rotated::Fresh { user, session } => {
                let access = self.sign(user, session, self.access_ttl)?;
                Ok(Some(Opened { user, session, access, refresh: successor }))
            }
            Rotated::Reused { user, session } => {
                log::warn!("refresh token used again from {}", visitor.ip);
                self.end_reused(user, session);
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
        if presented.spent && !self.store.excuse_spent(&hash, self.now()).await? {
            self.end_reused(standing.user, standing.session);
            return Ok(None);
        }
        Ok((presented.spent || !presented.stale).then_some(standing))
    }

    fn end_reused(&self, user: UserId, session: SessionId) {
        log::warn!("session {session} of user {user} revoked: one of its refresh tokens was used twice");
        (self.ended)(session, "Session ended");
    }
}
