//! People: oneself, and whom one looks for.
use super::{
    Services,
    unanswered::{Answered, Unanswered},
};
use crate::{
    domain::{Email, Profile, Refusal, Timestamp, UserId},
    events::{Answer, PeopleEvent, Purpose, SearchUsers, UserRow},
    presence::Caller,
    store::Person,
};

const SEARCH_ROWS: u64 = 8;
const ADD_ROWS: u64 = 3;

impl Services {
    pub(super) async fn details(&self, caller: &Caller, email: &Email) -> Answered {
        let found = self.store.profile(caller.user, Timestamp::now()).await?;
        let Profile { name, bio, status, avatar, .. } = found.ok_or_else(Refusal::no_such_user)?;
        self.presence.tell_caller(
            caller,
            &PeopleEvent::UserDetails {
                name: name.as_str(),
                email: email.as_str(),
                id: caller.user,
                bio: bio.as_str(),
                status: status.as_str(),
                avatar,
                privacy: self.presence.privacy(caller.user).unwrap_or_default().into(),
            },
        );
        self.presence.answer(caller, Answer::Done);
        Ok(())
    }

    pub(super) async fn search(&self, caller: &Caller, SearchUsers { name, purpose }: SearchUsers) -> Answered {
        let limit = if purpose == Purpose::Add { ADD_ROWS } else { SEARCH_ROWS };
        let found = if name.as_str().is_empty() { Vec::new() } else { self.store.search(&name, limit).await? };
        let users = found.into_iter().map(|person| self.row(person)).collect();
        self.presence.tell_caller(
            caller,
            &match purpose {
                Purpose::Search => PeopleEvent::SearchedUser { users },
                Purpose::Add => PeopleEvent::AddedUserMatch { users },
            },
        );
        self.presence.answer(caller, Answer::Done);
        Ok(())
    }

    fn row(&self, person: Person) -> UserRow {
        let email = self.policy().show_email.then(|| person.email.to_string());
        UserRow { id: person.id, name: person.name.to_string(), email, avatar: person.avatar }
    }

    pub(super) async fn person(&self, id: UserId) -> Result<Person, Unanswered> {
        self.store.person(id).await?.ok_or_else(|| Refusal::no_such_user().into())
    }
}
