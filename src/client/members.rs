//! Who is to be in a group, or to be kept out: names come from the database.
use super::{Services, unanswered::within_deadline};
use crate::{
    chat::{Command, Request},
    domain::{ChatId, Deed, Newcomer, UserId},
    presence::Caller,
    store::{Fault, Person},
};

impl Services {
    /// Whether the caller may ask at all, the chat decides first.
    pub(super) async fn add_member(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        match within_deadline(self.newcomer(caller.user, member)).await {
            Ok(newcomer) => self.change(caller, group, Deed::Add(newcomer)),
            Err(fault) => self.fail(&caller, &fault),
        }
    }

    /// The same for somebody who is to be kept out.
    pub(super) async fn ban(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        match within_deadline(self.known(member)).await {
            Ok(person) => self.change(caller, group, Deed::Ban(person.map(|person| person.id))),
            Err(fault) => self.fail(&caller, &fault),
        }
    }

    async fn newcomer(&self, by: UserId, member: Option<UserId>) -> Result<Option<Newcomer>, Fault> {
        let Some(Person { id: user, name, .. }) = self.known(member).await? else { return Ok(None) };
        let is_willing = self.store.unwilling(by, &[user]).await?.is_empty();
        Ok(Some(Newcomer { user, name, is_willing }))
    }

    async fn known(&self, member: Option<UserId>) -> Result<Option<Person>, Fault> {
        match member {
            Some(member) => self.store.person(member).await,
            None => Ok(None),
        }
    }

    /// What is left to decide, the chat decides.
    pub(super) fn change(&self, caller: Caller, chat: ChatId, deed: Deed) {
        self.registry.route(chat, Command { caller, request: Request::Group(deed) });
    }
}
