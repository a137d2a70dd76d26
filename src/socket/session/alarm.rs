//! The one timer of a session. It rings a little late, together with those of other sessions: the server wakes up once for
//! all whose deadlines lie close together. It follows a deadline that moves away by much, as with every pong: to wake a
//! session that has slept for seconds costs far more than to move a timer while it is awake.
use std::time::{Duration, Instant};

use actix::prelude::*;

use super::{Session, life::Life, namespaces::ServiceState};
use crate::protocol::{
    Reason,
    engine::{PING, Tick},
};

/// So many times in a ping interval sessions wake up, and never more rarely than this.
const BEATS: u32 = 64;
const LONGEST_BEAT: Duration = Duration::from_millis(500);

/// A wake-up that is under way.
pub(super) struct Alarm {
    /// The deadline that it was set for.
    due: Instant,
    handle: SpawnHandle,
}

impl Session {
    /// Sees to it that the session wakes up at its next deadline.
    pub(super) fn arm(&mut self, ctx: &mut Context<Session>) {
        let due = self.deadline();
        let server = &self.mount.server;
        let beat = (server.options.ping_interval / BEATS).min(LONGEST_BEAT);
        if self.alarm.as_ref().is_some_and(|alarm| alarm.due <= due && due - alarm.due <= beat) {
            return;
        }
        if let Some(alarm) = self.alarm.take() {
            ctx.cancel_future(alarm.handle);
        }
        let at = round_up(due, server.opened, beat);
        let handle = ctx.run_later(at.saturating_duration_since(Instant::now()), Session::ring);
        self.alarm = Some(Alarm { due, handle });
    }

    fn deadline(&self) -> Instant {
        if let Life::Ended(ended) = &self.life {
            return ended.until;
        }
        let connect_by = match &self.service {
            ServiceState::SocketIo(socket_io) => socket_io.namespaces.deadline(),
            ServiceState::EngineIo(_) => None,
        };
        let connection = self.connection.deadline();
        connect_by.map_or(connection, |connect_by| connect_by.min(connection))
    }

    fn ring(&mut self, ctx: &mut Context<Session>) {
        self.alarm = None;
        let now = Instant::now();
        match &self.life {
            Life::Ended(ended) if ended.until <= now => self.retire(ctx),
            // It was set before the end came.
            Life::Ended(_) => self.arm(ctx),
            Life::Retired(_) => {}
            Life::Open | Life::Quiesced | Life::Closing { .. } => {
                self.keep_time(now, ctx);
                self.settle(ctx);
            }
        }
    }

    /// Does what is due by `now`.
    pub(super) fn keep_time(&mut self, now: Instant, ctx: &mut Context<Session>) {
        if self.life.is_over() {
            return;
        }
        if let ServiceState::SocketIo(socket_io) = &self.service
            && socket_io.namespaces.deadline().is_some_and(|connect_by| connect_by <= now)
        {
            return self.end(Reason::ConnectTimeout, ctx);
        }
        loop {
            match self.connection.tick(now) {
                Tick::Nothing => return,
                Tick::Ping => {
                    self.pending_ping.sent(now);
                    self.say(PING, ctx);
                }
                Tick::ProbeExpired => self.drop_probe(),
                Tick::Dead if self.inflow.is_full() => return self.connection.excuse(now),
                Tick::Dead => return self.end(Reason::PingTimeout, ctx),
            }
        }
    }
}

/// The first of the times `start`, `start + step`, … that is not before `at`.
fn round_up(at: Instant, start: Instant, step: Duration) -> Instant {
    let since = at.saturating_duration_since(start).as_nanos();
    let beyond = since.checked_rem(step.as_nanos()).unwrap_or_default();
    let missing = if beyond == 0 { 0 } else { step.as_nanos() - beyond };
    at + Duration::from_nanos(u64::try_from(missing).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wake_ups_close_to_each_other_are_one() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let rounded = |millis| round_up(at(millis), start, Duration::from_millis(100));
        assert_eq!((rounded(0), rounded(1), rounded(99), rounded(100)), (at(0), at(100), at(100), at(100)));
        assert_eq!(round_up(at(7), start, Duration::ZERO), at(7));
    }
}
