//! Who is to be in a group: names come from the database.
use super::{Services, unanswered::within_deadline};
use crate::{
    chat::{Command, Request},
    domain::{ChatId, Deed, UserId},
    presence::Caller,
};

impl Services {
    /// Whether the caller may ask at all, the chat decides first.
    pub(super) async fn add_member(&self, caller: Caller, group: ChatId, member: Option<UserId>) {
        let person = match member {
            Some(member) => within_deadline(self.store.person(member)).await,
            None => Ok(None),
        };
        match person {
            Ok(person) => {
                let member = person.map(|person| (person.id, person.name));
                self.registry.route(group, Command { caller, request: Request::Group(Deed::Add(member)) });
            }
            Err(fault) => self.fail(&caller, &fault),
        }
    }
}
