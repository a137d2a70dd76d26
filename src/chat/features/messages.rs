//! Messages: said by a member, stored, then heard by all others and by the sender's other sockets.
use std::time::Instant;

use actix::prelude::*;

use crate::{
    chat::{
        actor::{Chat, Decided},
        command::{Post, Request},
        ledger::{Decision, Ledger},
        notifier::Notifier,
    },
    domain::{
        ClientId, Content, Deed, Extras, MessageId, Name, Posted, Quoted, Refusal, Roster, Ruling, Seq, StoredMessage,
        Timestamp,
    },
    events::{Answer, Message, MessageEvent, More, Reply},
    presence::{Caller, packet},
    store::{DEADLINES, Fault, in_time},
};

impl Chat {
    pub(in crate::chat) fn post(&mut self, caller: &Caller, post: Post, ctx: &mut Context<Self>) -> Decided {
        self.shared.stats.received.count();
        let sender = caller.user;
        let ledger = self.ledger()?;
        let member = ledger.admits(sender, post.kind.unwrap_or(ledger.decided.kind))?;
        let now = Timestamp::now();
        if let Err(refusal) = ledger.decided.may_say_as(member, now) {
            return self.refuse_unless_repeated(caller, post.client_id, refusal, ctx);
        }
        if post.extras.is_some() {
            return self.post_with_extras(caller, post, ctx);
        }
        self.decide_post(caller, post.content, post.client_id, None, now, ctx)
    }

    fn decide_post(
        &mut self,
        caller: &Caller,
        content: Content,
        client_id: Option<ClientId>,
        mut extras: Option<Box<Extras>>,
        sent_at: Timestamp,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let roster = &self.ledger()?.decided;
        let member = roster.member(caller.user)?;
        if roster.is_slow_for(member) {
            extras.get_or_insert_default().is_slowed = true;
        }
        if roster.ends_preferences(member) {
            self.end_preferences(caller, ctx)?;
        }
        let id = MessageId::taken(sent_at);
        let posted = Posted { chat: self.id, id, sender: caller.user, content, client_id, sent_at, extras };
        self.decide(caller.clone(), Decision::Post(posted), ctx)
    }

    /// What answers a message is decided by that message.
    fn post_with_extras(&mut self, caller: &Caller, post: Post, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let reply_to = post.extras.as_ref().and_then(|extras| extras.reply_to);
        let ledger = self.ledger()?;
        match reply_to.filter(|seq| ledger.sees(&rules, caller.user, *seq) && !ledger.open.has(*seq)) {
            Some(seq) => {
                let caller = caller.clone();
                let is_sure = self.is_sure();
                self.look_at(caller.clone(), seq, false, ctx, move |chat, ctx| {
                    chat.decide_later(is_sure, &caller, Request::Post(post), ctx, |chat, request, ctx| match request {
                        Request::Post(post) => chat.judge_post(&caller, post, ctx),
                        _ => Ok(()),
                    })
                })
            }
            None => self.judge_post(caller, post, ctx),
        }
    }

    fn judge_post(&mut self, caller: &Caller, post: Post, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let Post { content, client_id, extras, .. } = post;
        let mut extras = extras.unwrap_or_default();
        let Extras { reply_to, ref mut mentions, lacks_files, .. } = *extras;
        let deed = Deed::Say { reply_to, mentions: std::mem::take(mentions), lacks_files };
        let ledger = self.ledger()?;
        let now = Timestamp::now();
        let decided = match ledger.judge(&rules, caller.user, &deed, now) {
            Ok(Ruling::Said { mentions, not_mentioned }) => {
                extras.mentions = mentions;
                extras.not_mentioned = not_mentioned;
                self.decide_post(caller, content, client_id, Some(extras), now, ctx)
            }
            Ok(_) => Ok(()),
            Err(refusal) => self.refuse_unless_repeated(caller, client_id, refusal, ctx),
        };
        if let (Some(seq), Ok(ledger)) = (reply_to, self.ledger()) {
            ledger.open.close(seq);
        }
        decided
    }

    /// What was stored under the same key before is answered as ever, whatever is wrong with it now.
    fn refuse_unless_repeated(
        &mut self,
        caller: &Caller,
        client_id: Option<ClientId>,
        refusal: Refusal,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let Some(client_id) = client_id.filter(|_| self.is_sure()) else { return Err(refusal) };
        if self.backs_off() {
            return Err(Refusal::unavailable());
        }
        let store = self.shared.store.clone();
        let chat = self.id;
        let sender = caller.user;
        let look = async move { store.said_under(chat, sender, &client_id).await };
        let look = async move { in_time(Instant::now() + DEADLINES.query, look).await };
        let caller = caller.clone();
        self.wait_for("answering", ctx, look, move |chat, found: Result<_, Fault>, _| match found {
            Ok(Some((id, seq, timestamp))) => {
                let answer = Answer::Stored { chat_id: chat.id, id, seq, timestamp, repeat: true, not_mentioned: &[] };
                chat.shared.presence.answer(&caller, answer);
            }
            Ok(None) => {
                chat.shared.stats.refused[refusal.code as usize].count();
                chat.shared.presence.refuse(&caller, &refusal);
            }
            Err(fault) => {
                log::error!("chat {}: a repeat not looked for: {fault}", chat.id);
                chat.back_off();
                chat.shared.presence.refuse(&caller, &Refusal::unavailable());
            }
        });
        Ok(())
    }
}

