//! A socket among its user's sockets: joins when it is admitted, leaves when it is gone, however that happens.
use crate::{
    domain::{LoginId, UserId},
    presence::{ConnectionId, NotJoined, Presence},
    socket::Port,
};

/// While this is held the socket hears what its user hears.
pub(super) struct PresenceGuard {
    presence: Presence,
    user: UserId,
    connection: ConnectionId,
}

impl PresenceGuard {
    /// Joins, if the user has not `most` already and the login was not ended meanwhile.
    pub(super) fn join(
        presence: &Presence,
        user: UserId,
        login: LoginId,
        port: &Port,
        most: Option<usize>,
    ) -> Result<Self, NotJoined> {
        let connection = presence.join(user, login, port.clone(), most)?;
        Ok(Self { presence: presence.clone(), user, connection })
    }

    /// Which socket has it.
    pub(super) fn connection(&self) -> ConnectionId {
        self.connection
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        self.presence.leave(self.user, self.connection);
    }
}
