//! What somebody lets others know: changed in the database, then for all of one's sockets, then told to one's other ones.
use std::sync::Arc;

use serde::Serialize;

use super::{Services, unanswered::Answered};
use crate::{
    domain::{PrivacyChange, Refusal, UserId},
    events::{Granted, Privacy, PrivacyEvent},
    presence::{Caller, packet},
    store::{Chosen, Fault},
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Done {
    privacy: Privacy,
}

impl Services {
    pub(super) async fn set_privacy(self: &Arc<Self>, caller: &Caller, change: PrivacyChange) -> Answered {
        let this = self.clone();
        let asker = caller.clone();
        // Whoever stops waiting hides all the same.
        let chosen = self.store.run_to_end(async move {
            let chosen = this.store.set_privacy(asker.user, &change).await?;
            if let Some(Chosen { before, after }) = chosen.filter(|chosen| chosen.before != chosen.after) {
                log::debug!("user {}: {before:?} became {after:?}", asker.user);
                this.presence.choose(asker.user, &change);
                let changed = PrivacyEvent::PrivacyChanged { privacy: after.into() };
                this.presence.tell_own_others(&asker, &packet(&changed));
            }
            Ok::<_, Fault>(chosen)
        });
        let Chosen { after, .. } = chosen.await?.ok_or_else(Refusal::no_such_user)?;
        self.presence.grant(caller, &Granted::with(&Done { privacy: after.into() }));
        Ok(())
    }

    /// Whether others may see what somebody reads and receives. Of somebody who is gone they see nothing more.
    pub(super) fn shows_reads(&self, user: UserId) -> bool {
        self.presence.privacy(user).is_some_and(|privacy| privacy.read_receipts)
    }

    /// Whether others may see that somebody types.
    pub(super) fn shows_typing(&self, user: UserId) -> bool {
        self.presence.privacy(user).is_some_and(|privacy| privacy.typing)
    }
}
