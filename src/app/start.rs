//! From the command to a server that serves: signals are caught first of all, so that none of them ends a server half started.
use std::{path::Path, process};

use super::{App, Failure, logging, signals::Signals};
use crate::settings::InForce;

/// Reads the settings, starts a server, and serves until a signal comes. One that comes before the server has started ends it too,
/// and a SIGHUP has the settings read again as soon as it has.
///
/// # Errors
/// If the settings are wrong, the server cannot start, or a part of it is gone without which it cannot go on.
pub async fn serve(file: Option<&Path>) -> Result<(), Failure> {
    let mut signals = Signals::catch()?;
    let in_force = InForce::load(file)?;
    logging::set_level(in_force.settings().log.level);
    log::info!("starting greenroom {}", env!("GREENROOM_VERSION"));
    let app = tokio::select! {
        app = App::build(in_force.settings().clone()) => app?,
        () = signals.stop.next() => {
            log::info!("stopped before it had started");
            log::logger().flush();
            // What waits for the database or for a name to be found would hold up an end by return.
            process::exit(0)
        }
    };
    app.reloading(in_force).catching(signals).run_until_stopped().await
}
