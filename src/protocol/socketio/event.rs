//! What a client said: an event, or the answer to one of ours. Arguments stay the JSON text they came as.
use std::fmt;

use bytes::Bytes;
use bytestring::ByteString;

/// The number under which one side waits for an answer of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AckId(pub u64);

impl fmt::Display for AckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event of a client. Its arguments share the memory of the frame that brought them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    name: ByteString,
    args: Vec<ByteString>,
    attachments: Vec<Bytes>,
    /// Set if the client waits for an answer.
    pub ack: Option<AckId>,
}

impl Event {
    /// An event of `name` with raw JSON `args`, whose placeholders point into `attachments`.
    pub fn new(name: ByteString, args: Vec<ByteString>, attachments: Vec<Bytes>, ack: Option<AckId>) -> Event {
        Event { name, args, attachments, ack }
    }

    /// The event's name, unescaped. A number serves as its own name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many arguments follow the name.
    pub fn args(&self) -> usize {
        self.args.len()
    }

    /// The JSON text of argument `n`. Binary inside it stands as `{"_placeholder":true,"num":i}` for attachment `i`.
    pub fn arg(&self, n: usize) -> Option<&str> {
        self.args.get(n).map(|arg| &**arg)
    }

    /// The JSON texts of all arguments.
    pub fn raw_args(&self) -> impl Iterator<Item = &str> {
        self.args.iter().map(|arg| &**arg)
    }

    /// The binary attachments, in order.
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }
}
