//! Messages on their journey through the chats.
use std::fmt;

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::page::{Page, counter};
use crate::{chat, client::Chatroom, registry::Registry};

const HINTS: &str = "Hints of who is online, who types and what arrived, handed to sockets, once for each socket.";

/// What is watched of the messages, and of what is told beside them.
pub struct Messages(pub Registry, pub Chatroom);

impl Messages {
    fn sum(&self, count: impl Fn(&chat::Stats) -> u64) -> u64 {
        self.0.stats().map(|shard| count(&shard.chats)).sum()
    }
}

impl Collector for Messages {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let received = self.sum(|chats| chats.received.get());
        let acked = self.sum(|chats| chats.acked.get());
        let delivered = self.sum(|chats| chats.delivered.get());
        page.one("messages_received", None, "Messages that reached their chat.", counter(received))?;
        page.one("messages_acked", None, "Messages stored and acknowledged, repeats included.", counter(acked))?;
        page.one("messages_delivered", None, "Messages handed to sockets, once for each socket.", counter(delivered))?;
        let hinted = self.sum(|chats| chats.hinted.get()) + self.1.stats().told.get();
        page.one("hints_delivered", None, HINTS, counter(hinted))
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Messages")
    }
}
