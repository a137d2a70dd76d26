//! Messages: said by a member, stored, then heard by all others and by the sender's other sockets.
use actix::prelude::*;

use crate::{
    chat::{
        actor::{Chat, Decided},
        ledger::{Decision, Ledger},
        notifier::Notifier,
    },
    domain::{ClientId, Content, Kind, MessageId, Name, Posted, Roster, Seq, Timestamp},
    events::{Answer, Message, MessageEvent},
    presence::{Caller, packet},
    store::Stored,
};

impl Chat {
    pub(in crate::chat) fn post(
        &mut self,
        caller: &Caller,
        kind: Kind,
        content: Content,
        client_id: Option<ClientId>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        self.shared.stats.received.count();
        let sender = caller.user;
        self.ledger()?.admits(sender, kind)?;
        let sent_at = Timestamp::now();
        let id = MessageId::taken(sent_at);
        let posted = Posted { chat: self.id, id, sender, content, client_id, sent_at };
        self.decide(caller.clone(), Decision::Post(posted), ctx)
    }
}

impl Notifier<'_> {
    /// The message has its place.
    pub(in crate::chat) fn stored(&self, ledger: &mut Ledger<Caller>, caller: &Caller, posted: &Posted, seq: Seq) {
        ledger.newest = seq;
        let has_others = self.acknowledge(caller, posted, seq, false);
        self.said(&ledger.told, caller, posted, seq, has_others);
    }

    /// The message was stored before, as `posted` with that id and time. If it came true unseen, because its first answer
    /// was lost and it was refused, nobody has heard it yet.
    pub(in crate::chat) fn repeated(&self, ledger: &mut Ledger<Caller>, caller: &Caller, posted: &Posted, seq: Seq) {
        let has_others = self.acknowledge(caller, posted, seq, true);
        if seq > ledger.newest {
            ledger.newest = seq;
            self.said(&ledger.told, caller, posted, seq, has_others);
        }
    }

    /// Says whether the caller's user has other sockets.
    fn acknowledge(&self, caller: &Caller, posted: &Posted, seq: Seq, repeat: bool) -> bool {
        self.shared.stats.acked.count();
        let (id, timestamp) = (posted.id, posted.sent_at);
        self.shared.presence.answer(caller, Answer::Stored { chat_id: self.chat, id, seq, timestamp, repeat })
    }

    fn said(&self, roster: &Roster, caller: &Caller, posted: &Posted, seq: Seq, has_others: bool) {
        let message = || Message {
            kind: roster.kind,
            chat: self.chat,
            id: posted.id,
            seq,
            sender: caller.user,
            sender_name: roster.name_of(caller.user).map_or("", Name::as_str),
            content: posted.content.as_str(),
            timestamp: posted.sent_at,
            client_id: posted.client_id.as_ref(),
        };
        let mut sockets = 0;
        if roster.others(caller.user).next().is_some() {
            sockets += self.tell_others(roster, caller.user, &MessageEvent::Received(message()));
        }
        if has_others {
            sockets += self.shared.presence.tell_own_others(caller, &packet(&MessageEvent::Sent(message())));
        }
        self.shared.stats.delivered.add(sockets);
    }

    /// A message that is stored and that nobody has heard: those hear it who were in then. The sender was refused, so all of
    /// the sender's sockets hear what became of it.
    pub(in crate::chat) fn came_true(&self, roster: &Roster, message: &Stored) {
        let live = || Message {
            kind: roster.kind,
            chat: self.chat,
            id: message.id,
            seq: message.seq,
            sender: message.sender,
            sender_name: &message.sender_name,
            content: &message.content,
            timestamp: message.sent_at,
            client_id: message.client_id.as_ref(),
        };
        let sent = packet(&MessageEvent::Sent(live()));
        let received = packet(&MessageEvent::Received(live()));
        let was_in = roster.members.iter().filter(|member| member.joined < message.seq);
        for user in was_in.map(|member| member.user) {
            self.shared.presence.tell(user, if user == message.sender { &sent } else { &received });
        }
    }
}
