//! The WebSockets of a session: the one that carries it, and the one that is about to.
use std::{sync::Arc, time::Instant};

use actix::prelude::*;
use actix_http::ws::CloseCode;

use super::{FromWebSocket, Line, Session, Upgrade, WebSocketGone, Wire};
use crate::{
    protocol::engine::{Frame, NOOP, PROBED, Packet, Probe, Refusal},
    socket::outbound::{Ending, Outbound},
};

impl Handler<Upgrade> for Session {
    type Result = Result<Option<Wire>, Refusal>;

    fn handle(&mut self, _: Upgrade, ctx: &mut Context<Session>) -> Self::Result {
        if self.life.is_deaf() {
            return Err(Refusal::UnknownSid);
        }
        if !self.connection.begin_upgrade(Instant::now()) {
            return Ok(None);
        }
        let wire = self.new_wire();
        self.carrier.begin_upgrade(wire.clone());
        self.settle(ctx);
        Ok(Some(wire))
    }
}

impl Handler<FromWebSocket> for Session {
    type Result = ();

    fn handle(&mut self, FromWebSocket { line, frame, sent }: FromWebSocket, ctx: &mut Context<Session>) {
        let begun = self.mount.server.stats.times.taken(sent);
        // The feeder has counted it already.
        self.inflow.leave(1);
        if !self.life.is_deaf() {
            self.hear_frame(line, frame, ctx);
        }
        self.mount.server.stats.times.done(begun);
    }
}

impl Handler<WebSocketGone> for Session {
    type Result = ();

    fn handle(&mut self, gone: WebSocketGone, ctx: &mut Context<Session>) {
        if is(self.carrier.wire(), gone.line) {
            self.end(gone.reason, ctx);
        } else if is(self.carrier.probe(), gone.line) {
            self.connection.abandon_upgrade();
            self.carrier.abandon_upgrade();
        }
    }
}

impl Session {
    /// A frame came, by the WebSocket that carries the connection or by the one that is about to.
    fn hear_frame(&mut self, line: Line, frame: Frame, ctx: &mut Context<Session>) {
        let packet = Packet::decode(frame);
        if is(self.carrier.wire(), line) {
            match packet {
                Ok(packet) => self.take(packet, ctx),
                Err(fault) => self.blame(fault, ctx),
            }
        } else if is(self.carrier.probe(), line) {
            // What cannot be read is not the probe either.
            self.probed(packet.unwrap_or(Packet::Noop), ctx);
        }
        self.settle(ctx);
    }

    pub(super) fn new_wire(&mut self) -> Wire {
        self.lines += 1;
        let outbound = Arc::new(Outbound::new(self.budget.clone()));
        Wire { line: Line(self.lines), outbound, inflow: self.inflow.clone() }
    }

    fn probed(&mut self, packet: Packet, ctx: &mut Context<Session>) {
        match self.connection.probe(&packet, Instant::now()) {
            Probe::Answer => {
                if let (true, Some(probe)) = (self.charge(&PROBED, ctx), self.carrier.probe()) {
                    probe.outbound.push(PROBED);
                }
            }
            Probe::Complete(waiting) => self.move_to_websocket(waiting),
            Probe::Refuse => self.drop_probe(),
        }
    }

    fn move_to_websocket(&mut self, waiting: impl IntoIterator<Item = Frame>) {
        self.mount.server.stats.upgrade();
        self.carrier.upgrade();
        if let Some(late) = self.poll.take() {
            let _ = late.send(Ok(vec![NOOP]));
        }
        for frame in waiting {
            self.write(frame);
        }
    }

    /// Closes the upgrading WebSocket; polling goes on.
    pub(super) fn drop_probe(&mut self) {
        if let Some(probe) = self.carrier.abandon_upgrade() {
            probe.outbound.end(Ending::Close(CloseCode::Normal));
        }
    }
}

fn is(wire: Option<&Wire>, line: Line) -> bool {
    wire.is_some_and(|wire| wire.line == line)
}
