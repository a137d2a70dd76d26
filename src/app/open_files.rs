//! Open files: each connection is one, and the system lets a process have only so many. Without a bound below that, the
//! first thing to fail is whatever opens its file next, such as the database.
use super::{Failure, threads::threads};
use crate::{metrics::open_files, settings::Settings};

/// What a worker or acceptor thread opens for itself.
const PER_THREAD: usize = 4;

/// The two acceptors and the worker of the admin listener.
const OTHER_THREADS: usize = 3;

/// What is opened when there is need: connections to a database server, or three files each for those to SQLite.
const DATABASE: usize = 12;

/// Connections of the admin listener.
pub(super) const ADMIN: usize = 16;

/// Mails, a connection that is turned away, and whatever else is open for a moment.
const SPARE: usize = 8;

/// With fewer connections nobody can be served.
const LEAST: usize = 8;

/// How many connections of clients there may be. Nothing, if the system sets no limit or does not tell.
///
/// # Errors
/// If that are too few, or fewer than the settings ask for.
pub(super) fn connections(settings: &Settings) -> Result<Option<usize>, Failure> {
    let Some((open, most)) = open_files() else { return Ok(None) };
    let threads = threads(settings.server.workers) + OTHER_THREADS;
    let own = open + PER_THREAD * threads + DATABASE + ADMIN + SPARE;
    let room = most.saturating_sub(own);
    let wanted = settings.limits.connections;
    let sockets = settings.limits.sockets;
    if room < LEAST.max(wanted) {
        let least = own + LEAST.max(wanted);
        let key = if wanted > 0 { "limits.connections: " } else { "" };
        return Err(format!(
            "{key}too few open files: at most {most}, of which the server itself needs {own}; expected {least} or more \
             (ulimit -n, LimitNOFILE)"
        )
        .into());
    }
    if settings.limits.enabled && room < sockets {
        log::warn!(
            "at most {most} open files allow {room} connections, fewer than limits.sockets, which is {sockets} \
             (ulimit -n, LimitNOFILE)"
        );
    }
    Ok(Some(room))
}
