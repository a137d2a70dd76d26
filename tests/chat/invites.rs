//! Invitations among many who follow them at once.
use std::time::Duration;

use futures_util::future::join_all;
use greenroom::{
    chat::{Command, Request},
    domain::{Deed, Email, InviteId, InviteLink, Name, NewInvite, Timestamp, UserId},
};

use crate::{
    server::{Server, answered},
    support::Socket,
};

const PEOPLE: usize = 100;
const USES: usize = 10;

#[actix::test]
async fn an_invitation_lets_in_exactly_as_many_as_it_says_however_many_come_at_once() {
    let server = Server::new().await;
    let person = |n| (Name::new(&format!("Guest {n}")).unwrap(), Email::new(&format!("{n}@example.org")).unwrap());
    let people: Vec<_> = (0..=PEOPLE).map(person).collect();
    let ids: Vec<UserId> = server.store.add_verified(&people, "a hash", Timestamp::now()).await.unwrap();
    let group = server.group(0, &ids[..1]).await.unwrap();
    let mut owner = Socket::open(ids[0]);
    owner.join(&server.presence);
    let id = InviteId::new();
    let new = NewInvite { id, lasts: Duration::from_secs(60), max_uses: Some(USES as u32) };
    let link = InviteLink { token: "token".into(), url: "url".into() };
    let request = Request::Group(Deed::Invite(new, Box::new(link)));
    server.registry.route(group, Command { caller: owner.asks(0), request });
    assert_eq!(answered(&mut owner).await["Invite"]["MaxUses"], USES);

    let joining = ids[1..].iter().zip(&people[1..]).map(async |(user, (name, _))| {
        let mut socket = Socket::open(*user);
        socket.join(&server.presence);
        let mut code = "busy".to_owned();
        // Of those who come in one waits for the other, and so many may wait.
        while code == "busy" {
            let request = Request::Group(Deed::Join { name: name.clone(), invite: id });
            server.registry.route(group, Command { caller: socket.asks(0), request });
            code = answered(&mut socket).await["Code"].as_str().unwrap_or("ok").to_owned();
        }
        code
    });
    let codes = join_all(joining).await;
    assert_eq!(codes.iter().filter(|code| *code == "ok").count(), USES);
    assert_eq!(codes.iter().filter(|code| *code == "expired").count(), PEOPLE - USES);
    let roster = server.store.chat(group).await.unwrap().unwrap().roster;
    assert_eq!(roster.members.len(), 1 + USES);
    let invitation = server.store.invitation(id, ids[0]).await.unwrap().unwrap();
    assert_eq!(invitation.invite.uses, USES as u32);
}
