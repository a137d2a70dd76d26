//! A socket among its user's sockets: joins when it is admitted, leaves when it is gone, however that happens.
use crate::{
    domain::{LoginId, Privacy, UserId},
    presence::{ConnectionId, NotJoined, Presence},
    socket::Port,
};

/// While this is held the socket hears what its user hears.
pub(super) struct PresenceGuard {
    presence: Presence,
    user: UserId,
    connection: ConnectionId,
    /// Once it is admitted: the login that opened it.
    login: Option<LoginId>,
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
        Ok(Self { presence: presence.clone(), user, connection, login: None })
    }

    /// It is admitted: from now on its user is online for others.
    pub(super) fn admit(&mut self, login: LoginId, privacy: Privacy) {
        self.presence.admit(self.user, privacy);
        self.login = Some(login);
    }

    /// Which socket has it.
    pub(super) fn connection(&self) -> ConnectionId {
        self.connection
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        self.presence.leave(self.user, self.connection);
        if let Some(login) = self.login {
            self.presence.retire(self.user, login, self.connection);
        }
    }
}
