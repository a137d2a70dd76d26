//! The life of a session, which only goes on.
//!
//! | in | [`Step::Quiesce`] | [`Step::Close`] | [`Step::End`] | [`Step::Retire`] |
//! |---|---|---|---|---|
//! | open | quiesced | closing | ended | |
//! | quiesced | | closing, quiesced | ended | |
//! | closing | closing, quiesced | | ended | |
//! | closing, quiesced | | | ended | |
//! | ended | | | | retired |
//! | retired | | | | |
//!
//! Where nothing stands, nothing changes: a session has one reason to close and one to end, the first.
use std::{collections::VecDeque, mem, time::Instant};

use crate::protocol::{Reason, engine::Frame};

/// Where a session is in its life.
pub(super) enum Life {
    /// What the client says is done.
    Open,
    /// The server is about to stop: what the client says is not done any more, nor what it said and was not begun.
    Quiesced,
    /// The client did something wrong or said goodbye. It is not listened to any more; the session ends when the application
    /// is done with what came before that, and when it is quiesced, with what was begun of it.
    Closing { reason: Reason, quiesced: bool },
    /// Everybody was told. A client that polls may still come for the last words.
    Ended(Box<Ended>),
    /// No request finds the session any more. It is gone when the application has done what it had begun.
    Retired(Reason),
}

/// What is left of a session that ended.
pub(super) struct Ended {
    pub reason: Reason,
    /// For the next polls, if the session waits for them.
    pub last_packets: VecDeque<Frame>,
    /// When nobody will come for them any more.
    pub until: Instant,
}

/// What brings a session on in its life.
pub(super) enum Step {
    /// The server is about to stop.
    Quiesce,
    /// The client did something wrong or said goodbye.
    Close(Reason),
    /// It is over.
    End(Ended),
    /// Nobody will ask for it any more.
    Retire,
}

impl Life {
    /// Goes on by one step.
    pub(super) fn step(&mut self, step: Step) {
        *self = mem::replace(self, Life::Open).after(step);
    }

    fn after(self, step: Step) -> Life {
        match (self, step) {
            (Life::Open, Step::Quiesce) => Life::Quiesced,
            (Life::Open, Step::Close(reason)) => Life::Closing { reason, quiesced: false },
            (Life::Quiesced, Step::Close(reason)) => Life::Closing { reason, quiesced: true },
            (Life::Closing { reason, .. }, Step::Quiesce) => Life::Closing { reason, quiesced: true },
            (Life::Open | Life::Quiesced | Life::Closing { .. }, Step::End(ended)) => Life::Ended(Box::new(ended)),
            (Life::Ended(ended), Step::Retire) => Life::Retired(ended.reason),
            (life, Step::Quiesce | Step::Close(_) | Step::End(_) | Step::Retire) => life,
        }
    }

    /// Whether what the client says is done.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Life::Open)
    }

    /// Whether what the client said, and was not begun yet, is still to be done.
    pub(super) fn does_what_was_said(&self) -> bool {
        matches!(self, Life::Open | Life::Closing { quiesced: false, .. })
    }

    /// Whether the client is not listened to any more.
    pub(super) fn is_deaf(&self) -> bool {
        !matches!(self, Life::Open | Life::Quiesced)
    }

    /// What the session is about to end for.
    pub(super) fn closing(&self) -> Option<Reason> {
        match self {
            Life::Closing { reason, .. } => Some(*reason),
            Life::Open | Life::Quiesced | Life::Ended(_) | Life::Retired(_) => None,
        }
    }

    /// What the session ended for.
    pub(super) fn over(&self) -> Option<Reason> {
        match self {
            Life::Ended(ended) => Some(ended.reason),
            Life::Retired(reason) => Some(*reason),
            Life::Open | Life::Quiesced | Life::Closing { .. } => None,
        }
    }

    /// Whether the session has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table above, with the session's answers in each state: open, does what was said, deaf, closing, over.
    const STATES: [(&str, [&str; 4], [bool; 5]); 6] = [
        ("open", ["quiesced", "closing", "ended", ""], [true, true, false, false, false]),
        ("quiesced", ["", "closing, quiesced", "ended", ""], [false, false, false, false, false]),
        ("closing", ["closing, quiesced", "", "ended", ""], [false, true, true, true, false]),
        ("closing, quiesced", ["", "", "ended", ""], [false, false, true, true, false]),
        ("ended", ["", "", "", "retired"], [false, false, true, false, true]),
        ("retired", ["", "", "", ""], [false, false, true, false, true]),
    ];

    fn steps() -> [Step; 4] {
        let reason = Reason::ServerShutdown;
        let last_packets = VecDeque::new();
        let ended = Ended { reason, last_packets, until: Instant::now() };
        [Step::Quiesce, Step::Close(Reason::ParseError), Step::End(ended), Step::Retire]
    }

    fn name(life: &Life) -> &'static str {
        match life {
            Life::Open => "open",
            Life::Quiesced => "quiesced",
            Life::Closing { quiesced: false, .. } => "closing",
            Life::Closing { quiesced: true, .. } => "closing, quiesced",
            Life::Ended(_) => "ended",
            Life::Retired(_) => "retired",
        }
    }

    /// A life that has come to the state of this name.
    fn at(state: &str) -> Life {
        let way: &[usize] = match state {
            "open" => &[],
            "quiesced" => &[0],
            "closing" => &[1],
            "closing, quiesced" => &[1, 0],
            "ended" => &[2],
            _ => &[2, 3],
        };
        way.iter().fold(Life::Open, |life, step| life.after(steps().into_iter().nth(*step).unwrap()))
    }

    #[test]
    fn every_step_in_every_state_leads_where_the_table_says() {
        for (state, leads_to, answers) in STATES {
            let life = at(state);
            assert_eq!(name(&life), state);
            let closing = life.closing().is_some();
            assert_eq!(
                [life.is_open(), life.does_what_was_said(), life.is_deaf(), closing, life.is_over()],
                answers,
                "{state}"
            );
            for (step, to) in steps().into_iter().zip(leads_to) {
                let mut life = at(state);
                life.step(step);
                assert_eq!(name(&life), if to.is_empty() { state } else { to }, "from {state}");
            }
        }
    }

    #[test]
    fn the_first_reason_to_close_and_the_first_to_end_stay() {
        let mut life = at("closing");
        life.step(Step::Close(Reason::TransportClose));
        assert_eq!(life.closing(), Some(Reason::ParseError));
        let mut life = at("ended");
        let until = Instant::now();
        life.step(Step::End(Ended { reason: Reason::SlowReader, last_packets: VecDeque::new(), until }));
        assert_eq!(life.over(), Some(Reason::ServerShutdown));
        life.step(Step::Retire);
        assert_eq!(life.over(), Some(Reason::ServerShutdown));
    }

    #[test]
    fn the_table_in_the_documentation_is_this_one() {
        let documented = include_str!("life.rs").lines().filter_map(|line| line.strip_prefix("//! | "));
        let rows: Vec<Vec<&str>> =
            documented.skip(1).map(|row| row.trim_end_matches('|').split('|').map(str::trim).collect()).collect();
        let expected: Vec<Vec<&str>> =
            STATES.iter().map(|(state, leads_to, _)| [state].into_iter().chain(leads_to).copied().collect()).collect();
        assert_eq!(rows, expected);
    }
}
