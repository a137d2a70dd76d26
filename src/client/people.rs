//! What is answered without a chat actor: people and lists.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use log::Level;

use super::Neighbours;
use crate::{
    domain::{ChatId, Code, Email, Name, NamePart, Refusal, UserId},
    events::{Answer, ClientEvent, Purpose, ServerEvent, UserRow},
    measure::tell,
    presence::Caller,
    store::{Fault, Lists, Person, in_time},
};

/// How long a question waits for the database, and with it what its socket asks next.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
const SEARCH_ROWS: u64 = 8;
const ADD_ROWS: u64 = 3;

/// Why a question has no answer.
pub(super) enum Unanswered {
    Refused(Refusal),
    Failed(Fault),
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

pub(super) type Answered = Result<(), Unanswered>;

impl Neighbours {
    /// Answers a question with the help of the database.
    pub(super) async fn answer(self: Arc<Self>, caller: Caller, me: Name, question: ClientEvent) {
        match in_time(Instant::now() + PATIENCE, self.try_to_answer(&caller, &me, question)).await {
            Ok(()) => {}
            Err(Unanswered::Refused(refusal)) => self.refuse(&caller, &refusal),
            Err(Unanswered::Failed(fault)) => self.fail(&caller, &fault),
        }
    }

    async fn try_to_answer(self: &Arc<Self>, caller: &Caller, me: &Name, question: ClientEvent) -> Answered {
        match question {
            ClientEvent::SearchUser { name, purpose } => self.search(caller, &name, purpose).await,
            ClientEvent::CheckChat { receiver } => self.check(caller, me, receiver).await,
            ClientEvent::CreatePersonalChat { receiver } => self.create_personal_chat(caller, me, receiver).await,
            ClientEvent::CreateGroupChat { name, description, participants } => {
                self.create_group_chat(caller, name, description, participants).await
            }
            ClientEvent::Sync { seen, limit } => self.sync(caller, seen, limit).await,
            ClientEvent::ListChats => self.lists(caller).await,
            _ => Err(Refusal::bad_request("No such event").into()),
        }
    }

    /// The database did not answer: the log says so now and then, and the caller is told whether there is a point in trying
    /// again.
    pub(super) fn fail(&self, caller: &Caller, fault: &Fault) {
        let line = format_args!("{} not answered: {fault}", caller.event);
        tell(Level::Error, "event with a fault of the server", &fault.to_string(), line);
        let refusal = if fault.is_passing() { Refusal::unavailable() } else { Refusal::impossible() };
        self.refuse(caller, &refusal);
    }

    /// Nothing comes of a request.
    pub(super) fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.refused[refusal.code as usize].count();
        self.presence.refuse(caller, refusal);
    }

    pub(super) fn details(&self, caller: &Caller, name: &Name, email: &Email) {
        self.presence.tell_caller(
            caller,
            &ServerEvent::UserDetails { name: name.as_str(), email: email.as_str(), id: caller.user },
        );
        self.presence.answer(caller, Answer::Done);
    }

    async fn search(&self, caller: &Caller, part: &NamePart, purpose: Purpose) -> Answered {
        let limit = if purpose == Purpose::Add { ADD_ROWS } else { SEARCH_ROWS };
        let found = if part.as_str().is_empty() { Vec::new() } else { self.store.search(part, limit).await? };
        let users = found.into_iter().map(|person| self.row(person)).collect();
        self.presence.tell_caller(
            caller,
            &match purpose {
                Purpose::Search => ServerEvent::SearchedUser { users },
                Purpose::Add => ServerEvent::AddedUserMatch { users },
            },
        );
        self.presence.answer(caller, Answer::Done);
        Ok(())
    }

    fn row(&self, person: Person) -> UserRow {
        let email = self.policy().show_email.then(|| person.email.to_string());
        UserRow { id: person.id, name: person.name.to_string(), email }
    }

    pub(super) async fn person(&self, id: UserId) -> Result<Person, Unanswered> {
        self.store.person(id).await?.ok_or_else(|| Refusal::no_such_user().into())
    }

    async fn check(&self, caller: &Caller, me: &Name, receiver: UserId) -> Answered {
        if receiver == caller.user {
            self.found(caller, Some(caller.user.self_chat()), me);
            return Ok(());
        }
        let partner = self.person(receiver).await?;
        self.found(caller, self.store.personal_chat(caller.user, receiver).await?, &partner.name);
        Ok(())
    }

    /// The creator first, then the others in the order named, each once; all of them must exist.
    pub(super) async fn group_members(
        &self,
        creator: UserId,
        participants: Vec<UserId>,
    ) -> Result<Vec<UserId>, Unanswered> {
        let mut members = vec![creator];
        for participant in participants {
            if !members.contains(&participant) {
                members.push(participant);
            }
        }
        let most = self.policy().limits.group_members;
        if members.len() > most {
            return Err(Refusal::new(Code::TooLarge, format!("A group has at most {most} members")).into());
        }
        let others = &members[1..];
        if !others.is_empty() && self.store.people(others).await?.len() != others.len() {
            return Err(Refusal::no_such_user().into());
        }
        Ok(members)
    }

    async fn lists(&self, caller: &Caller) -> Answered {
        let Lists { personal, groups } = self.store.lists(caller.user).await?;
        self.presence.tell_caller(caller, &ServerEvent::personal_chat_list(personal));
        self.presence.tell_caller(caller, &ServerEvent::group_chat_list(groups));
        self.presence.answer(caller, Answer::Done);
        Ok(())
    }

    /// Tells whether there is a chat with this person.
    pub(super) fn found(&self, caller: &Caller, chat_id: Option<ChatId>, partner: &Name) {
        let (exists, partner) = (u8::from(chat_id.is_some()), partner.as_str());
        self.presence.tell_caller(caller, &ServerEvent::CreateChatResult { exists, chat_id, partner });
        self.presence.answer(caller, Answer::Chat { exists, chat_id, partner });
    }
}
