//! Telling those who remain that somebody's account is gone.
use crate::{
    domain::UserId,
    events::ChatEvent,
    presence::{Presence, packet},
    registry::Registry,
    store::{DeletedAccount, Fault, Store},
};

/// Has the chats look at the database again and tell their members, and shows the partners their lists.
pub async fn tell_account_ended(departed: DeletedAccount, store: &Store, presence: &Presence, registry: &Registry) {
    if store.line().is_some() {
        // All nodes hear of it in the same way, this one too.
        return;
    }
    presence.vanish(departed.user);
    let personal = departed.personal.iter().map(|(chat, _)| *chat);
    personal.chain(departed.gone.iter().copied()).for_each(|chat| registry.reload(chat));
    departed.groups.into_iter().for_each(|group| registry.tell_departure(group));
    for (_, partner) in &departed.personal {
        if let Err(fault) = show_list(*partner, store, presence).await {
            log::error!("list of {partner} not shown: {fault}");
        }
    }
}

/// The partner's name in it is another one now.
async fn show_list(user: UserId, store: &Store, presence: &Presence) -> Result<(), Fault> {
    if presence.is_online(user) {
        let list = ChatEvent::personal_chat_list(store.lists(user).await?.personal);
        presence.tell(user, &packet(&list));
    }
    Ok(())
}
