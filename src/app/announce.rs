//! What the log says of a server that begins.
use std::net::SocketAddr;

use crate::{mail::Mailer, settings::Settings, store::Store};

pub(super) fn announce(settings: &Settings, address: SocketAddr, admin: SocketAddr, mailer: &Mailer) {
    log::info!("database: {}", Store::describe(&settings.database));
    log::info!("mail: {}", mailer.describe());
    log::info!("admin (health, metrics) on http://{admin}");
    warn_without_limits(settings);
    let scheme = if settings.server.is_tls() { "https" } else { "http" };
    log::info!("listening on {scheme}://{address}, known to the outside as {}", settings.server.public_url);
}

pub(super) fn warn_without_limits(settings: &Settings) {
    if !settings.limits.enabled {
        log::warn!(
            "LIMITS ARE OFF (limits.enabled = false): anybody may do anything as often as they like. For load tests only."
        );
    }
}
