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
        socketio::{Assembler, Command, Namespaces, Stay, Taken},
    },
    socket::{Application, Handshake, Message, Reason, endpoint::Service},
};

/// Whom a session speaks for.
pub(super) enum ServiceState {
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

impl ServiceState {
    pub(super) fn new(
        service: &Service,
        handshake: Handshake,
        connect_timeout: Duration,
        now: Instant,
    ) -> ServiceState {
        match service {
            Service::EngineIo(answer) => ServiceState::EngineIo(*answer),
            Service::SocketIo(application) => ServiceState::SocketIo(Box::new(SocketIo {
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

    pub(super) fn participant(&mut self, stay: Stay) -> Option<&mut Participant> {
        self.participants.iter_mut().find(|participant| participant.stay == stay)
    }

    pub(super) fn remove_participant(&mut self, stay: Stay) -> Option<Participant> {
        let at = self.participants.iter().position(|participant| participant.stay == stay)?;
        Some(self.participants.remove(at))
    }
}

impl Session {
    /// A message came. True once nothing is left to do for it.
    pub(super) fn message(&mut self, message: Message, ctx: &mut Context<Session>) -> Result<bool, Fault> {
        let socket_io = match &mut self.service {
            ServiceState::SocketIo(socket_io) => socket_io,
            ServiceState::EngineIo(answer) => {
                if let Some(answer) = answer(message) {
                    self.say(frame(answer), ctx);
                }
                return Ok(true);
            }
        };
        match socket_io.take(message)? {
            Some(Taken::Now(command)) => Ok(self.run(command, ctx)),
            Some(Taken::Kept) => Ok(false),
            None => Ok(true),
        }
    }

    /// Does `command`. False if it is still being worked on.
    fn run(&mut self, command: Command, ctx: &mut Context<Session>) -> bool {
        match command {
            Command::Connect(stay, namespace, auth) => self.connect(stay, &namespace, auth.as_deref(), ctx),
            Command::Event(stay, event) => self.event(stay, event, ctx),
            Command::Ack(stay, id, answer) => {
                self.answer(stay, id, answer);
                true
            }
            Command::Leave(stay) => {
                // What the application has said to the client before it left is still to reach it.
                ctx.notify(Left(stay));
                true
            }
        }
    }

    /// What `stay` was held for is done: so are, in order, the commands that waited, up to one that takes its time.
    pub(super) fn resume(&mut self, stay: Stay, ctx: &mut Context<Session>) {
        if self.inflow.is_full() {
            // Reading goes on only now, and a pong may be among what was not read.
            self.connection.excuse(Instant::now());
        }
        self.inflow.leave(1);
        while let ServiceState::SocketIo(socket_io) = &mut self.service
            && self.life.does_what_was_said()
            && let Some(command) = socket_io.namespaces.resume(stay)
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

    /// Ends `stay`. What the client sent in it and was not handled is not handled any more.
    pub(super) fn end_stay(&mut self, stay: Stay) {
        if let ServiceState::SocketIo(socket_io) = &mut self.service {
            self.inflow.leave(socket_io.namespaces.remove(stay));
        }
    }

    /// The Socket.IO side; a session without one has no participants to speak of.
    pub(super) fn socket_io(&mut self) -> Option<&mut SocketIo> {
        match &mut self.service {
            ServiceState::SocketIo(socket_io) => Some(socket_io),
            ServiceState::EngineIo(_) => None,
        }
    }
}

impl Handler<Left> for Session {
    type Result = ();

    fn handle(&mut self, Left(stay): Left, _: &mut Context<Session>) {
        self.leave(stay, Reason::ClientDisconnect);
    }
}

fn frame(message: Message) -> Frame {
    match message {
        Message::Text(text) => Frame::Text(ByteString::from(format!("4{text}"))),
        Message::Binary(bytes) => Frame::Binary(bytes),
    }
}
