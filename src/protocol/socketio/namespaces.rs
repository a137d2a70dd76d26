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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stay(pub u32);

/// Something to do now.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// The client asks to join `namespace`; everything else of that stay waits for the answer.
    Connect(Stay, ByteString, Option<ByteString>),
    /// The client says something.
    Event(Stay, Event),
    /// The client answers a question.
    Ack(Stay, AckId, Event),
    /// The client left.
    Leave(Stay),
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
    stays: u32,
    connect_by: Option<Instant>,
}

#[derive(Debug)]
struct Member {
    /// Whose commands are done now.
    stay: Stay,
    /// To whom belongs what comes now: another stay, if a CONNECT waits in `kept`.
    last: Stay,
    namespace: ByteString,
    /// Its CONNECT was granted.
    joined: bool,
    /// A CONNECT without an answer, or an event that is still being worked on.
    busy: bool,
    /// The last stay is over once all that is kept is done: for the client this namespace is not joined.
    leaving: bool,
    /// `stay` is over, and the CONNECT that follows it is not begun.
    over: bool,
    kept: VecDeque<Command>,
}

impl Namespaces {
    /// A connection opened at `now`; it must join a namespace within `connect_timeout`.
    pub fn new(connect_timeout: Duration, now: Instant) -> Namespaces {
        Namespaces { members: vec![], stays: 0, connect_by: Some(now + connect_timeout) }
    }

    /// When a client that has not joined any namespace must go.
    pub fn deadline(&self) -> Option<Instant> {
        self.connect_by
    }

    /// A whole packet came. However much of what came before it is still to be done, it means what it means after that.
    ///
    /// # Errors
    /// [`Fault::SecondConnect`] or [`Fault::NotJoined`].
    pub fn take(&mut self, packet: Assembled) -> Result<Taken, Fault> {
        match packet {
            Assembled::Connect { namespace, auth } => self.connect(namespace, auth),
            Assembled::Disconnect { namespace } => self.disconnect(&namespace),
            Assembled::Event { namespace, event } => {
                let member = self.present(&namespace)?;
                let command = Command::Event(member.last, event);
                Ok(member.keep_or_do(command))
            }
            Assembled::Ack { namespace, id, answer } => {
                let member = self.present(&namespace)?;
                let command = Command::Ack(member.last, id, answer);
                Ok(if member.last == member.stay && !member.over {
                    // It is not kept: an event that is being worked on may wait for just this answer.
                    Taken::Now(command)
                } else {
                    member.keep_or_do(command)
                })
            }
        }
    }

    fn connect(&mut self, namespace: ByteString, auth: Option<ByteString>) -> Result<Taken, Fault> {
        let stay = Stay(self.stays + 1);
        if let Some(member) = self.members.iter_mut().find(|member| member.namespace == namespace) {
            if member.joined && !member.leaving && member.last == member.stay {
                return Err(Fault::SecondConnect);
            }
            // Whether this is one too many shows when those before it are answered.
            self.stays += 1;
            member.last = stay;
            member.leaving = false;
            return Ok(member.keep_or_do(Command::Connect(stay, namespace, auth)));
        }
        self.stays += 1;
        // The name must not hold on to the frame that it came in.
        let kept_name = if namespace == "/" { ByteString::from_static("/") } else { (*namespace).into() };
        self.members.push(Member::new(stay, kept_name));
        Ok(Taken::Now(Command::Connect(stay, namespace, auth)))
    }

    fn disconnect(&mut self, namespace: &str) -> Result<Taken, Fault> {
        let member = self.present(namespace)?;
        member.leaving = true;
        let stay = member.last;
        let taken = member.keep_or_do(Command::Leave(stay));
        if taken != Taken::Kept {
            self.remove(stay);
        }
        Ok(taken)
    }

    /// `stay` has begun: its client was let in.
    pub fn admit(&mut self, stay: Stay) {
        self.connect_by = None;
        if let Some(member) = self.member(stay) {
            member.joined = true;
        }
    }

    /// What comes for `stay` must wait until [`Namespaces::resume`].
    pub fn hold(&mut self, stay: Stay) {
        if let Some(member) = self.member(stay) {
            member.busy = true;
        }
    }

    /// What `stay` was held for is done: the next command that waited for it, if any. A CONNECT that waited begins another
    /// stay.
    ///
    /// # Errors
    /// [`Fault::SecondConnect`] in place of a CONNECT that came after one that was granted.
    pub fn resume(&mut self, stay: Stay) -> Option<Result<Command, Fault>> {
        let member = self.member(stay)?;
        member.busy = false;
        let next = member.kept.pop_front();
        if member.kept.is_empty() {
            member.kept = VecDeque::new();
        }
        match next? {
            Command::Connect(..) if member.joined && !member.over => Some(Err(Fault::SecondConnect)),
            Command::Connect(next, namespace, auth) => {
                (member.stay, member.joined, member.busy, member.over) = (next, false, true, false);
                Some(Ok(Command::Connect(next, namespace, auth)))
            }
            Command::Leave(stay) => {
                self.remove(stay);
                Some(Ok(Command::Leave(stay)))
            }
            command => Some(Ok(command)),
        }
    }

    /// `stay` is over. How many packets were kept for it, and will not be done. A CONNECT that came after them
    /// waits for [`Namespaces::resume`].
    pub fn remove(&mut self, stay: Stay) -> usize {
        let Some(at) = self.members.iter().position(|member| member.stay == stay && !member.over) else { return 0 };
        let kept = &mut self.members[at].kept;
        match kept.iter().position(|command| matches!(command, Command::Connect(..))) {
            Some(dropped) => {
                kept.drain(..dropped);
                self.members[at].over = true;
                dropped
            }
            None => self.members.remove(at).kept.len(),
        }
    }

    /// The name of the namespace, as long as `stay` lasts.
    pub fn name(&self, stay: Stay) -> Option<&ByteString> {
        self.members.iter().find(|member| member.stay == stay && !member.over).map(|member| &member.namespace)
    }

    fn member(&mut self, stay: Stay) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.stay == stay)
    }

    fn present(&mut self, namespace: &str) -> Result<&mut Member, Fault> {
        let present = |member: &&mut Member| !member.leaving && member.namespace == namespace;
        self.members.iter_mut().find(present).ok_or(Fault::NotJoined)
    }
}

impl Member {
    /// One whose CONNECT is being answered.
    fn new(stay: Stay, namespace: ByteString) -> Member {
        let kept = VecDeque::new();
        Member { stay, last: stay, namespace, joined: false, busy: true, leaving: false, over: false, kept }
    }

    /// The command, or its place in the queue. It is done at once unless the namespace is busy: `resume` empties the queue
    /// before it lets go.
    fn keep_or_do(&mut self, command: Command) -> Taken {
        if !self.busy {
            return Taken::Now(command);
        }
        self.kept.push_back(command);
        Taken::Kept
    }
}
