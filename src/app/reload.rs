//! SIGHUP: the settings are read again, and those who go by them are told.
use rustls::sign::CertifiedKey;

use super::{
    Failure,
    announce::warn_without_limits,
    logging,
    parts::Parts,
    signals::ReloadSignal,
    tls::Certificate,
    tuning::{bounds, policy, registry_tuning, rules},
};
use crate::{
    settings::{InForce, Reread, Settings},
    socket::SocketServer,
};

/// Those who go by settings that may change.
pub(super) struct Reloadable {
    pub(super) parts: Parts,
    pub(super) socket_server: SocketServer,
    pub(super) max_connections: Option<usize>,
    pub(super) certificate: Option<Certificate>,
}

/// What is read and is right, before anything of it is in force.
struct Renewed {
    reread: Reread,
    certificate: Option<CertifiedKey>,
}

impl Reloadable {
    /// Reads the settings again whenever the signal comes.
    pub(super) async fn reload_at(self, mut signal: ReloadSignal, mut in_force: InForce) {
        loop {
            signal.next().await;
            match self.reread(&mut in_force) {
                Ok(renewed) => self.renew(renewed, in_force.settings()),
                Err(wrong) => log::error!("settings not reloaded, nothing has changed: {wrong}"),
            }
        }
    }

    /// The certificate first: if it cannot be used, the settings stay what they are, too.
    fn reread(&self, in_force: &mut InForce) -> Result<Renewed, Failure> {
        let certificate = self.certificate.as_ref().map(Certificate::reread).transpose()?;
        Ok(Renewed { reread: in_force.reread()?, certificate })
    }

    fn renew(&self, Renewed { reread, certificate }: Renewed, settings: &Settings) {
        self.retune(settings);
        log::info!("settings reloaded: {}", listed(&reread.reloaded));
        self.show(certificate);
        if !reread.waiting.is_empty() {
            log::warn!("changed settings that need a restart: {}", listed(&reread.waiting));
        }
    }

    /// Has all of them go by these settings.
    fn retune(&self, settings: &Settings) {
        logging::set_level(settings.log.level);
        self.parts.rates.retune(&settings.limits);
        self.parts.chatroom.retune(policy(settings));
        self.parts.about.retune(settings);
        self.parts.files.retune(settings);
        self.parts.store.cap_unread(settings.history.unread_cap);
        self.parts.store.open_history(settings.groups.history_for_new_members);
        self.parts.registry.retune(registry_tuning(settings));
        self.parts.store.line().into_iter().for_each(|line| line.retune(rules(settings)));
        self.socket_server.retune(bounds(settings, self.max_connections));
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

fn listed(keys: &[String]) -> String {
    if keys.is_empty() { "none has changed".into() } else { keys.join(", ") }
}
