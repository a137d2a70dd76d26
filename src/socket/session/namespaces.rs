//! What the messages of a connection mean: nothing to Engine.IO alone, commands for namespaces to Socket.IO.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use bytestring::ByteString;

use super::{Left, Session, participants::Participant};
use crate::{
    protocol::{
        Fault,
        engine::Frame,
        socketio::{Assembler, Command, Namespaces, Seat, Taken},
    },
    socket::{Application, Handshake, Message, Reason, endpoint::Service},
};

/// Whom a session speaks for.
pub(super) enum Talk {
    EngineIo(fn(Message) -> Option<Message>),
    SocketIo(Box<SocketIo>),
}

/// The Socket.IO side of a session.
pub(super) struct SocketIo {
    pub application: Arc<dyn Application>,
    pub handshake: Arc<Handshake>,
    pub assembler: Assembler,
    pub namespaces: Namespaces,
    pub participants: Vec<Participant>,
    /// Why the client was not let in or taken out, the last time, if it was not let in since.
    pub removed_for: Option<Reason>,
}

impl Talk {
    pub(super) fn new(service: &Service, handshake: Handshake, connect_timeout: Duration, now: Instant) -> Talk {
        match service {
            Service::EngineIo(answer) => Talk::EngineIo(*answer),
            Service::SocketIo(application) => Talk::SocketIo(Box::new(SocketIo {
                application: application.clone(),
                handshake: Arc::new(handshake),
                assembler: Assembler::default(),
                namespaces: Namespaces::new(connect_timeout, now),
                participants: vec![],
                removed_for: None,
            })),
        }
    }
}

impl SocketIo {
    fn take(&mut self, message: Message) -> Result<Option<Taken>, Fault> {
        let packet = match message {
            Message::Text(text) => self.assembler.text(&text)?,
            Message::Binary(bytes) => self.assembler.binary(bytes)?,
        };
        packet.map(|packet| self.namespaces.take(packet)).transpose()
    }

    pub(super) fn participant(&mut self, seat: Seat) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|participant| participant.seat == seat)
    }

    pub(super) fn remove_participant(&mut self, seat: Seat) -> Option<Participant> {
        let at = self.participants.iter().position(|participant| participant.seat == seat)?;
        Some(self.participants.remove(at))
    }
}

impl Session {
    /// A message came. True once nothing is left to do for it.
    pub(super) fn message(&mut self, message: Message, ctx: &mut Context<Session>) -> Result<bool, Fault> {
        let talk = match &mut self.talk {
            Talk::SocketIo(talk) => talk,
            Talk::EngineIo(answer) => {
                if let Some(answer) = answer(message) {
                    self.say(frame(answer), ctx);
                }
                return Ok(true);
            }
        };
        match talk.take(message)? {
            Some(Taken::Now(command)) => Ok(self.run(command, ctx)),
            Some(Taken::Kept) => Ok(false),
            None => Ok(true),
        }
    }

    /// Does `command`. False if it is still being worked on.
    fn run(&mut self, command: Command, ctx: &mut Context<Session>) -> bool {
        match command {
            Command::Connect(seat, namespace, auth) => self.connect(seat, &namespace, auth.as_deref(), ctx),
            Command::Event(seat, event) => self.event(seat, event, ctx),
            Command::Ack(seat, id, answer) => {
                self.answer(seat, id, answer);
                true
            }
            Command::Leave(seat) => {
                // What the application has said to the client before it left is still to reach it.
                ctx.notify(Left(seat));
                true
            }
        }
    }

    /// What `seat` was held for is done: so are, in order, the commands that waited, up to one that takes its time.
    pub(super) fn resume(&mut self, seat: Seat, ctx: &mut Context<Session>) {
        if self.inflow.is_full() {
            // Reading goes on only now, and a pong may be among what was not read.
            self.connection.excuse(Instant::now());
        }
        self.inflow.leave(1);
        while let Talk::SocketIo(talk) = &mut self.talk
            && self.life.does_what_was_said()
            && let Some(command) = talk.namespaces.resume(seat)
        {
            let done = command.map(|command| self.run(command, ctx));
            if done != Ok(false) {
                self.inflow.leave(1);
            }
            match done {
                Ok(true) => {}
                Ok(false) => return,
                Err(fault) => return self.blame(fault, ctx),
            }
        }
    }

    /// Takes `seat` away from the client. What it sent and was not handled is not handled any more.
    pub(super) fn unseat(&mut self, seat: Seat) {
        if let Talk::SocketIo(talk) = &mut self.talk {
            self.inflow.leave(talk.namespaces.remove(seat));
        }
    }

    /// The Socket.IO side; a session without one has no participants to speak of.
    pub(super) fn socket_io(&mut self) -> Option<&mut SocketIo> {
        match &mut self.talk {
            Talk::SocketIo(talk) => Some(talk),
            Talk::EngineIo(_) => None,
        }
    }
}

impl Handler<Left> for Session {
    type Result = ();

    fn handle(&mut self, Left(seat): Left, _: &mut Context<Session>) {
        self.leave(seat, Reason::ClientDisconnect);
    }
}

fn frame(message: Message) -> Frame {
    match message {
        Message::Text(text) => Frame::Text(ByteString::from(format!("4{text}"))),
        Message::Binary(bytes) => Frame::Binary(bytes),
    }
}
