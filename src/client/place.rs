//! A socket's place among its user's sockets: taken when it is admitted, given up when it is gone, however that happens.
use crate::{
    domain::{LoginId, UserId},
    presence::{ConnectionId, NotJoined, Presence},
    socket::Port,
};

/// While this is held the socket hears what its user hears.
pub(super) struct Place {
    presence: Presence,
    user: UserId,
    connection: ConnectionId,
}

impl Place {
    /// Takes a place, if the user has not `most` already and the login was not ended meanwhile.
    pub(super) fn take(
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
    pub(super) fn connection(&self) -> &ConnectionId {
        &self.connection
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.presence.leave(self.user, &self.connection);
    }
}
