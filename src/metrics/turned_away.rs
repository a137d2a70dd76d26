//! What was turned away. Anybody can cause it as often as they like, so the log tells little of it.
use std::{collections::BTreeMap, fmt};

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::page::{Page, counter};
use crate::{
    measure::totals,
    socket::{FOREIGN_ORIGIN, NOT_HTTP},
};

const HELP: &str = "Requests, logins, events and connections that were turned away or failed, by the reason for it.";

/// What all rooms count by [`crate::measure::tell`].
#[derive(Debug)]
pub(super) struct TurnedAway;

impl Collector for TurnedAway {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        // Two reasons are there from the start, so that the name is.
        let counted: BTreeMap<_, _> = [(FOREIGN_ORIGIN, 0), (NOT_HTTP, 0)].into_iter().chain(totals()).collect();
        let samples = counted.into_iter().map(|(reason, count)| ([("reason", reason)], counter(count)));
        Page(encoder).family("turned_away", None, HELP, samples)
    }
}
