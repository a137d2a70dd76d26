//! A chat of several nodes: it tells what the others did, and what became of its own decisions, in the order of the chat's steps. What
//! they did it reads where it stands.
use std::time::Instant;

use actix::prelude::*;
use log::Level;

use super::{
    actor::{Chat, Decided, LedgerState},
    among::{Abreast, Abreasted, Behind, Hear, Renew, StandsAt, Whispered},
    command::{Command, Request},
    lookup::Lookup,
    stand::{Coming, Turn},
};
use crate::{
    domain::{ChatNews, Refusal, Seq, Step},
    measure::tell,
    presence::Caller,
    store::{DEADLINES, in_time},
    writer::Stepped,
};

impl Handler<Whispered> for Chat {
    type Result = ();

    fn handle(&mut self, Whispered(whisper): Whispered, ctx: &mut Self::Context) {
        self.guard("hinting", ctx, |chat, _| chat.heard_whisper(whisper));
    }
}

impl Handler<Hear> for Chat {
    type Result = ();

    fn handle(&mut self, Hear(news): Hear, ctx: &mut Self::Context) {
        self.guard("hearing", ctx, |chat, ctx| chat.come(Coming::News(news), ctx));
    }
}

impl Handler<Abreasted> for Chat {
    type Result = ();

    fn handle(&mut self, Abreasted(Command { caller, request }): Abreasted, ctx: &mut Self::Context) {
        self.abreast(|chat| chat.take(&caller, request, None, ctx));
    }
}

impl Handler<StandsAt> for Chat {
    type Result = Option<Step>;

    fn handle(&mut self, _: StandsAt, _: &mut Self::Context) -> Option<Step> {
        let LedgerState::Loaded(ledger) = &self.state else { return None };
        self.coming.is_empty().then_some(ledger.stand.step)
    }
}

impl Handler<Renew> for Chat {
    type Result = ();

    fn handle(&mut self, _: Renew, ctx: &mut Self::Context) {
        self.renew_all();
        self.outdated = true;
        self.reload_if_outdated(ctx);
    }
}

impl Chat {
    /// A command, where there are other nodes: what shows something waits until all is heard that was stored before, and what is
    /// refused by what was heard is looked at again then.
    pub(super) fn take_among_nodes(&mut self, Command { caller, request }: Command, ctx: &mut Context<Self>) {
        match &request {
            Request::Fetch { .. } | Request::Look(_) | Request::Copy { .. } => {
                self.when_abreast(Command { caller, request }, ctx);
            }
            Request::MarkRead { upto, .. } if self.is_beyond(*upto) => {
                self.when_abreast(Command { caller, request }, ctx);
            }
            _ => {
                let again = request.again();
                self.take(&caller, request, again, ctx);
            }
        }
    }

    /// Whether somebody reads what may not have been heard here: everything, or more than was.
    fn is_beyond(&self, upto: Option<Seq>) -> bool {
        let LedgerState::Loaded(ledger) = &self.state else { return false };
        upto.is_none_or(|upto| upto > ledger.newest)
    }

    /// Whether what is known here is what was so when the request at hand was made, or later: without other nodes it always is.
    pub(super) fn is_sure(&self) -> bool {
        self.is_abreast || self.shared.nodes().is_none()
    }

