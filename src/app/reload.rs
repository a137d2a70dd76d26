//! SIGHUP: the settings are read again, and those who go by them are told.
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    Failure, logging,
    tuning::{bounds, policy, registry_tuning},
    warn_without_limits,
};
use crate::{
    client::Chatroom,
    limits::Limits as Rates,
    registry::Registry,
    settings::{InForce, Settings},
    socket::Doors,
    store::Store,
};

/// SIGHUP, caught from the moment this is made.
pub(super) struct Hangup(Signal);

impl Hangup {
    /// From now on the signal does not end the process.
    pub(super) fn catch() -> Result<Self, Failure> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// Reads the settings again whenever the signal comes.
    pub(super) async fn reload(mut self, mut in_force: InForce, dials: Dials) {
        while self.0.recv().await.is_some() {
            match in_force.reread() {
                Ok(reread) => {
                    dials.turn(in_force.settings());
                    log::info!("settings reloaded: {}", listed(&reread.reloaded));
                    if !reread.waiting.is_empty() {
                        log::warn!("changed settings that need a restart: {}", listed(&reread.waiting));
                    }
                }
                Err(wrong) => log::error!("settings not reloaded, nothing has changed: {wrong}"),
            }
        }
    }
}

fn listed(keys: &[String]) -> String {
    if keys.is_empty() { "none has changed".into() } else { keys.join(", ") }
}

/// Those who go by settings that may change.
pub(super) struct Dials {
    pub(super) rates: Arc<Rates>,
    pub(super) chatroom: Chatroom,
    pub(super) store: Store,
    pub(super) registry: Registry,
    pub(super) doors: Doors,
    pub(super) room: Option<usize>,
}

impl Dials {
    /// Sets them all.
    fn turn(&self, settings: &Settings) {
        logging::set_level(settings.log.level);
        self.rates.retune(&settings.limits);
        self.chatroom.retune(policy(settings));
        self.store.cap_unread(settings.history.unread_cap);
        self.registry.retune(registry_tuning(settings));
        self.doors.retune(bounds(settings, self.room));
        warn_without_limits(settings);
    }
}
