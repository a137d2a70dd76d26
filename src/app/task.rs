//! What runs beside a server.
use actix_rt::task::JoinHandle;

/// A task that runs beside the server for as long as it does, and what it is called.
pub(super) type Task = (&'static str, JoinHandle<()>);
