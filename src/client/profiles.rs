//! What somebody says of oneself: changed in the database, then where the old name stands, then told.
use std::sync::Arc;

use super::{Services, unanswered::Answered};
use crate::{
    domain::{ProfileChange, Refusal, Timestamp, UserId},
    events::{Granted, Profile, ProfileEvent},
    presence::{Caller, packet},
    store::{Fault, NotEdited, ProfileEdited, ShownProfile},
};

impl Services {
    pub(super) async fn edit_profile(self: &Arc<Self>, caller: &Caller, change: ProfileChange) -> Answered {
        let this = self.clone();
        let asker = caller.clone();
        // Whoever stops waiting is called otherwise all the same.
        let edited = self.store.run_to_end(async move {
            let edited = this.store.edit_profile(asker.user, change, Timestamp::now()).await?;
            if let Some(edited) = edited.as_ref().ok().filter(|edited| edited.before != edited.after) {
                this.spread(&asker, edited);
            }
            Ok::<_, Fault>(edited)
        });
        let ProfileEdited { after, .. } = edited.await?.map_err(|why| match why {
            NotEdited::NoSuchUser => Refusal::no_such_user(),
            NotEdited::NoSuchPicture => Refusal::no_such_file(),
        })?;
        let event = ProfileEvent::ProfileChanged { profile: Profile::of(&after, false) };
        self.presence.grant(caller, &Granted::with(&event));
        Ok(())
    }

    /// Live chats call their members by the names that they had when they were loaded.
    fn spread(&self, caller: &Caller, edited: &ProfileEdited) {
        let ProfileEdited { after, renamed_in, .. } = edited;
        renamed_in.iter().for_each(|chat| self.registry.rename(*chat, caller.user, &after.name, after.avatar));
        let packet = packet(&ProfileEvent::ProfileChanged { profile: Profile::of(after, false) });
        self.presence.tell_own_others(caller, &packet);
        self.presence.tell_watching(caller.user, &packet);
    }

    pub(super) async fn profiles(&self, caller: &Caller, users: &[UserId]) -> Answered {
        let found = self.store.profiles(users, caller.user, Timestamp::now()).await?;
        let shown = |ShownProfile { profile, is_blocked }: &ShownProfile| Profile::of(profile, *is_blocked);
        let event = ProfileEvent::Profiles { profiles: found.iter().map(shown).collect() };
        self.presence.grant_or_tell(caller, &event);
        Ok(())
    }
}
