//! The namespaces of one connection: who is in, who is asking, and what must wait its turn.
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use bytestring::ByteString;

use super::{AckId, Assembled, Event};
use crate::protocol::Fault;

/// One stay of a client in a namespace of its connection. A stay never gets its number twice, so what was meant for a
/// client that left cannot reach the one that comes after it on the same connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seat(pub u32);

/// Something to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// The client asks to join `namespace`; everything else for that seat waits for the answer.
    Connect(Seat, ByteString, Option<ByteString>),
    /// The client says something.
    Event(Seat, Event),
    /// The client answers a question.
    Ack(Seat, AckId, Event),
    /// The client left.
    Leave(Seat),
}

/// What became of a packet.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is to be done now.
    Now(Command),
    /// It waits behind something that is not done.
    Kept,
}

/// All namespaces of one connection.
#[derive(Debug)]
pub struct Namespaces {
    members: Vec<Member>,
    seats: u32,
    connect_by: Option<Instant>,
}

#[derive(Debug)]
struct Member {
    seat: Seat,
    namespace: ByteString,
    /// Its CONNECT was granted.
    joined: bool,
    /// A CONNECT without an answer, or an event that is still being worked on.
    busy: bool,
    /// A DISCONNECT waits in `kept`: for the client, this seat is gone.
    leaving: bool,
    kept: VecDeque<Command>,
}

impl Namespaces {
    /// A connection opened at `now`; it must join a namespace within `connect_timeout`.
    pub fn new(connect_timeout: Duration, now: Instant) -> Namespaces {
        Namespaces { members: vec![], seats: 0, connect_by: Some(now + connect_timeout) }
    }

    /// When a client that has not joined any namespace must go.
    pub fn deadline(&self) -> Option<Instant> {
        self.connect_by
    }

    /// A whole packet came.
    ///
    /// # Errors
    /// [`Fault::SecondConnect`], [`Fault::Impatient`] or [`Fault::NotJoined`].
    pub fn take(&mut self, packet: Assembled) -> Result<Taken, Fault> {
        match packet {
            Assembled::Connect { namespace, auth } => self.connect(namespace, auth).map(Taken::Now),
            Assembled::Disconnect { namespace } => self.disconnect(&namespace),
            Assembled::Event { namespace, event } => {
                let member = self.present(&namespace)?;
                let command = Command::Event(member.seat, event);
                Ok(member.keep_or_do(command))
            }
            // An answer is never kept: an event that is being worked on may wait for just this one.
            Assembled::Ack { namespace, id, answer } => {
                let seat = self.present(&namespace)?.seat;
                Ok(Taken::Now(Command::Ack(seat, id, answer)))
            }
        }
    }

    fn connect(&mut self, namespace: ByteString, auth: Option<ByteString>) -> Result<Command, Fault> {
        if let Ok(member) = self.present(&namespace) {
            return Err(if member.joined { Fault::SecondConnect } else { Fault::Impatient });
        }
        self.seats += 1;
        let seat = Seat(self.seats);
        // The name must not hold on to the frame that it came in.
        let kept_name = if namespace == "/" { ByteString::from_static("/") } else { (*namespace).into() };
        let kept = VecDeque::new();
        self.members.push(Member { seat, namespace: kept_name, joined: false, busy: true, leaving: false, kept });
        Ok(Command::Connect(seat, namespace, auth))
    }

    fn disconnect(&mut self, namespace: &str) -> Result<Taken, Fault> {
        let member = self.present(namespace)?;
        member.leaving = true;
        let seat = member.seat;
        let taken = member.keep_or_do(Command::Leave(seat));
        if taken != Taken::Kept {
            self.remove(seat);
        }
        Ok(taken)
    }

    /// The client of `seat` was let in.
    pub fn admit(&mut self, seat: Seat) {
        self.connect_by = None;
        if let Some(member) = self.member(seat) {
            member.joined = true;
        }
    }

    /// What comes for `seat` must wait until [`Namespaces::resume`].
    pub fn hold(&mut self, seat: Seat) {
        if let Some(member) = self.member(seat) {
            member.busy = true;
        }
    }

    /// What `seat` was held for is done: the next command that waited for it, if any.
    pub fn resume(&mut self, seat: Seat) -> Option<Command> {
        let member = self.member(seat)?;
        member.busy = false;
        let next = member.kept.pop_front();
        if member.kept.is_empty() {
            member.kept = VecDeque::new();
        }
        if matches!(next, Some(Command::Leave(_))) {
            self.remove(seat);
        }
        next
    }

    /// The server took `seat` away. How many packets were kept for it, and will not be done.
    pub fn remove(&mut self, seat: Seat) -> usize {
        let Some(at) = self.members.iter().position(|member| member.seat == seat) else { return 0 };
        self.members.remove(at).kept.len()
    }

    /// The name of `seat`, as long as it is taken.
    pub fn name(&self, seat: Seat) -> Option<&ByteString> {
        self.members.iter().find(|member| member.seat == seat).map(|member| &member.namespace)
    }

    fn member(&mut self, seat: Seat) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.seat == seat)
    }

    fn present(&mut self, namespace: &str) -> Result<&mut Member, Fault> {
        let present = |member: &&mut Member| !member.leaving && member.namespace == namespace;
        self.members.iter_mut().find(present).ok_or(Fault::NotJoined)
    }
}

impl Member {
    /// The command, or its place in the queue. It is done at once unless the seat is busy: `resume` empties the queue
    /// before it lets go.
    fn keep_or_do(&mut self, command: Command) -> Taken {
        if !self.busy {
            return Taken::Now(command);
        }
        self.kept.push_back(command);
        Taken::Kept
    }
}
