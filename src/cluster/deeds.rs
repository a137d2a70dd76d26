//! What other nodes did that concerns no chat alone: logins that ended, what people are called and let others know.
use std::time::Instant;

use log::Level;

use crate::{
    domain::{News, Timestamp, UserId},
    events::{BlockEvent, ChatEvent, Privacy, PrivacyEvent, Profile, ProfileEvent},
    measure::tell,
    presence::{Presence, packet},
    registry::Registry,
    store::{DEADLINES, Fault, Store, in_time},
};

/// Tells them.
#[derive(Clone)]
pub(super) struct Deeds {
    pub store: Store,
    pub presence: Presence,
    pub registry: Registry,
}

impl Deeds {
    /// Carries out what needs no chat.
    pub(super) fn carry_out(&self, news: News) {
        match news {
            News::Ended { user, logins, reason } => {
                logins.into_iter().for_each(|login| self.presence.end(user, login, &reason));
            }
            News::Person(user) => self.look_at(user),
            News::Privacy(user) => self.hide_or_show(user),
            News::Blocked { by, user, on } => {
                self.presence.part(by, &[user]);
                self.presence.tell(by, &packet(&BlockEvent::UserBlocked { user, on }));
            }
            News::Departed { user, partners } => {
                self.presence.vanish(user);
                partners.into_iter().filter(|partner| self.presence.is_online(*partner)).for_each(|partner| {
                    let this = self.clone();
                    self.detach("a list", async move {
                        let list = ChatEvent::personal_chat_list(this.store.lists(partner).await?.personal);
                        this.presence.tell(partner, &packet(&list));
                        Ok(())
                    });
                });
            }
            News::Chat(_) => {}
        }
    }

    /// Somebody is called otherwise, or says something else of oneself.
    fn look_at(&self, user: UserId) {
        let this = self.clone();
        self.detach("a person", async move {
            let Some((profile, _, chats)) = this.store.whole_person(user, Timestamp::now()).await? else {
                return Ok(());
            };
            chats.iter().for_each(|chat| this.registry.rename(*chat, user, &profile.name, profile.avatar));
            let told = packet(&ProfileEvent::ProfileChanged { profile: Profile::of(&profile, false) });
            this.presence.tell(user, &told);
            this.presence.tell_watching(user, &told);
            Ok(())
        });
    }

    fn hide_or_show(&self, user: UserId) {
        let this = self.clone();
        self.detach("a person's privacy", async move {
            let Some((_, privacy, _)) = this.store.whole_person(user, Timestamp::now()).await? else { return Ok(()) };
            if this.presence.set_privacy(user, privacy) {
                let privacy: Privacy = privacy.into();
                this.presence.tell(user, &packet(&PrivacyEvent::PrivacyChanged { privacy }));
            }
            Ok(())
        });
    }

    fn detach(&self, what: &'static str, work: impl Future<Output = Result<(), Fault>> + Send + 'static) {
        self.store.detach(async move {
            if let Err(fault) = in_time(Instant::now() + DEADLINES.query, work).await {
                let line = format_args!("{what} that another node told of was not read: {fault}");
                tell(Level::Error, "news with a fault of the server", &fault.to_string(), line);
            }
        });
    }
}
