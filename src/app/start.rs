//! From the command to a server that serves: signals are caught first of all, so that none of them ends a server half started.
use std::{path::Path, process};

use super::{App, Failure, logging, reload::Hangup, stop::Signals};
use crate::settings::InForce;

/// The signals that a server lives by, caught from the moment this is made.
pub(super) struct Caught {
    pub(super) signals: Signals,
    pub(super) hangup: Hangup,
}

impl Caught {
    pub(super) fn now() -> Result<Self, Failure> {
        Ok(Self { signals: Signals::catch()?, hangup: Hangup::catch()? })
    }
}

/// Reads the settings, starts a server, and serves until a signal comes. One that comes before the server has started ends it too,
/// and a SIGHUP has the settings read again as soon as it has.
pub async fn serve(file: Option<&Path>) -> Result<(), Failure> {
    let mut caught = Caught::now()?;
    let in_force = InForce::load(file)?;
    logging::set_level(in_force.settings().log.level);
    log::info!("starting greenroom {}", env!("GREENROOM_VERSION"));
    let app = tokio::select! {
        app = App::build(in_force.settings().clone()) => app?,
        () = caught.signals.next() => {
            log::info!("stopped before it had started");
            log::logger().flush();
            // What waits for the database or for a name to be found would hold up an end by return.
            process::exit(0)
        }
    };
    app.reloading(in_force).catching(caught).run_until_stopped().await
}
