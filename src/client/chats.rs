//! Chats of two, and the lists of chats.
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{
    Services,
    unanswered::{Answered, created},
};
use crate::{
    domain::{ChatId, Code, Name, Refusal, UserId},
    events::{Answer, ChatEvent},
    presence::{Caller, packet},
    store::{Created, Lists},
};

impl Services {
    pub(super) async fn lists(&self, caller: &Caller) -> Answered {
        let Lists { mut personal, groups } = self.store.lists(caller.user).await?;
        self.presence.add_arrivals(&mut personal);
        self.presence.tell_caller(caller, &ChatEvent::personal_chat_list(personal));
        self.presence.tell_caller(caller, &ChatEvent::group_chat_list(groups));
        self.presence.answer(caller, Answer::Done);
        Ok(())
    }

    pub(super) async fn check(&self, caller: &Caller, receiver: UserId) -> Answered {
        let partner = self.person(receiver).await?;
        if receiver == caller.user {
            self.tell_chat(caller, Some(caller.user.self_chat()), &partner.name);
            return Ok(());
        }
        self.tell_chat(caller, self.store.personal_chat(caller.user, receiver).await?, &partner.name);
        Ok(())
    }

    pub(super) async fn create_personal_chat(self: &Arc<Self>, caller: &Caller, receiver: UserId) -> Answered {
        if receiver == caller.user {
            return Err(Refusal::new(Code::Conflict, "Notes to oneself need no chat").into());
        }
        let partner = self.person(receiver).await?.name;
        let me = self.person(caller.user).await?.name;
        let this = self.clone();
        let asker = caller.clone();
        let names = (me, partner.clone());
        let (answer, answered) = oneshot::channel();
        self.store.detach(async move {
            let created = this.store.create_personal_chat(asker.user, receiver).await;
            let new = if let Ok(Ok(Created { chat, new: true })) = created { Some(chat) } else { None };
            if let Some(chat) = new {
                this.announce_personal_chat(&asker, receiver, &names, chat);
            }
            let is_late = answer.send(created).is_err();
            if let Some(chat_id) = new.filter(|_| is_late) {
                this.presence
                    .tell_caller(&asker, &ChatEvent::CreatePersonalChatPartner { chat_id, partner: names.1.as_str() });
            }
        });
        let Created { chat, new } = created(answered).await?;
        if new {
            let partner = partner.as_str();
            self.presence.tell_caller(caller, &ChatEvent::CreatePersonalChatCreator { chat_id: chat, partner });
            self.presence.answer(caller, Answer::Chat { exists: 0, chat_id: Some(chat), partner });
        } else {
            self.tell_chat(caller, Some(chat), &partner);
        }
        Ok(())
    }

    /// To the partner and the caller's other sockets.
    fn announce_personal_chat(&self, caller: &Caller, receiver: UserId, (me, partner): &(Name, Name), chat_id: ChatId) {
        let theirs = packet(&ChatEvent::CreatePersonalChatPartner { chat_id, partner: me.as_str() });
        self.presence.tell(receiver, &theirs);
        let own = packet(&ChatEvent::CreatePersonalChatPartner { chat_id, partner: partner.as_str() });
        self.presence.tell_own_others(caller, &own);
    }

    /// Tells whether there is a chat with this person.
    fn tell_chat(&self, caller: &Caller, chat_id: Option<ChatId>, partner: &Name) {
        let exists = u8::from(chat_id.is_some());
        let partner = partner.as_str();
        self.presence.tell_caller(caller, &ChatEvent::CreateChatResult { exists, chat_id, partner });
        self.presence.answer(caller, Answer::Chat { exists, chat_id, partner });
    }
}
