//! A chat as a whole, and what happened in it.
use actix::prelude::*;
use log::Level;

use super::pages::unanswered;
use crate::{
    chat::{
        actor::{Chat, Decided, Fetch, LedgerState, Wanted},
        ledger::Ledger,
        lookup::{Planned, Seen},
    },
    domain::{Activity, ChatId, GroupInfo, Kind, Member, Refusal, Roster, Rules},
    events::{self, ChatChanged, Info, InfoEvent, Look, Prefs, WholeChat, kind_name},
    measure::tell,
    presence::Caller,
    store::Fault,
};

impl Chat {
    pub(in crate::chat) fn look(&mut self, caller: &Caller, look: Look, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let ledger = self.ledger()?;
        ledger.decided.member(caller.user)?;
        ledger.sound()?;
        match &look {
            Look::Activity { .. } if ledger.decided.kind != Kind::Group => return Err(Refusal::no_such_chat()),
            Look::Bans if ledger.decided.kind != Kind::Group => return Err(Refusal::no_such_chat()),
            Look::Bans => ledger.decided.keeps_order(caller.user)?,
            Look::Reactions { seq, .. } if !ledger.sees(&rules, caller.user, *seq) => {
                return Err(Refusal::no_such_message());
            }
            _ => {}
        }
        self.show(Fetch { caller: caller.clone(), wanted: Wanted::Look(look) }, ctx)
    }

    /// Those who are no members any more are refused here.
    pub(in crate::chat) fn plan_look(&self, caller: Caller, look: Look) -> Option<Planned> {
        match self.viewer(&caller) {
            Ok((viewer, _)) => Some(Planned::Look(caller, look, viewer)),
            Err(refusal) => {
                self.shared.presence.refuse(&caller, &refusal);
                None
            }
        }
    }

    pub(in crate::chat) fn tell_seen(&self, caller: &Caller, look: &Look, seen: Result<Seen, Fault>) {
        let presence = &self.shared.presence;
        let LedgerState::Loaded(ledger) = &self.state else {
            return presence.refuse(caller, &Refusal::no_such_chat());
        };
        match (seen, look) {
            (Ok(Seen::Chat), _) => {
                if let Some(event) = whole(self.id, ledger, caller, &self.shared.rules()) {
                    presence.grant_or_tell(caller, &event);
                }
            }
            (Ok(Seen::Activity(found)), Look::Activity { limit, .. }) => {
                presence.grant_or_tell(caller, &happened(self.id, &found, *limit));
            }
            (Ok(Seen::Messages(messages, annotations)), _) => {
                self.tell_pinned(caller, ledger.told.kind, &messages, &annotations);
            }
            (Ok(Seen::Bans(banned)), _) => self.tell_bans(caller, banned),
            (Ok(Seen::Reactors(form, users)), Look::Reactions { seq, emoji }) => {
                self.tell_reactors(caller, *seq, form.as_ref().unwrap_or(emoji), users);
            }
            (Ok(_), _) => presence.refuse(caller, &Refusal::impossible()),
            (Err(fault), _) => {
                let line = format_args!("chat {}: not shown: {fault}", self.id);
                tell(Level::Error, "look at a chat with a fault of the server", &fault.to_string(), line);
                presence.refuse(caller, &unanswered(&fault));
            }
        }
    }
}

/// All that is told of a chat as a whole.
fn whole(chat_id: ChatId, ledger: &Ledger<Caller>, caller: &Caller, rules: &Rules) -> Option<InfoEvent<'static>> {
    let roster = &ledger.told;
    let me = roster.member(caller.user).ok()?;
    let is_group = roster.kind == Kind::Group;
    let partner = if roster.kind == Kind::Personal { roster.others(caller.user).next() } else { None };
    Some(InfoEvent::Chat(Box::new(WholeChat {
        chat_id,
        kind: kind_name(roster.kind),
        last_seq: ledger.newest,
        rev: roster.rev,
        own: me.own,
        read_seq: me.read,
        prefs: Prefs::of(&me.preferences, me.first(rules)),
        info: is_group.then(|| Info::of(&GroupInfo::from(roster))),
        roster: is_group.then(|| members(roster)),
        partner_id: partner.map(|partner| partner.user),
        partner_read_seq: partner.map(Member::seen_read),
        delivered_seq: partner.map(Member::arrived),
    })))
}

fn members(roster: &Roster) -> events::Roster {
    events::Roster::of(roster.roster_rev, &roster.members, roster.admin)
}

/// What happened, of which one more than wanted was found if there is more.
fn happened(chat_id: ChatId, found: &[Activity], limit: u64) -> InfoEvent<'static> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let events = found.iter().take(limit).map(|entry| ChatChanged::of(chat_id, entry, Vec::new(), None)).collect();
    InfoEvent::Activity { chat_id, events, has_more: found.len() > limit }
}