    /// Does something for a request that was taken after all was heard that was stored before it.
    pub(super) fn abreast<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.is_abreast = true;
        let done = work(self);
        self.is_abreast = false;
        done
    }

    /// Decides about a request after a look at the database. If it is refused by what may be old, it is taken again later.
    pub(super) fn decide_later(
        &mut self,
        is_sure: bool,
        caller: &Caller,
        request: Request,
        ctx: &mut Context<Self>,
        decide: impl FnOnce(&mut Self, Request, &mut Context<Self>) -> Decided,
    ) -> Decided {
        if is_sure {
            return self.abreast(|chat| decide(chat, request, ctx));
        }
        let again = request.again();
        match (decide(self, request, ctx), again) {
            (Err(_), Some(request)) => {
                self.when_abreast(Command { caller: caller.clone(), request }, ctx);
                Ok(())
            }
            (decided, _) => decided,
        }
    }

    /// Takes a command again once everything is heard that was stored before.
    pub(super) fn when_abreast(&mut self, command: Command, ctx: &mut Context<Self>) {
        let Some(nodes) = self.shared.nodes() else { return };
        let (asked, registry) = (nodes.abreast.send(Abreast), nodes.behind.clone());
        // Whatever becomes of the question: what is known by then decides.
        let then = asked.into_actor(self).map(move |_, chat, _| registry.do_send(Behind(chat.id, command)));
        ctx.spawn(then);
    }

    /// Something comes, which is told in its turn.
    pub(super) fn come(&mut self, coming: Coming, ctx: &mut Context<Self>) {
        self.coming.push_back(coming);
        self.tell_next(ctx);
    }

    /// Tells what comes next, and so on, unless something is waited for: then it goes on after that.
    pub(super) fn tell_next(&mut self, ctx: &mut Context<Self>) {
        while self.waits == 0 {
            let can_load = !self.backs_off() && self.in_flight == 0;
            let ledger = match &mut self.state {
                LedgerState::Loaded(ledger) => ledger,
                LedgerState::Absent => return self.hear_of_the_end(),
                LedgerState::Unloaded if !can_load => return,
                LedgerState::Unloaded => return self.load(ctx),
            };
            match ledger.stand.turn(&self.coming) {
                Turn::Rest | Turn::Wait => return,
                Turn::Skip => drop(self.coming.pop_front()),
                Turn::Back(count) => {
                    let before = self.coming.iter().take(count).filter_map(Coming::news);
                    ledger.go_back(before);
                }
                Turn::Next => match self.coming.pop_front() {
                    Some(Coming::News(news)) => {
                        ledger.stand.is_new &= news.step == Step(0);
                        return self.draw(news, ctx);
                    }
                    Some(Coming::Verdicts(verdicts, Stepped { step, shown })) => {
                        self.shown.extend(shown);
                        if step > Step(0) {
                            ledger.stand.step = step;
                            ledger.stand.is_new = false;
                        }
                        self.settle(verdicts, ctx);
                        self.go_on(ctx);
                    }
                    None => return,
                },
                Turn::Gap => {
                    let stands = ledger.stand.step.0;
                    log::error!("chat {}: what comes after step {stands} is missing, its sockets are renewed", self.id);
                    self.renew_all();
                    self.outdated = true;
                    return self.reload_if_outdated(ctx);
                }
            }
        }
    }

    /// Reads what belongs to the news, and tells it; the mailbox waits meanwhile. Without a database it is told later.
    fn draw(&mut self, news: ChatNews, ctx: &mut Context<Self>) {
        let store = self.shared.store.clone();
        let chat = self.id;
        let look = async move {
            let drawn = in_time(Instant::now() + DEADLINES.query, store.draw(chat, &news.parts)).await;
            (news, drawn)
        };
        self.wait_for("hearing", ctx, look, |chat, (news, drawn), ctx| match drawn {
            Ok(drawn) => {
                let lookups = chat.tell_news(&news, drawn);
                chat.heard(news.turns(), lookups, ctx);
            }
            Err(fault) => {
                let line = format_args!("chat {}: news of another node not read: {fault}", chat.id);
                tell(Level::Error, "news with a fault of the server", &fault.to_string(), line);
                chat.coming.push_front(Coming::News(news));
                ctx.run_later(DEADLINES.pause, |chat, ctx| chat.guard("hearing", ctx, Self::tell_next));
            }
        });
    }

    /// What was decided before does not know it yet; where decisions rest on it, that is judged again when it is stored.
    fn heard(&mut self, turns: bool, lookups: Vec<Lookup>, ctx: &mut Context<Self>) {
        if let LedgerState::Loaded(ledger) = &mut self.state {
            if turns {
                ledger.doubt();
            } else {
                ledger.rebase();
            }
            if ledger.told.members.is_empty() {
                // Whatever becomes of it, nothing of what is pending can be so.
                while let Some(pending) = ledger.settle() {
                    if pending.decision.is_answered() {
                        self.shared.presence.refuse(&pending.caller, &Refusal::no_such_chat());
                    }
                }
                self.state = LedgerState::Absent;
            }
        }
        if !lookups.is_empty() {
            self.look_up(lookups, Vec::new(), ctx);
        }
        self.go_on(ctx);
    }

    /// All sockets of the members here come back, and catch up.
    pub(super) fn renew_all(&mut self) {
        if let LedgerState::Loaded(ledger) = &self.state {
            ledger.told.members.iter().for_each(|member| self.shared.presence.renew(member.user));
        }
        self.shared.stats.renewed.count();
        self.is_renewed = true;
    }
}

impl Request {
    /// The same request, if it can be taken again.
    fn again(&self) -> Option<Self> {
        Some(match self {
            Self::Post(post) => Self::Post(post.clone()),
            Self::Change(asked) => Self::Change(asked.clone()),
            Self::MarkRead { kind, upto, is_seen } => Self::MarkRead { kind: *kind, upto: *upto, is_seen: *is_seen },
            Self::Own(deed) => Self::Own(*deed),
            Self::Group(deed) => Self::Group(deed.clone()),
            Self::Hint { .. } | Self::StopTyping | Self::Copy { .. } | Self::Look(_) | Self::Fetch { .. } => {
                return None;
            }
        })
    }
}
