//! Who is to be in a group, or to be kept out: names come from the database.
use super::{Services, unanswered::within_deadline};
use crate::{
    chat::{Command, Request},
    domain::{ChatId, Deed, Name, UserId},
    presence::Caller,
};

impl Services {
    /// Whether the caller may ask at all, the chat decides first.
    pub(super) async fn add_member(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        self.about(caller, group, member, Deed::Add).await;
    }

    /// The same for somebody who is to be kept out.
    pub(super) async fn ban(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        self.about(caller, group, member, |person| Deed::Ban(person.map(|(user, _)| user))).await;
    }

    async fn about(
        &self,
        caller: Caller,
        group: ChatId,
        member: Option<UserId>,
        deed: impl FnOnce(Option<(UserId, Name)>) -> Deed,
    ) {
        let person = match member {
            Some(member) => within_deadline(self.store.person(member)).await,
            None => Ok(None),
        };
        match person {
            Ok(person) => {
                let request = Request::Group(deed(person.map(|person| (person.id, person.name))));
                self.registry.route(group, Command { caller, request });
            }
            Err(fault) => self.fail(&caller, &fault),
        }
    }
}
