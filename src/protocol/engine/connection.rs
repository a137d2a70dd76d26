//! The life of one Engine.IO connection, from handshake to end, over whichever transport it has.
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use bytes::Bytes;
use bytestring::ByteString;

use super::{
    Frame, Packet, Polling, Transport,
    heartbeat::{Beat, Heartbeat},
};
use crate::protocol::Fault;

/// The clocks of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// From handshake or pong to the next ping.
    pub ping_interval: Duration,
    /// From ping to death.
    pub ping_timeout: Duration,
    /// From the opening of an upgrading WebSocket to its end.
    pub upgrade_timeout: Duration,
}

/// One connection. It holds no socket: its owner moves the bytes and tells it the time.
#[derive(Debug)]
pub struct Connection {
    timing: Timing,
    heartbeat: Heartbeat,
    /// `None` once a WebSocket carries this connection; what only polling needs is not kept then.
    polling: Option<Box<Polling>>,
}

/// What a packet of the client comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing to do.
    Nothing,
    /// A text message.
    Text(ByteString),
    /// A binary message.
    Binary(Bytes),
    /// The client is going.
    Close,
}

/// What a packet on an upgrading WebSocket comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Probe {
    /// `3probe` is to be sent on the WebSocket, and any held poll to be answered soon.
    Answer,
    /// The WebSocket carries the connection now; these packets go first. A poll that is held gets a noop.
    Complete(VecDeque<Frame>),
    /// The WebSocket must be closed; polling goes on.
    Refuse,
}

/// What the passing of time comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// Nothing to do.
    Nothing,
    /// `2` is to be sent.
    Ping,
    /// The client did not answer the last `2`.
    Dead,
    /// The upgrading WebSocket took too long and must be closed.
    ProbeExpired,
}

impl Connection {
    /// A connection that was opened at `now` over `transport`.
    pub fn new(transport: Transport, timing: Timing, now: Instant) -> Connection {
        Connection {
            timing,
            heartbeat: Heartbeat::new(timing.ping_interval, now),
            polling: (transport == Transport::Polling).then(Box::default),
        }
    }

    /// Which transport carries this connection now.
    pub fn transport(&self) -> Transport {
        if self.polling.is_some() { Transport::Polling } else { Transport::WebSocket }
    }

    /// The state of long-polling, while that is the transport.
    pub fn polling(&mut self) -> Option<&mut Polling> {
        self.polling.as_deref_mut()
    }

    /// Sends `frame`: gives it back if it is to be written to the WebSocket, else it waits for a poll.
    pub fn send(&mut self, frame: Frame) -> Option<Frame> {
        match &mut self.polling {
            Some(polling) => {
                polling.push(frame);
                None
            }
            None => Some(frame),
        }
    }

    /// A packet came over the transport of this connection.
    ///
    /// # Errors
    /// A [`Fault`] whose verdict says whether the connection survives it.
    pub fn receive(&mut self, packet: Packet, now: Instant) -> Result<Heard, Fault> {
        match packet {
            Packet::Message(text) => Ok(Heard::Text(text)),
            Packet::Binary(bytes) => Ok(Heard::Binary(bytes)),
            Packet::Close => Ok(Heard::Close),
            Packet::Pong => {
                self.heartbeat.pong(self.timing.ping_interval, now);
                Ok(Heard::Nothing)
            }
            Packet::Ping(_) => Err(Fault::ClientPing),
            Packet::Open | Packet::Upgrade | Packet::Noop => Err(Fault::Stray),
        }
    }

    /// A WebSocket opened for this connection. False if it has one, or another is upgrading.
    pub fn begin_upgrade(&mut self, now: Instant) -> bool {
        let until = now + self.timing.upgrade_timeout;
        self.polling.as_mut().is_some_and(|polling| polling.begin_upgrade(until))
    }

    /// A packet came over the upgrading WebSocket.
    pub fn probe(&mut self, packet: &Packet, now: Instant) -> Probe {
        let Some(polling) = &mut self.polling else { return Probe::Refuse };
        match packet {
            Packet::Ping(data) if data == "probe" && polling.probe(now) => Probe::Answer,
            Packet::Upgrade if polling.is_probed() => {
                Probe::Complete(self.polling.take().map(|polling| polling.into_waiting()).unwrap_or_default())
            }
            _ => {
                polling.abandon_upgrade();
                Probe::Refuse
            }
        }
    }

    /// The upgrading WebSocket went away.
    pub fn abandon_upgrade(&mut self) {
        if let Some(polling) = &mut self.polling {
            polling.abandon_upgrade();
        }
    }

    /// When [`Connection::tick`] is next worth a call.
    pub fn deadline(&self) -> Instant {
        let polling = self.polling.as_ref().and_then(|polling| polling.due());
        polling.map_or(self.heartbeat.due(), |polling| polling.min(self.heartbeat.due()))
    }

    /// Time has passed. To be called again until it says [`Tick::Nothing`].
    pub fn tick(&mut self, now: Instant) -> Tick {
        if let Some(polling) = &mut self.polling
            && polling.upgrade_due().is_some_and(|due| due <= now)
        {
            polling.abandon_upgrade();
            return Tick::ProbeExpired;
        }
        match self.heartbeat.beat(self.timing.ping_timeout, now) {
            Beat::Rest => Tick::Nothing,
            Beat::Ping => Tick::Ping,
            Beat::Dead => Tick::Dead,
        }
    }

    /// A missing pong may lie unread in the server's own hands: waits for it from now on.
    pub fn excuse(&mut self, now: Instant) {
        self.heartbeat.excuse(self.timing.ping_timeout, now);
    }

    /// When this connection dies at the latest if nothing more is heard from the client.
    pub fn death(&self) -> Instant {
        self.heartbeat.death(self.timing.ping_timeout)
    }
}
