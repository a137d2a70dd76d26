//! Who is online, and how anything reaches them: user → the ports of their sockets. Each event is encoded once. Beside it what is
//! only a hint, and kept in memory: who watches whom, who types, what arrived.
//!
//! ```
//! use greenroom::{
//!     domain::{LoginId, UserId},
//!     events::LoginEvent,
//!     presence::{Presence, packet},
//!     socket::Port,
//! };
//!
//! /// A socket of `ann` comes, hears something with her other sockets, and goes.
//! fn visit(presence: &Presence, ann: UserId, port: Port) {
//!     let connection = presence.join(ann, LoginId::new(), port, Some(10)).expect("a place for it");
//!     presence.tell(ann, &packet(&LoginEvent::UserId { user_id: ann, user_name: "Ann" }));
//!     presence.leave(ann, connection);
//! }
//!
//! let presence = Presence::default();
//! assert!(!presence.is_online(UserId::new()));
//! assert_eq!(presence.count(), (0, 0));
//! ```
mod answer;
mod arrivals;
mod caller;
mod far;
mod hints;
#[cfg(test)]
mod tests;
mod typing;
mod watcher;
mod watches;

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

use dashmap::DashMap;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    domain::{IdHasher, LoginId, UserId},
    events::{LoginEvent, Tell},
    socket::{MAIN, Packet, Port},
};

pub use arrivals::Arrival;
pub use caller::{Caller, ConnectionId};
pub use far::Whisper;
pub use hints::{Doubt, Watching};
pub use typing::Typists;
pub use watcher::Sighting;

use arrivals::Arrivals;
use watches::Watches;

/// How long an ended login is remembered: longer than any handshake takes that had seen it alive.
const ENDED_IS_KNOWN_FOR: Duration = Duration::from_secs(60);

/// A client that owes its answer to a ping for less than this is only far away.
const SLOW_NETWORK: Duration = Duration::from_secs(1);

/// Encodes an event for any number of sockets.
pub fn packet(event: &impl Tell) -> Packet {
    Packet::event(MAIN, event.name(), event)
}

/// Why a socket may not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJoined {
    /// The user has as many sockets as one may have.
    TooMany,
    /// The login was ended while the socket was connecting.
    Ended,
}

struct Joined {
    connection: ConnectionId,
    login: LoginId,
    port: Port,
}

/// The sockets of everybody online on this server. Cheap to clone: all clones are the same.
#[derive(Clone, Default)]
pub struct Presence(Arc<Tables>);

#[derive(Default)]
struct Tables {
    online: DashMap<UserId, Vec<Joined>, IdHasher>,
    ended: DashMap<LoginId, Instant, IdHasher>,
    watches: Mutex<Watches>,
    arrivals: Arrivals,
    /// Where what is only a hint goes that other nodes may pass on.
    whispers: OnceLock<UnboundedSender<Whisper>>,
}

impl Presence {
    /// A socket of `user` is connected; from now on it hears what the user hears. If there are too many, the one goes that
    /// owes the answer to a ping for longest: a phone that comes back again and again leaves dead ones behind.
    ///
    /// # Errors
    /// If there is no place for it.
    pub fn join(
        &self,
        user: UserId,
        login: LoginId,
        port: Port,
        most: Option<usize>,
    ) -> Result<ConnectionId, NotJoined> {
        let connection = ConnectionId::from(&port);
        {
            let mut sockets = self.0.online.entry(user).or_default();
            if most.is_some_and(|most| sockets.len() >= most) {
                let dead = longest_silent(&sockets).ok_or(NotJoined::TooMany)?;
                sockets.remove(dead).port.give_up();
            }
            sockets.push(Joined { connection, login, port });
        }
        // Looked at after joining: whoever ends the login now either sees this socket or was seen here.
        if self.0.ended.contains_key(&login) {
            self.leave(user, connection);
            return Err(NotJoined::Ended);
        }
        Ok(connection)
    }

    /// A socket is gone.
    pub fn leave(&self, user: UserId, connection: ConnectionId) {
        self.0.online.remove_if_mut(&user, |_, sockets| {
            sockets.retain(|socket| socket.connection != connection);
            sockets.is_empty()
        });
    }

    /// Tells all sockets of `user`. Says how many there are.
    pub fn tell(&self, user: UserId, packet: &Packet) -> u64 {
        let Some(sockets) = self.0.online.get(&user) else { return 0 };
        deliver(sockets.iter(), packet)
    }

    /// Tells one socket, if it is here.
    fn tell_socket(&self, user: UserId, connection: ConnectionId, packet: &Packet) {
        let Some(sockets) = self.0.online.get(&user) else { return };
        if let Some(socket) = sockets.iter().find(|socket| socket.connection == connection) {
            socket.port.deliver(packet);
        }
    }

    /// Tells the caller's user's other sockets. Says how many there are.
    pub fn tell_own_others(&self, caller: &Caller, packet: &Packet) -> u64 {
        let Some(sockets) = self.0.online.get(&caller.user) else { return 0 };
        deliver(sockets.iter().filter(|socket| socket.connection != caller.connection), packet)
    }

    /// Closes all connections of `user`, so that the clients come back and catch up.
    pub fn renew(&self, user: UserId) {
        if let Some(sockets) = self.0.online.get(&user) {
            sockets.iter().for_each(|socket| socket.port.close());
        }
    }

    /// Closes all connections, so that the clients come back and catch up.
    pub fn renew_all(&self) {
        self.0.online.iter().for_each(|sockets| sockets.iter().for_each(|socket| socket.port.close()));
    }

    /// Whether `user` has a socket here.
    pub fn is_online(&self, user: UserId) -> bool {
        self.0.online.contains_key(&user)
    }

    /// A login of `user` is over: its sockets are told why and dismissed, and none that is connecting with it gets in.
    pub fn end(&self, user: UserId, login: LoginId, reason: &str) {
        let now = Instant::now();
        self.0.ended.retain(|_, since| now.duration_since(*since) < ENDED_IS_KNOWN_FOR);
        self.0.ended.insert(login, now);
        let auth_failure = packet(&LoginEvent::AuthFailure { reason });
        if let Some(sockets) = self.0.online.get(&user) {
            sockets.iter().filter(|socket| socket.login == login).for_each(|socket| socket.port.dismiss(&auth_failure));
        }
    }

    /// How many users and how many sockets are online.
    pub fn count(&self) -> (usize, usize) {
        (self.0.online.len(), self.0.online.iter().map(|sockets| sockets.len()).sum())
    }
}

/// The place of the socket whose client owes an answer for longest, if one is surely late.
fn longest_silent(sockets: &[Joined]) -> Option<usize> {
    let late = |socket: &Joined| socket.port.unanswered().filter(|since| since.elapsed() >= SLOW_NETWORK);
    let silent = sockets.iter().enumerate().filter_map(|(at, socket)| Some((late(socket)?, at)));
    silent.min().map(|(_, at)| at)
}

fn deliver<'a>(sockets: impl Iterator<Item = &'a Joined>, packet: &Packet) -> u64 {
    sockets.map(|socket| socket.port.deliver(packet)).fold(0, |count, ()| count + 1)
}
