//! What is written is read.
use super::*;

fn everything() -> Batch {
    let user = UserId::new();
    let place = Some(Place { joined: Seq(3), cleared: Seq(4), sees_history: true });
    let turned = |turn| Part::Turned { turn, by: user, at: Timestamp(5), newest: Seq(6), rev: Rev(7) };
    let emoji = Emoji::stored("👍");
    let changed = |effect| Part::Message { seq: Seq(8), by: user, effect, rev: Rev(9), own: Own(10) };
    let parts = vec![
        Part::Founded { by: user, members: vec![user] },
        Part::Said { first: Seq(1), count: 2 },
        Part::Read { user, seq: Seq(1), shown: Shown::Still(Seq(-1)) },
        Part::Preferred { user, cause: Cause::Read(Some(Seq(2))) },
        changed(Effect::Edited { content: String::new(), mentions: vec![], edits: 3 }),
        changed(Effect::Reacted(emoji.clone())),
        changed(Effect::Unreacted(emoji)),
        changed(Effect::Deleted),
        turned(Turn::Removed(user, place)),
        turned(Turn::Muted(user, Some(Timestamp(11)))),
        turned(Turn::RoleSet(user, Role::Moderator)),
        turned(Turn::Edited(Fields(5))),
        turned(Turn::Deleted(vec![user])),
        Part::Departed(Departure { user, left: Some(Rev(1)), led: Some((Rev(2), user)), place }),
    ];
    let news = vec![
        News::Chat(ChatNews { chat: ChatId::new(), step: Step(12), parts }),
        News::Ended { user, logins: vec![LoginId::new()], reason: "Logged out".into() },
        News::Person(user),
        News::Privacy(user),
        News::Blocked { by: user, user, on: true },
        News::Departed { user, partners: vec![user] },
    ];
    Batch { after: vec![(NodeId::new(), 13)], news }
}

#[test]
fn what_is_written_is_read() {
    let batch = everything();
    assert_eq!(read(&write(&batch)).unwrap(), batch);
    assert_eq!(read(&[]).unwrap(), Batch::default());
}

#[test]
fn what_is_broken_or_of_another_form_is_no_batch() {
    let bytes = write(&everything());
    assert!(matches!(read(&[9, 1]), Err(Unreadable::Form(9))));
    (1..bytes.len()).for_each(|end| assert!(read(&bytes[..end]).is_err(), "{end}"));
}

#[test]
fn it_holds_no_texts() {
    let emptied = Effect::Edited { content: "secret".into(), mentions: vec![], edits: 1 };
    let part = Part::Message { seq: Seq(1), by: UserId::new(), effect: emptied, rev: Rev(1), own: Own(0) };
    let chat = ChatNews { chat: ChatId::new(), step: Step(1), parts: vec![part] };
    let bytes = write(&Batch { after: vec![], news: vec![News::Chat(chat)] });
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
}
