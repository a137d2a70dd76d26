//! How often is too often: one limit per thing that can be done too often, each counting by keys such as an address.
//! `http` and `client` ask before they do anything that costs.
mod limit;
mod table;

use std::{sync::Arc, time::Instant};

use log::Level;

pub use limit::{Limit, TooMany, Watch};

use crate::{
    measure,
    settings::{self, Rate},
};

/// Every limit of one server. With `limits.enabled = false` none of them ever refuses.
pub struct Rates {
    /// Tries to log in to one account, from wherever it was not logged in to before.
    pub logins_per_account: Limit,
    /// Tries to log in to one account from one network.
    pub logins_per_pair: Limit,
    /// Wrong passwords, codes and tokens from one network.
    pub failures_per_ip: Limit,
    /// One mail to an address, and a pause.
    pub mail_pause: Limit,
    /// Mails to one address.
    pub mails_per_address: Limit,
    /// Mails that one network makes the server write.
    pub mails_per_ip: Limit,
    /// HTTP requests from one network.
    pub requests_per_ip: Limit,
    /// New connections of sockets from one network.
    pub handshakes_per_ip: Limit,
    /// Events of one user's sockets.
    pub events_per_user: Limit,
    /// Events of the sockets of one network.
    pub events_per_ip: Limit,
    /// Changes that one user makes of messages and groups.
    pub changes_per_user: Limit,
    /// Invitations that one user looks at or follows.
    pub invites_per_user: Limit,
    /// Times that one user edits the own profile.
    pub profiles_per_user: Limit,
    /// Files of one user.
    pub uploads_per_user: Limit,
    /// Times that one user searches messages.
    pub searches_per_user: Limit,
    /// Times that one user looks for people.
    pub people_per_user: Limit,
    /// Exports of one user's data.
    pub exports_per_user: Limit,
    watch: Watch,
}

impl Rates {
    /// The limits that the settings name.
    pub fn new(settings: &settings::Limits) -> Self {
        let start = Instant::now();
        Self::by(settings, Watch::new(move || start.elapsed()))
    }

    /// The same, with another clock.
    pub fn by(settings: &settings::Limits, watch: Watch) -> Self {
        let none = || Limit::new(None, &watch);
        let limits = Self {
            logins_per_account: none(),
            logins_per_pair: none(),
            failures_per_ip: none(),
            mail_pause: none(),
            mails_per_address: none(),
            mails_per_ip: none(),
            requests_per_ip: none(),
            handshakes_per_ip: none(),
            events_per_user: none(),
            changes_per_user: none(),
            invites_per_user: none(),
            profiles_per_user: none(),
            uploads_per_user: none(),
            searches_per_user: none(),
            people_per_user: none(),
            events_per_ip: none(),
            exports_per_user: none(),
            watch: watch.clone(),
        };
        limits.retune(settings);
        limits
    }

    /// Goes by other settings from now on. A limit that is set as before goes on counting.
    pub fn retune(&self, settings: &settings::Limits) {
        let pause = Rate::once_per(settings.mail_pause);
        for (limit, rate) in [
            (&self.logins_per_account, settings.logins_per_account),
            (&self.logins_per_pair, settings.logins_per_pair),
            (&self.failures_per_ip, settings.failures_per_ip),
            (&self.mail_pause, pause),
            (&self.mails_per_address, settings.mails_per_address),
            (&self.mails_per_ip, settings.mails_per_ip),
            (&self.requests_per_ip, settings.requests_per_ip),
            (&self.handshakes_per_ip, settings.handshakes_per_ip),
            (&self.events_per_user, settings.events_per_user),
            (&self.changes_per_user, settings.changes_per_user),
            (&self.invites_per_user, settings.invites_per_user),
            (&self.profiles_per_user, settings.profiles_per_user),
            (&self.uploads_per_user, settings.uploads_per_user),
            (&self.searches_per_user, settings.searches_per_user),
            (&self.people_per_user, settings.people_per_user),
            (&self.events_per_ip, settings.events_per_ip),
            (&self.exports_per_user, settings.exports_per_user),
        ] {
            limit.retune(settings.enabled.then_some(rate), &self.watch);
        }
    }

    /// Limits that never refuse.
    pub fn none() -> Arc<Self> {
        let settings = settings::Limits { enabled: false, ..settings::Settings::defaults().limits };
        Arc::new(Self::new(&settings))
    }
}

/// Counts that somebody reached a limit, and tells the log now and then: a flood of requests must not become a flood of lines.
pub fn tell(what: &'static str, who: &str) {
    measure::tell(Level::Info, what, who, format_args!("limit reached by {who}: {what}"));
}
