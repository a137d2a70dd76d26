//! What a member alone decides of the chat, and what ends of it by reading or by the next message.
use actix::prelude::*;

use crate::{
    chat::{
        actor::{Chat, Decided, LedgerState},
        command::{Command, Request},
        ledger::{Decision, Ledger},
        notifier::Notifier,
    },
    domain::{Cause, Deed, Kind, Name, Own, OwnDeed, Preferences, Preferred, Refusal, Ruling, Seq, Timestamp, UserId},
    events::{Answer, ChatEvent, Granted, Prefs, PrefsEvent},
    presence::{Caller, packet},
};

impl Chat {
    pub(in crate::chat) fn prefer(&mut self, caller: &Caller, deed: OwnDeed, ctx: &mut Context<Self>) -> Decided {
        let rules = self.shared.rules();
        let user = caller.user;
        let ledger = self.ledger()?;
        ledger.decided.member(user)?;
        ledger.sound()?;
        // Preferences are stored as a whole: what may fail yet is no ground for the next.
        if ledger.prefers(user) {
            return self.ask_again(caller, Request::Own(deed));
        }
        match ledger.judge(&rules, user, &Deed::Own(deed), Timestamp::now())? {
            Ruling::Preferences(preferences) => {
                let pins = matches!(deed, OwnDeed::Prefer(change) if change.pinned == Some(true));
                let most_pinned = pins.then_some(rules.pinned_chats);
                self.decide_preferences(caller, user, preferences, Cause::Asked, most_pinned, ctx)
            }
            _ if !self.is_sure() => {
                self.when_abreast(Command { caller: caller.clone(), request: Request::Own(deed) }, ctx);
                Ok(())
            }
            _ => {
                self.answer_present_preferences(caller);
                Ok(())
            }
        }
    }

    fn decide_preferences(
        &mut self,
        caller: &Caller,
        user: UserId,
        preferences: Preferences,
        cause: Cause,
        most_pinned: Option<usize>,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let preferred = Preferred { chat: self.id, user, preferences, cause, most_pinned };
        self.decide(caller.clone(), Decision::Prefer(Box::new(preferred)), ctx)
    }

    /// The caller is about to say something: what ends by that comes before it.
    pub(in crate::chat) fn end_preferences(&mut self, caller: &Caller, ctx: &mut Context<Self>) -> Decided {
        for (user, preferences) in self.ledger()?.decided.ended_by_message(caller.user) {
            self.decide_preferences(caller, user, preferences, Cause::Said, None, ctx)?;
        }
        Ok(())
    }

    /// The caller has read the chat, and the pointer stays at `stays` or moves by another decision. Says whether that ends
    /// anything.
    pub(in crate::chat) fn end_mark(
        &mut self,
        caller: &Caller,
        stays: Option<Seq>,
        ctx: &mut Context<Self>,
    ) -> Result<bool, Refusal> {
        let Some(preferences) = self.ledger()?.decided.ended_by_reading(caller.user) else { return Ok(false) };
        self.decide_preferences(caller, caller.user, preferences, Cause::Read(stays), None, ctx)?;
        Ok(true)
    }

    fn answer_present_preferences(&self, caller: &Caller) {
        let LedgerState::Loaded(ledger) = &self.state else { return };
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        if let Some(event) = notifier.prefs(ledger, caller.user) {
            self.shared.presence.grant(caller, &Granted::with(&event));
        }
    }
}

impl Notifier<'_> {
    /// They are stored.
    pub(in crate::chat) fn preferred(
        &self,
        ledger: &mut Ledger<Caller>,
        caller: &Caller,
        preferred: &Preferred,
        own: Own,
    ) {
        let Preferred { user, preferences, cause, .. } = preferred;
        let Ok(before) = ledger.told.member(*user).map(|member| member.preferences) else { return };
        let was_hidden = before.hidden;
        let now = match cause {
            Cause::Asked => *preferences,
            Cause::Read(_) | Cause::Said => {
                Preferences { marked_unread: preferences.marked_unread, hidden: preferences.hidden, ..before }
            }
        };
        ledger.told.set_preferences(*user, Preferences { own, ..now });
        ledger.told.number_own(*user, own);
        let Some(event) = self.prefs(ledger, *user) else { return };
        match cause {
            Cause::Asked => {
                self.shared.presence.grant(caller, &Granted::with(&event));
                self.shared.presence.tell_own_others(caller, &packet(&event));
                return;
            }
            Cause::Read(Some(seq)) => {
                self.shared.presence.answer(caller, Answer::Read { chat_id: self.chat, seq: *seq });
            }
            Cause::Read(None) | Cause::Said => {}
        }
        if was_hidden && !preferences.hidden && ledger.told.kind == Kind::Personal {
            let partner = ledger.told.others(*user).next().map_or("", |partner| Name::as_str(&partner.name));
            self.tell_user(*user, &ChatEvent::CreatePersonalChatPartner { chat_id: self.chat, partner });
        }
        self.tell_user(*user, &event);
    }

    fn prefs(&self, ledger: &Ledger<Caller>, user: UserId) -> Option<PrefsEvent> {
        let member = ledger.told.member(user).ok()?;
        let prefs = Prefs::of(&member.preferences, member.first(&self.shared.rules()));
        Some(PrefsEvent::ChatPrefs { chat_id: self.chat, prefs })
    }
}
