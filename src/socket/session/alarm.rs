//! The one timer of a session. It may ring early, never late: a deadline that moved away costs nothing until then.
use std::time::Instant;

use actix::prelude::*;

use super::{Session, namespaces::Talk};
use crate::protocol::{
    Reason,
    engine::{PING, Tick},
};

/// A wake-up that is under way.
pub(super) struct Alarm {
    at: Instant,
    handle: SpawnHandle,
}

impl Session {
    /// Sees to it that the session wakes up no later than its next deadline.
    pub(super) fn arm(&mut self, ctx: &mut Context<Session>) {
        let at = self.deadline();
        if self.alarm.as_ref().is_some_and(|alarm| alarm.at <= at) {
            return;
        }
        if let Some(late) = self.alarm.take() {
            ctx.cancel_future(late.handle);
        }
        let handle = ctx.run_later(at.saturating_duration_since(Instant::now()), Session::ring);
        self.alarm = Some(Alarm { at, handle });
    }

    fn deadline(&self) -> Instant {
        if let Some(ended) = &self.ended {
            return ended.until;
        }
        let connect_by = match &self.talk {
            Talk::SocketIo(talk) => talk.namespaces.deadline(),
            Talk::EngineIo(_) => None,
        };
        let connection = self.connection.deadline();
        connect_by.map_or(connection, |connect_by| connect_by.min(connection))
    }

    fn ring(&mut self, ctx: &mut Context<Session>) {
        self.alarm = None;
        let now = Instant::now();
        match &self.ended {
            Some(ended) if ended.until <= now => return self.retire(ctx),
            _ => self.keep_time(now, ctx),
        }
        self.settle(ctx);
    }

    /// Does what is due by `now`.
    pub(super) fn keep_time(&mut self, now: Instant, ctx: &mut Context<Session>) {
        if self.ended.is_some() {
            return;
        }
        if let Talk::SocketIo(talk) = &self.talk
            && talk.namespaces.deadline().is_some_and(|connect_by| connect_by <= now)
        {
            return self.end(Reason::ConnectTimeout, ctx);
        }
        loop {
            match self.connection.tick(now) {
                Tick::Nothing => return,
                Tick::Ping => self.say(PING, ctx),
                Tick::ProbeExpired => self.drop_probe(),
                Tick::Dead if self.inflow.is_full() => return self.connection.excuse(now),
                Tick::Dead => return self.end(Reason::PingTimeout, ctx),
            }
        }
    }
}
