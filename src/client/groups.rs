//! Groups, as they are made. Who is in one hears of it, whether or not whoever asked still waits for the answer.
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Services,
    unanswered::{Answered, Unanswered, created, within_deadline},
};
use crate::{
    domain::{ChatId, Code, Deed, GroupEdit, Name, Refusal, UserId},
    events::{Answer, CreateGroup, GroupEvent},
    presence::{Caller, packet},
};

impl Services {
    pub(super) async fn create_group_chat(self: &Arc<Self>, caller: &Caller, asked: CreateGroup) -> Answered {
        let CreateGroup { name, description, participants } = asked;
        let members = self.group_members(caller.user, participants).await?;
        let this = self.clone();
        let asker = caller.clone();
        let title = name.clone();
        let (answer, answered) = oneshot::channel();
        self.store.detach(async move {
            let created = this.store.create_group(&title, &description, &members).await;
            let new = if let Ok(Ok(group)) = created { Some(group) } else { None };
            if let Some(group) = new {
                this.announce_group(&asker, &members, group, &title);
            }
            let is_late = answer.send(created).is_err();
            if let Some(group_id) = new.filter(|_| is_late) {
                this.presence
                    .tell_caller(&asker, &GroupEvent::CreateGroupChatReceiver { group_id, name: title.as_str() });
            }
        });
        let group_id = created(answered).await?;
        let name = name.as_str();
        self.presence.tell_caller(caller, &GroupEvent::CreateGroupChatCreator { group_id, name });
        self.presence.answer(caller, Answer::Group { group_id, name });
        Ok(())
    }

    /// The picture is looked for first. Whether the caller may edit at all, the chat decides before that counts.
    pub(super) async fn edit_group(&self, caller: Caller, group: ChatId, mut edit: Box<GroupEdit>) {
        let found = async {
            match edit.avatar.flatten() {
                Some(picture) => self.store.is_own_picture(caller.user, picture).await,
                None => Ok(true),
            }
        };
        match within_deadline(found).await {
            Ok(found) => {
                edit.lacks_picture = !found;
                self.change(caller, group, Deed::Edit(edit));
            }
            Err(fault) => self.fail(&caller, &fault),
        }
    }

    /// The creator first, then the others in the order named, each once; all of them must exist.
    async fn group_members(&self, creator: UserId, participants: Vec<UserId>) -> Result<Vec<UserId>, Unanswered> {
        let mut members = vec![creator];
        for participant in participants {
            if !members.contains(&participant) {
                members.push(participant);
            }
        }
        let most = self.policy().bounds.group_members;
        if members.len() > most {
            return Err(Refusal::new(Code::TooLarge, format!("A group has at most {most} members")).into());
        }
        let others = &members[1..];
        if !others.is_empty() && self.store.people(others).await?.len() != others.len() {
            return Err(Refusal::no_such_user().into());
        }
        Ok(members)
    }

    /// To the members and the caller's other sockets.
    fn announce_group(&self, caller: &Caller, members: &[UserId], group_id: ChatId, name: &Name) {
        let theirs = packet(&GroupEvent::CreateGroupChatReceiver { group_id, name: name.as_str() });
        members.iter().filter(|member| **member != caller.user).for_each(|member| {
            self.presence.tell(*member, &theirs);
        });
        self.presence.tell_own_others(caller, &theirs);
    }
}
