//! A socket's place among its user's sockets: taken when it is admitted, given up when it is gone, however that happens.
use crate::{
    domain::{SessionId, UserId},
    presence::{Presence, Unwelcome},
    socket::Port,
};

/// While this is held the socket hears what its user hears.
pub(super) struct Place {
    presence: Presence,
    user: UserId,
    port: Port,
}

impl Place {
    /// Takes a place, if the user has not `most` already and the login was not ended meanwhile.
    pub(super) fn take(
        presence: &Presence,
        user: UserId,
        session: SessionId,
        port: &Port,
        most: Option<usize>,
    ) -> Result<Self, Unwelcome> {
        presence.join(user, session, port.clone(), most)?;
        Ok(Self { presence: presence.clone(), user, port: port.clone() })
    }

    /// The way to the socket.
    pub(super) fn port(&self) -> &Port {
        &self.port
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.presence.leave(self.user, &self.port);
    }
}
