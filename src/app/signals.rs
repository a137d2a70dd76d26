//! The signals that a server lives by.
use std::{io, process};

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Failure;

/// The exit code of a server that was not let finish: 128 + SIGTERM.
const KILLED: i32 = 143;

/// All of them, caught from the moment this is made.
pub(super) struct Signals {
    pub(super) stop: StopSignals,
    pub(super) reload: ReloadSignal,
}

impl Signals {
    /// From now on none of them ends the process by itself.
    pub(super) fn catch() -> Result<Self, Failure> {
        Ok(Self { stop: StopSignals::catch()?, reload: ReloadSignal(signal(SignalKind::hangup())?) })
    }
}

/// SIGHUP.
pub(super) struct ReloadSignal(Signal);

impl ReloadSignal {
    /// Waits for it.
    pub(super) async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// SIGTERM and Ctrl-C.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// From now on neither signal ends the process by itself.
    fn catch() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for the first signal. The second ends the process at once.
    pub(super) async fn first(mut self) {
        self.next().await;
        actix_rt::spawn(async move {
            self.next().await;
            log::warn!("stopped at once by a second signal");
            log::logger().flush();
            process::exit(KILLED);
        });
    }

    /// Waits for a signal.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