impl Notifier<'_> {
    /// The message has its place.
    pub(in crate::chat) fn stored(&self, ledger: &mut Ledger<Caller>, caller: &Caller, posted: &Posted, seq: Seq) {
        ledger.newest = seq;
        ledger.said(posted);
        let has_others = self.acknowledge(caller, posted, seq, false);
        self.said(ledger, caller, posted, seq, has_others);
    }

    /// The message was stored before, as `posted` with that id and time. If it came true unseen, because its first answer
    /// was lost and it was refused, nobody has heard it yet.
    pub(in crate::chat) fn repeated(&self, ledger: &mut Ledger<Caller>, caller: &Caller, posted: &Posted, seq: Seq) {
        ledger.unsaid(posted);
        let has_others = self.acknowledge(caller, posted, seq, true);
        if seq > ledger.newest {
            ledger.newest = seq;
            self.said(ledger, caller, posted, seq, has_others);
        }
    }

    /// Says whether the caller's user has other sockets.
    fn acknowledge(&self, caller: &Caller, posted: &Posted, seq: Seq, repeat: bool) -> bool {
        self.shared.stats.acked.count();
        let extras = posted.extras.as_deref().filter(|_| !repeat);
        let not_mentioned = extras.map_or(&[][..], |extras| &extras.not_mentioned);
        let answer =
            Answer::Stored { chat_id: self.chat, id: posted.id, seq, timestamp: posted.sent_at, repeat, not_mentioned };
        self.shared.presence.answer(caller, answer)
    }

    fn said(&self, ledger: &Ledger<Caller>, caller: &Caller, posted: &Posted, seq: Seq, has_others: bool) {
        let roster = &ledger.told;
        let extras = posted.extras.as_deref();
        let original = extras.and_then(|extras| extras.reply_to);
        let quoted = original.and_then(|seq| Some(ledger.open.get(seq)?.told.message.quoted()));
        let message = |sees_original: bool| Message {
            kind: roster.kind,
            chat: self.chat,
            id: posted.id,
            seq,
            sender: caller.user,
            sender_name: roster.name_of(caller.user).map_or("", Name::as_str),
            content: posted.content.as_str(),
            timestamp: posted.sent_at,
            client_id: posted.client_id.as_ref(),
            more: extras.map(|extras| {
                let reply = original.map(|seq| Reply::of(seq, quoted.as_ref().filter(|_| sees_original)));
                let Extras { mentions, attachments, forwarded, .. } = extras;
                More { reply, mentions, attachments, forwarded: *forwarded, ..More::default() }
            }),
        };
        // Encoded once, and once more for those who do not see what it answers, if it answers anything.
        let mut packets = [None, None];
        let mut sockets = 0;
        for member in roster.others(caller.user) {
            let sees_original = original.is_none_or(|seq| member.first(&self.shared.rules()) <= seq);
            let received = || packet(&MessageEvent::Received(message(sees_original)));
            let packet = packets[usize::from(sees_original)].get_or_insert_with(received);
            sockets += self.shared.presence.tell(member.user, packet);
        }
        if has_others {
            sockets += self.shared.presence.tell_own_others(caller, &packet(&MessageEvent::Sent(message(true))));
        }
        self.shared.stats.delivered.add(sockets);
    }

    /// A message that is stored and that nobody has heard: those hear it who were in then. The sender was refused, so all of
    /// the sender's sockets hear what became of it.
    pub(in crate::chat) fn came_true(&self, roster: &Roster, message: &StoredMessage, original: Option<&Quoted>) {
        let rules = self.shared.rules();
        let live = |reply| Message::stored(roster.kind, self.chat, message, reply, None);
        let was_in = roster.members.iter().filter(|member| member.joined < message.seq);
        for member in was_in {
            let reply = message.reply_to.map(|seq| Reply::of(seq, original.filter(|_| member.first(&rules) <= seq)));
            let is_sender = member.user == message.sender;
            let told = live(reply);
            let packet = packet(&if is_sender { MessageEvent::Sent(told) } else { MessageEvent::Received(told) });
            self.shared.presence.tell(member.user, &packet);
        }
    }
}
