//! How often sockets may ask.
use std::net::IpAddr;

use super::Services;
use crate::{
    domain::UserId,
    limits::{self, TooMany},
};

impl Services {
    /// One more change of something that was said, or of a group.
    pub(super) fn count_change(&self, user: UserId) -> Result<(), TooMany> {
        let counted = self.rates.changes_per_user.check(user);
        counted.inspect_err(|_| limits::tell("too many changes of one user", &user.to_string()))
    }

    /// One more invitation that somebody looks at or follows.
    pub(super) fn count_invite(&self, user: UserId) -> Result<(), TooMany> {
        let counted = self.rates.invites_per_user.check(user);
        counted.inspect_err(|_| limits::tell("too many invitations of one user", &user.to_string()))
    }

    /// Once more that somebody edits the own profile.
    pub(super) fn count_profile(&self, user: UserId) -> Result<(), TooMany> {
        let counted = self.rates.profiles_per_user.check(user);
        counted.inspect_err(|_| limits::tell("too many profiles of one user", &user.to_string()))
    }

    /// Once more that somebody searches messages.
    pub(super) fn count_search(&self, user: UserId) -> Result<(), TooMany> {
        let counted = self.rates.searches_per_user.check(user);
        counted.inspect_err(|_| limits::tell("too many searches of one user", &user.to_string()))
    }

    /// Once more that somebody looks for people.
    pub(super) fn count_people(&self, user: UserId) -> Result<(), TooMany> {
        let counted = self.rates.people_per_user.check(user);
        counted.inspect_err(|_| limits::tell("too many searches of people by one user", &user.to_string()))
    }

    /// One more event of a user, or of somebody who is not known yet.
    pub(super) fn count_event(&self, user: Option<UserId>, network: Option<IpAddr>) -> Result<(), TooMany> {
        if let Some(network) = network {
            let counted = self.rates.events_per_ip.check(network);
            counted.inspect_err(|_| limits::tell("too many events from one address", &network.to_string()))?;
        }
        if let Some(user) = user {
            let counted = self.rates.events_per_user.check(user);
            counted.inspect_err(|_| limits::tell("too many events of one user", &user.to_string()))?;
        }
        Ok(())
    }
}
