//! What a client said: an event, or the answer to one of ours. Arguments stay the JSON text they came as.
use std::fmt;

use bytes::Bytes;
use bytestring::ByteString;

use crate::protocol::json::elements;

/// The number under which one side waits for an answer of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AckId(pub u64);

impl fmt::Display for AckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event of a client. Its arguments share the memory of the frame that brought them, and no more is kept of them:
/// a client could else make the server keep many bytes for each of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    name: ByteString,
    /// A checked JSON array.
    array: ByteString,
    /// Whether the name is the first element.
    named: bool,
    /// The first argument, which is nearly always the only one.
    first: Option<ByteString>,
    /// How many arguments there are.
    args: usize,
    attachments: Vec<Bytes>,
    /// Set if the client waits for an answer.
    pub ack: Option<AckId>,
}

impl Event {
    /// An event of `name`, which is the first element of the checked JSON `array`; `args` more follow, `first` first.
    /// Its placeholders point into `attachments`.
    pub(super) fn new(
        name: ByteString,
        array: ByteString,
        first: Option<ByteString>,
        args: usize,
        attachments: Vec<Bytes>,
        ack: Option<AckId>,
    ) -> Event {
        Event { name, array, named: true, first, args, attachments, ack }
    }

    /// An answer: all `args` elements of the checked JSON `array` are arguments, `first` first.
    pub(super) fn answer(array: ByteString, first: Option<ByteString>, args: usize, attachments: Vec<Bytes>) -> Event {
        Event { name: ByteString::new(), array, named: false, first, args, attachments, ack: None }
    }

    /// The event's name, unescaped. A number serves as its own name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many arguments follow the name.
    pub fn args(&self) -> usize {
        self.args
    }

    /// The JSON text of argument `n`. Binary inside it stands as `{"_placeholder":true,"num":i}` for attachment `i`.
    pub fn arg(&self, n: usize) -> Option<&str> {
        if n == 0 { self.first.as_deref() } else { self.raw_args().nth(n) }
    }

    /// The JSON texts of all arguments.
    pub fn raw_args(&self) -> impl Iterator<Item = &str> {
        elements(&self.array).skip(usize::from(self.named))
    }

    /// The binary attachments, in order.
    pub fn attachments(&self) -> &[Bytes] {
        &self.attachments
    }
}
