//! How often is too often: one limit per thing that can be done too often, each counting by keys such as an address.
//! `http` and `client` ask before they do anything that costs.
mod limit;
mod table;

use std::{sync::Arc, time::Instant};

pub use limit::{Limit, TooMany, Watch};

use crate::settings;

/// Every limit of one server. With `limits.enabled = false` none of them ever refuses.
pub struct Limits {
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
    /// Exports of one user's data.
    pub exports_per_user: Limit,
    /// Log lines about one network that reached one limit.
    told: Limit,
}

impl Limits {
    /// The limits that the settings name.
    pub fn new(settings: &settings::Limits) -> Self {
        let start = Instant::now();
        Self::by(settings, Watch::new(move || start.elapsed()))
    }

    /// The same, with another clock.
    pub fn by(settings: &settings::Limits, watch: Watch) -> Self {
        let limit = |rate| if settings.enabled { Limit::new(rate, &watch) } else { Limit::none() };
        Self {
            logins_per_account: limit(settings.logins_per_account),
            logins_per_pair: limit(settings.logins_per_pair),
            failures_per_ip: limit(settings.failures_per_ip),
            mail_pause: limit(settings::Rate::once_per(settings.mail_pause)),
            mails_per_address: limit(settings.mails_per_address),
            mails_per_ip: limit(settings.mails_per_ip),
            requests_per_ip: limit(settings.requests_per_ip),
            handshakes_per_ip: limit(settings.handshakes_per_ip),
            events_per_user: limit(settings.events_per_user),
            events_per_ip: limit(settings.events_per_ip),
            exports_per_user: limit(settings.exports_per_user),
            told: limit(settings::Rate::once_per(std::time::Duration::from_secs(60))),
        }
    }

    /// Limits that never refuse.
    pub fn none() -> Arc<Self> {
        let settings = settings::Limits { enabled: false, ..settings::Settings::defaults().limits };
        Arc::new(Self::new(&settings))
    }

    /// Tells the log that a limit was reached, at most once a minute for each `what` and `who`: a flood of requests must
    /// not become a flood of lines.
    pub fn tell(&self, what: &str, who: &str) {
        if self.told.check((what, who)).is_ok() {
            log::info!("limit reached by {who}: {what}");
        }
    }
}
