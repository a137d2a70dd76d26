//! One WebSocket of a session, as the session knows it.
use std::sync::Arc;

use crate::socket::{inflow::Inflow, outbound::Outbound};

/// Which of a session's WebSockets: an upgrade may be tried more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line(pub u32);

/// What a session and the pump and feeder of one of its WebSockets share.
#[derive(Clone)]
pub struct Wire {
    pub line: Line,
    pub outbound: Arc<Outbound>,
    pub inflow: Arc<Inflow>,
}
