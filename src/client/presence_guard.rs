//! A socket among its user's sockets: joins when it is admitted, leaves when it is gone, however that happens.
use actix::Recipient;

use crate::{
    cluster::Left,
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
    /// Who must know when it is gone.
    left: Option<Recipient<Left>>,
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
        Ok(Self { presence: presence.clone(), user, connection, login: None, left: None })
    }

    /// It is admitted: from now on its user is online for others.
    pub(super) fn admit(&mut self, login: LoginId, privacy: Privacy) {
        self.presence.admit(self.user, privacy);
        self.login = Some(login);
    }

    /// When it is gone `left` is told.
    pub(super) fn tell_when_gone(&mut self, left: Recipient<Left>) {
        self.left = Some(left);
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
        self.left.take().into_iter().for_each(|left| left.do_send(Left(self.user)));
    }
}
