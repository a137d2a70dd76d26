//! Blocks: the chat of the two decides, in its one order; where there is none, the database does.
use std::sync::Arc;

use super::{Services, unanswered::Answered};
use crate::{
    domain::{Code, Deed, Refusal, UserId},
    events::{BlockEvent, BlockRow, Granted},
    presence::{Caller, packet},
    store::{Blocked, Blocking, Fault},
};

/// So often is looked again for a chat of the two that came about meanwhile.
const LOOKS: usize = 2;

impl Services {
    pub(super) async fn block(self: &Arc<Self>, caller: &Caller, user: UserId, on: bool) -> Answered {
        if user == caller.user {
            return Err(Refusal::new(Code::Conflict, "Nobody blocks oneself").into());
        }
        self.person(user).await?;
        let most = self.policy().rules.blocks;
        for _ in 0..LOOKS {
            if let Some(chat) = self.store.personal_chat(caller.user, user).await? {
                self.change(caller.clone(), chat, Deed::Block(on));
                return Ok(());
            }
            match self.block_stranger(caller, user, on, most).await? {
                Blocking::Done => return Ok(()),
                Blocking::Full => return Err(Refusal::full().into()),
                Blocking::HasChat => {}
            }
        }
        Err(Refusal::busy().into())
    }

    /// Whoever stops waiting blocks all the same.
    async fn block_stranger(
        self: &Arc<Self>,
        caller: &Caller,
        user: UserId,
        on: bool,
        most: usize,
    ) -> Result<Blocking, Fault> {
        let this = self.clone();
        let caller = caller.clone();
        let work = async move {
            let done = this.store.block(caller.user, user, on, most).await?;
            if done == Blocking::Done {
                this.presence.part(caller.user, &[user]);
                let event = BlockEvent::UserBlocked { user, on };
                this.presence.grant(&caller, &Granted::with(&event));
                this.presence.tell_own_others(&caller, &packet(&event));
            }
            Ok(done)
        };
        self.store.run_to_end(work).await
    }

    pub(super) async fn blocks(&self, caller: &Caller) -> Answered {
        let row = |Blocked { user, name, at }| BlockRow { id: user, name, at };
        let users = self.store.blocks(caller.user).await?.into_iter().map(row).collect();
        self.presence.grant_or_tell(caller, &BlockEvent::Blocks { users });
        Ok(())
    }
}
