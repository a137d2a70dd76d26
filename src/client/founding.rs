//! Founding chats. What was founded is told to all who are in it, whether or not whoever asked still waits for the answer.
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Neighbours,
    people::{Answered, Unanswered},
};
use crate::{
    domain::{ChatId, Code, Description, Name, Refusal, UserId},
    events::{Answer, ServerEvent},
    presence::{Caller, packet},
    store::{Fault, Founded},
};

/// What was founded; nothing if somebody in it has no account any more.
type Foundation<T> = Result<Option<T>, Fault>;

impl Neighbours {
    pub(super) async fn create_personal_chat(
        self: &Arc<Self>,
        caller: &Caller,
        me: &Name,
        receiver: UserId,
    ) -> Answered {
        if receiver == caller.user {
            return Err(Refusal::new(Code::Conflict, "Notes to oneself need no chat").into());
        }
        let partner = self.person(receiver).await?.name;
        let (this, asker, names) = (self.clone(), caller.clone(), (me.clone(), partner.clone()));
        let (answer, answered) = oneshot::channel();
        self.store.detach(async move {
            let founded = this.store.found_personal_chat(asker.user, receiver).await;
            let new = if let Ok(Some(Founded { chat, new: true })) = founded { Some(chat) } else { None };
            if let Some(chat) = new {
                this.announce_personal_chat(&asker, receiver, &names, chat);
            }
            let is_late = answer.send(founded).is_err();
            if let Some(chat_id) = new.filter(|_| is_late) {
                this.presence.tell_caller(
                    &asker,
                    &ServerEvent::CreatePersonalChatPartner { chat_id, partner: names.1.as_str() },
                );
            }
        });
        let Founded { chat, new } = settled(answered).await?;
        if new {
            let partner = partner.as_str();
            self.presence.tell_caller(caller, &ServerEvent::CreatePersonalChatCreator { chat_id: chat, partner });
            self.presence.answer(caller, Answer::Chat { exists: 0, chat_id: Some(chat), partner });
        } else {
            self.found(caller, Some(chat), &partner);
        }
        Ok(())
    }

    /// To the partner and the caller's other sockets.
    fn announce_personal_chat(&self, caller: &Caller, receiver: UserId, (me, partner): &(Name, Name), chat_id: ChatId) {
        let theirs = packet(&ServerEvent::CreatePersonalChatPartner { chat_id, partner: me.as_str() });
        self.presence.tell(receiver, &theirs);
        let own = packet(&ServerEvent::CreatePersonalChatPartner { chat_id, partner: partner.as_str() });
        self.presence.tell_own_others(caller, &own);
    }

    pub(super) async fn create_group_chat(
        self: &Arc<Self>,
        caller: &Caller,
        name: Name,
        description: Description,
        participants: Vec<UserId>,
    ) -> Answered {
        let members = self.group_members(caller.user, participants).await?;
        let (this, asker, title) = (self.clone(), caller.clone(), name.clone());
        let (answer, answered) = oneshot::channel();
        self.store.detach(async move {
            let founded = this.store.found_group(&title, &description, &members).await;
            let new = if let Ok(Some(group)) = founded { Some(group) } else { None };
            if let Some(group) = new {
                this.announce_group(&asker, &members, group, &title);
            }
            let is_late = answer.send(founded).is_err();
            if let Some(group_id) = new.filter(|_| is_late) {
                this.presence
                    .tell_caller(&asker, &ServerEvent::CreateGroupChatReceiver { group_id, name: title.as_str() });
            }
        });
        let (group_id, name) = (settled(answered).await?, name.as_str());
        self.presence.tell_caller(caller, &ServerEvent::CreateGroupChatCreator { group_id, name });
        self.presence.answer(caller, Answer::Group { group_id, name });
        Ok(())
    }

    /// To the members and the caller's other sockets.
    fn announce_group(&self, caller: &Caller, members: &[UserId], group_id: ChatId, name: &Name) {
        let theirs = packet(&ServerEvent::CreateGroupChatReceiver { group_id, name: name.as_str() });
        members.iter().filter(|member| **member != caller.user).for_each(|member| {
            self.presence.tell(*member, &theirs);
        });
        self.presence.tell_own_others(caller, &theirs);
    }
}

/// What came of a foundation. Whoever stops waiting here is answered by nobody else, but hears of the chat.
async fn settled<T>(answered: oneshot::Receiver<Foundation<T>>) -> Result<T, Unanswered> {
    let broken = |_| Err(Fault::Refused("the foundation broke off".into()));
    answered.await.unwrap_or_else(broken)?.ok_or_else(|| Refusal::no_such_user().into())
}
