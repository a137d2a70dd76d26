//! Groups as they change and end: what those see who are in them, and what the log says.
use greenroom::{
    chat::{Command, Request, Settle},
    domain::{Change, Deed, UserId},
};

use crate::{
    log,
    support::{Stage, change, done, newcomer, post, settle, soon},
};

#[actix::test]
async fn a_deleted_groups_members_see_their_lists_without_it_and_no_command_waits_for_that() {
    let [ann, bob] = [(); 2].map(|()| UserId::new());
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut anns = stage.online(ann);
    let mut laptop = stage.online(ann);
    let mut bobs = stage.online(bob);

    stage.chat.do_send(Command { caller: anns.asks(1), request: Request::Group(Deed::DeleteGroup) });
    let record = stage.recorded().await;
    assert_eq!(change(&record.fact), Some(&Change::Deleted));
    stage.store.commit(std::slice::from_ref(&record.fact), soon()).await.unwrap();
    settle(&record, Ok(done(0)));
    stage.chat.do_send(post(bobs.asks(2), "gone?"));

    assert_eq!(bobs.hears().await.1[0], "delete-grp-success-receiver");
    let (kind, heard) = bobs.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Code"]), ("432", &"not_found".into()));
    for socket in [&mut bobs, &mut laptop] {
        let (_, mut heard) = socket.hears().await;
        if heard[0] == "delete-grp-success-receiver" {
            heard = socket.hears().await.1;
        }
        assert_eq!((&heard[0], heard[1]["GroupChatList"].as_array().unwrap().len()), (&"group-chat-list".into(), 0));
    }
    assert_eq!(anns.hears().await.0, "431");
    assert_eq!(anns.hears().await.1[0], "delete-group-chat-creator");
    stage.store.detached_done().await;
    assert!(anns.hears_nothing(), "it has drawn it already");
}

#[actix::test]
async fn who_may_do_what_in_a_group_changes_in_the_log_by_ids_alone() {
    log::keep();
    let [ann, bob, cat] = [(); 3].map(|()| UserId::new());
    let mut stage = Stage::group(&[ann, bob]).await;
    let anns = stage.online(ann);
    let bobs = stage.online(bob);
    let cats = stage.online(cat);
    let changes = [
        (&anns, Request::Group(Deed::Add(newcomer(cat, "Catherine")))),
        (&anns, Request::Group(Deed::Kick(Some(bob)))),
        (&anns, Request::Group(Deed::Add(newcomer(bob, "Robert")))),
        (&bobs, Request::Group(Deed::Leave)),
        (&anns, Request::Group(Deed::ChangeAdmin(Some(cat)))),
        (&cats, Request::Group(Deed::DeleteGroup)),
    ];
    let mut group = None;
    for (ack, (socket, request)) in (0..).zip(changes) {
        stage.chat.do_send(Command { caller: socket.asks(ack), request });
        let record = stage.recorded().await;
        group = Some(record.fact.chat());
        settle(&record, Ok(done(0)));
    }
    stage.chat.send(Settle).await.unwrap();
    let group = group.unwrap();
    assert_eq!(
        log::lines(&format!("group {group}: ")),
        [
            format!("group {group}: user {cat} added by user {ann}"),
            format!("group {group}: user {bob} kicked by user {ann}"),
            format!("group {group}: user {bob} added by user {ann}"),
            format!("group {group}: user {bob} left"),
            format!("group {group}: user {cat} made admin by user {ann}"),
            format!("group {group}: deleted by user {cat}"),
        ]
    );
}
