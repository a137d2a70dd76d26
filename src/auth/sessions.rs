//! A user's logins: seen and ended by their owner.
use super::{Auth, Fault, Visitor};
use crate::{
    domain::{SessionId, UserId},
    store::OpenSession,
};

/// Called with a user, the session of it that was ended, and the reason for its sockets, which are to be closed.
pub type Ended = std::sync::Arc<dyn Fn(UserId, SessionId, &str) + Send + Sync>;

impl Auth {
    /// The sessions of a user that are in force, the latest used first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<OpenSession>, Fault> {
        Ok(self.store.open_sessions(user, self.now()).await?)
    }

    /// Ends one of the user's own sessions. False if there is no such session.
    pub async fn revoke(&self, user: UserId, session: SessionId, visitor: &Visitor) -> Result<bool, Fault> {
        let ip = visitor.ip.clone();
        self.see_through(async move |this: Self| {
            let revoked = this.store.revoke_own(user, session, this.now()).await?;
            if revoked {
                log::info!("session {session} revoked by user {user} from {ip}");
                (this.ended)(user, session, "Logged out");
            }
            Ok(revoked)
        })
        .await
    }
}
