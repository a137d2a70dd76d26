//! SIGHUP: the settings are read again, and those who go by them are told.
use std::sync::Arc;

use rustls::sign::CertifiedKey;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{
    Failure, logging,
    tls::Certificate,
    tuning::{bounds, policy, registry_tuning},
    warn_without_limits,
};
use crate::{
    client::Chatroom,
    limits::Limits as Rates,
    registry::Registry,
    settings::{InForce, Reread, Settings},
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
            match reread(&mut in_force, &dials) {
                Ok(Renewed { reread, certificate }) => {
                    dials.turn(in_force.settings());
                    log::info!("settings reloaded: {}", listed(&reread.reloaded));
                    dials.show(certificate);
                    if !reread.waiting.is_empty() {
                        log::warn!("changed settings that need a restart: {}", listed(&reread.waiting));
                    }
                }
                Err(wrong) => log::error!("settings not reloaded, nothing has changed: {wrong}"),
            }
        }
    }
}

/// What is read and is right, before anything of it is in force.
struct Renewed {
    reread: Reread,
    certificate: Option<CertifiedKey>,
}

/// The certificate first: if it cannot be used, the settings stay what they are, too.
fn reread(in_force: &mut InForce, dials: &Dials) -> Result<Renewed, Failure> {
    let certificate = dials.certificate.as_ref().map(Certificate::reread).transpose()?;
    Ok(Renewed { reread: in_force.reread()?, certificate })
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
    pub(super) certificate: Option<Certificate>,
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

    /// Shows a certificate that was read again to whoever connects from now on.
    fn show(&self, renewed: Option<CertifiedKey>) {
        if let (Some(certificate), Some(renewed)) = (&self.certificate, renewed)
            && certificate.show(renewed)
        {
            log::info!("the certificate was renewed");
        }
    }
}
