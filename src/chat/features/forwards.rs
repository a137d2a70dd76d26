//! Messages that are to be said again elsewhere: what they say is given out after all that was decided before.
use actix::prelude::*;
use tokio::sync::oneshot;

use super::pages::unanswered;
use crate::{
    chat::{
        actor::{Chat, Decided, Fetch, LedgerState, Wanted},
        command::Said,
        lookup::Copy,
    },
    domain::{Books, Content, Deed, Marks, MessageBooks, Refusal, Seq, StoredMessage, Timestamp, judge},
    presence::Caller,
    store::Fault,
};

impl Chat {
    /// Whoever asked is answered in any case: by a refusal, if there is nothing to be had.
    pub(in crate::chat) fn copy(
        &mut self,
        caller: &Caller,
        seq: Seq,
        answer: oneshot::Sender<Result<Said, Refusal>>,
        ctx: &mut Context<Self>,
    ) {
        let admitted = self.may_copy(caller, seq);
        match admitted {
            Ok(()) => {
                let wanted = Wanted::Copy(seq, answer);
                if let Err(refusal) = self.show(Fetch { caller: caller.clone(), wanted }, ctx) {
                    self.shared.presence.refuse(caller, &refusal);
                }
            }
            // If nobody waits any more, the caller is refused by now.
            Err(refusal) => drop(answer.send(Err(refusal))),
        }
    }

    fn may_copy(&mut self, caller: &Caller, seq: Seq) -> Decided {
        let rules = self.shared.rules();
        let ledger = self.ledger()?;
        ledger.decided.member(caller.user)?;
        if ledger.sees(&rules, caller.user, seq) { Ok(()) } else { Err(Refusal::no_such_message()) }
    }

    /// By the same rule as for an answer to it: it must be seen, and not be deleted.
    pub(in crate::chat) fn give_copy(&self, copy: Copy, message: Result<Option<StoredMessage>, Fault>) {
        let Copy { caller, seq, answer } = copy;
        let content = match message {
            Ok(message) => self.judge_copy(&caller, seq, message),
            Err(fault) => Err(unanswered(&fault)),
        };
        // If nobody waits any more, the caller is refused by now.
        drop(answer.send(content));
    }

    fn judge_copy(&self, caller: &Caller, seq: Seq, message: Option<StoredMessage>) -> Result<Said, Refusal> {
        let LedgerState::Loaded(ledger) = &self.state else { return Err(Refusal::no_such_chat()) };
        let rules = self.shared.rules();
        let marks = Marks::default();
        let known = message.as_ref().map(|message| MessageBooks { message, reactions: &[], marks: &marks, pinned: 0 });
        let books = Books { roster: &ledger.told, rules: &rules, newest: ledger.newest, message: known };
        judge(&books, caller.user, &Deed::Copy(seq), Timestamp::now())?;
        let said = |message: StoredMessage| Said {
            content: Content::stored(&message.content),
            attachments: message.attachments,
        };
        message.map(said).ok_or_else(Refusal::no_such_message)
    }
}
