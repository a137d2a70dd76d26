//! Telling those who remain that somebody's account is gone.
use crate::{
    domain::UserId,
    events::ServerEvent,
    presence::{Presence, packet},
    registry::Registry,
    store::{Departed, Fault, LeftGroup, Store},
};

/// Has the chats look at the database again, and tells the members that are online.
pub async fn see_off(departed: Departed, store: &Store, presence: &Presence, registry: &Registry) {
    let groups = departed.groups.iter().map(|group| group.chat);
    let personal = departed.personal.iter().map(|(chat, _)| *chat);
    groups.chain(personal).chain(departed.gone.iter().copied()).for_each(|chat| registry.reread(chat));
    departed.groups.iter().for_each(|group| tell_group(group, departed.user, presence));
    for (_, partner) in &departed.personal {
        if let Err(fault) = show_list(*partner, store, presence).await {
            log::error!("list of {partner} not shown: {fault}");
        }
    }
}

fn tell_group(group: &LeftGroup, user: UserId, presence: &Presence) {
    let group_id = group.chat;
    let tell = |event: &ServerEvent<'_>| {
        let packet = packet(event);
        group.members.iter().for_each(|member| {
            presence.tell(*member, &packet);
        });
    };
    tell(&ServerEvent::UserLeftGrp { group_id, user });
    if let Some(admin) = group.new_admin {
        tell(&ServerEvent::ChangeAdminSuccessReceiver { group_id, admin });
    }
}

/// The partner's name in it is another one now.
async fn show_list(user: UserId, store: &Store, presence: &Presence) -> Result<(), Fault> {
    if presence.is_online(user) {
        let list = ServerEvent::personal_chat_list(store.lists(user).await?.personal);
        presence.tell(user, &packet(&list));
    }
    Ok(())
}
