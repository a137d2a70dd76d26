//! What stands on the wire, byte for byte: clients depend on names and fields, and nothing else holds the order of the fields.
use uuid::Uuid;

use super::*;
use crate::domain::{
    ChatId, ClientId, Code, Kind, LastMessage, Listed, Member, MessageId, Name, Own, Preferences, Refusal, Rev, Role,
    Seq, Timestamp, UserId,
};

/// Small bounds, for what goes beyond them.
pub(super) const BOUNDS: PayloadBounds = PayloadBounds {
    content_bytes: 100,
    group_members: 3,
    page: 50,
    max_page: 200,
    mentions: 50,
    attachments: 10,
    watched: 200,
};

const ANN: UserId = UserId(Uuid::from_u128(1));
const BOB: UserId = UserId(Uuid::from_u128(2));
const CHAT: ChatId = ChatId(Uuid::from_u128(3));
const ID: MessageId = MessageId(Uuid::from_u128(4));
const AT: Timestamp = Timestamp(1_769_851_800_000);

/// Ids are written as `#` and their last digit.
fn short(json: &str) -> String {
    json.replace("00000000-0000-0000-0000-00000000000", "#")
}

/// An event as its name and its payload.
fn told(event: &impl Tell) -> String {
    format!("{} {}", event.name(), short(&serde_json::to_string(event).unwrap()))
}

fn message(kind: Kind, client_id: Option<&ClientId>) -> Message<'_> {
    Message {
        kind,
        chat: CHAT,
        id: ID,
        seq: Seq(7),
        sender: ANN,
        sender_name: "Ann",
        content: "hi",
        timestamp: AT,
        client_id,
        more: None,
    }
}

#[test]
fn a_message_as_it_happens() {
    let client_id = ClientId::new("c1").unwrap();
    let personal = r##"{"ChatId":"#3","Content":"hi","Sender":"Ann","SenderId":"#1","_id":"#4","Seq":7,"Timestamp":"2026-01-31T09:30:00.000Z"}"##;
    let group = r##"{"ChatId":"#3","GroupId":"#3","Content":"hi","Sender":"Ann","SenderId":"#1","_id":"#4","Seq":7,"Timestamp":"2026-01-31T09:30:00.000Z","ClientId":"c1"}"##;
    let mine = Some(&client_id);
    for (event, name, payload) in [
        (MessageEvent::Received(message(Kind::Personal, None)), "receive-personal-message", personal),
        (MessageEvent::Received(message(Kind::Group, mine)), "receive-group-message", group),
        (MessageEvent::Sent(message(Kind::SelfNotes, None)), "sent-self-message", personal),
        (MessageEvent::Sent(message(Kind::Personal, None)), "sent-personal-message", personal),
        (MessageEvent::Sent(message(Kind::Group, mine)), "sent-group-message", group),
    ] {
        assert_eq!(told(&event), format!("{name} {payload}"));
    }
}

#[test]
fn what_was_missed() {
    let chats = || {
        vec![MissedChat {
            id: CHAT,
            kind: "Personal",
            last_seq: Seq(9),
            messages: vec![message(Kind::Personal, None)],
            has_more: true,
            rev: Rev(3),
            own: Own(2),
            read_seq: Seq(6),
            first_seq: Seq(1),
            reset: false,
            changed: None,
            mine: None,
            info: None,
            roster: None,
            prefs: None,
            changed_more: None,
        }]
    };
    let fields = r##""Chats":[{"Id":"#3","Kind":"Personal","LastSeq":9,"Messages":[{"ChatId":"#3","Content":"hi","Sender":"Ann","SenderId":"#1","_id":"#4","Seq":7,"Timestamp":"2026-01-31T09:30:00.000Z"}],"HasMore":true,"Rev":3,"Own":2,"ReadSeq":6,"FirstSeq":1}],"Gone":["x"]"##;
    let event = SyncEvent::SyncResult { chats: chats(), gone: vec!["x".into()] };
    assert_eq!(told(&event), format!("sync-result {{{fields}}}"));
    assert_eq!(acked(Answer::Missed { chats: chats(), gone: vec!["x".into()] }), format!(r#"{{"Ok":true,{fields}}}"#));
}

#[test]
fn messages_in_pages() {
    let at = PageState { rev: Rev(3), own: Own(2), first_seq: Seq(1) };
    let messages = |kind| vec![InPage { message: message(kind, None), reads: Reads(vec![(ANN, true), (BOB, false)]) }];
    let notes =
        PageEvent::SelfChat { messages: messages(Kind::SelfNotes), name: "Ann", chat_id: CHAT, has_more: false, at };
    assert_eq!(
        told(&notes),
        r##"self-chat {"Messages":[{"Content":"hi","Timestamp":"2026-01-31T09:30:00.000Z","_id":"#4","Seq":7}],"Name":"Ann","ChatId":"#3","HasMore":false,"Rev":3,"Own":2,"FirstSeq":1}"##
    );
    let personal = PageEvent::PersonalChat {
        messages: messages(Kind::Personal),
        user_id: ANN,
        user: "Ann",
        partner: "Bob",
        chat_id: CHAT,
        has_more: true,
        at,
        partner_read_seq: Seq(7),
        delivered_seq: Seq(8),
    };
    assert_eq!(
        told(&personal),
        r##"personal-chat {"Messages":[{"Sender":"#1","Content":"hi","ReadStatus":{"#1":"Read","#2":"Unread"},"Timestamp":"2026-01-31T09:30:00.000Z","_id":"#4","Seq":7}],"UserId":"#1","User":"Ann","Partner":"Bob","ChatId":"#3","HasMore":true,"Rev":3,"Own":2,"FirstSeq":1,"PartnerReadSeq":7,"DeliveredSeq":8}"##
    );
    let members = [(ANN, "Ann"), (BOB, "Bob")].map(|(user, name)| Member::new(user, Name::new(name).unwrap(), Seq(0)));
    let group = PageEvent::GroupChat {
        admin: Some(ANN),
        name: "Band",
        description: "noise",
        participants: Participants(&members),
        messages: messages(Kind::Group),
        group_id: CHAT,
        has_more: false,
        at,
    };
    assert_eq!(
        told(&group),
        r##"group-chat {"Admin":"#1","Name":"Band","Description":"noise","Participants":{"#1":"Ann","#2":"Bob"},"Messages":[{"Content":"hi","Sender":"Ann","SenderId":"#1","ReadStatus":{"#1":"Read","#2":"Unread"},"Timestamp":"2026-01-31T09:30:00.000Z","Id":"#4","_id":"#4","Seq":7}],"GroupId":"#3","HasMore":false,"Rev":3,"Own":2,"FirstSeq":1}"##
    );
}

#[test]
fn who_one_is_and_whom_one_finds() {
    let found = || vec![UserRow { id: BOB, name: "Bob".into(), email: None, avatar: None }];
    let shown = || vec![UserRow { id: BOB, name: "Bob".into(), email: Some("bob@x.org".into()), avatar: None }];
    for (told, line) in [
        (told(&LoginEvent::UserId { user_id: ANN, user_name: "Ann" }), r##"user-id {"userId":"#1","userName":"Ann"}"##),
        (told(&LoginEvent::AccessToken { access_token: "t" }), r#"access-token {"accessToken":"t"}"#),
        (told(&LoginEvent::AuthFailure { reason: "no" }), r#"auth-failure {"reason":"no"}"#),
        (
            told(&PeopleEvent::UserDetails {
                bio: "",
                status: "",
                avatar: None,
                name: "Ann",
                email: "ann@x.org",
                id: ANN,
                privacy: crate::domain::Privacy::default().into(),
            }),
            r##"user-details {"Name":"Ann","Email":"ann@x.org","Id":"#1","Privacy":{"Presence":"Everyone","AddToGroups":"Everyone","ReadReceipts":true,"Typing":true}}"##,
        ),
        (
            told(&PeopleEvent::SearchedUser { users: found() }),
            r##"searched-user {"Users":[{"_id":"#2","Name":"Bob"}]}"##,
        ),
        (
            told(&PeopleEvent::AddedUserMatch { users: shown() }),
            r##"added-user-match {"Users":[{"_id":"#2","Name":"Bob","Email":"bob@x.org"}]}"##,
        ),
    ] {
        assert_eq!(told, line);
    }
}

#[test]
fn lists_and_chats_of_two() {
    let listed = || Listed {
        preferences: Preferences::default(),
        chat: CHAT,
        name: "Bob".into(),
        partner: Some(BOB),
        last_message_at: AT,
        last_seq: Seq(9),
        read_seq: Seq(8),
        unread: 1,
        mentioned: 1,
        rev: Rev(3),
        own: Own(2),
        first: Seq(1),
        avatar: None,
        role: Role::Owner,
        partner_read: Seq(5),
        partner_delivered: Seq(6),
        last: Some(LastMessage {
            has_file: false,
            seq: Seq(9),
            sent_at: AT,
            sender: BOB,
            sender_name: "Bob".into(),
            content: "hi".into(),
            deleted_at: None,
        }),
    };
    for (told, line) in [
        (
            told(&ChatEvent::personal_chat_list(vec![listed()])),
            r##"personal-chat-list {"PersonalChatList":[{"_id":"#3","LastChat":"2026-01-31T09:30:00.000Z","Partner":"Bob","Unread":1,"PartnerId":"#2","LastSeq":9,"ReadSeq":8,"Mentioned":1,"Rev":3,"Own":2,"Prefs":{"Own":0,"FirstSeq":1},"Last":{"Seq":9,"Timestamp":"2026-01-31T09:30:00.000Z","SenderId":"#2","Sender":"Bob","Content":"hi"},"PartnerReadSeq":5,"DeliveredSeq":6}]}"##,
        ),
        (
            told(&ChatEvent::group_chat_list(vec![listed()])),
            r##"group-chat-list {"GroupChatList":[{"_id":"#3","Name":"Bob","LastChat":"2026-01-31T09:30:00.000Z","Unread":1,"LastSeq":9,"ReadSeq":8,"Mentioned":1,"Rev":3,"Own":2,"Prefs":{"Own":0,"FirstSeq":1},"Last":{"Seq":9,"Timestamp":"2026-01-31T09:30:00.000Z","SenderId":"#2","Sender":"Bob","Content":"hi"},"Role":"Owner"}]}"##,
        ),
        (
            told(&ChatEvent::CreateChatResult { exists: 1, chat_id: Some(CHAT), partner: "Bob" }),
            r##"create-chat-result {"Exists":1,"ChatId":"#3","Partner":"Bob"}"##,
        ),
        (
            told(&ChatEvent::CreateChatResult { exists: 0, chat_id: None, partner: "Bob" }),
            r#"create-chat-result {"Exists":0,"Partner":"Bob"}"#,
        ),
        (
            told(&ChatEvent::CreatePersonalChatCreator { chat_id: CHAT, partner: "Bob" }),
            r##"create-personal-chat-creator {"ChatId":"#3","Partner":"Bob"}"##,
        ),
        (
            told(&ChatEvent::CreatePersonalChatPartner { chat_id: CHAT, partner: "Ann" }),
            r##"create-personal-chat-partner {"ChatId":"#3","Partner":"Ann"}"##,
        ),
        (
            told(&HintEvent::Typing { chat_id: CHAT, user: BOB, name: "Bob", on: true, expires_in: 6 }),
            r##"typing {"ChatId":"#3","User":"#2","Name":"Bob","On":true,"ExpiresIn":6}"##,
        ),
        (
            told(&HintEvent::DeliveredAck { chat_id: CHAT, user: BOB, seq: Seq(7) }),
            r##"delivered-ack {"ChatId":"#3","User":"#2","Seq":7}"##,
        ),
        (
            told(&HintEvent::Presence {
                users: vec![PresenceRow::of("1", Some((false, Some(AT)))), PresenceRow::of("2", None)],
            }),
            r##"presence {"Users":[{"_id":"1","Online":false,"LastSeen":"2026-01-31T09:30:00.000Z"},{"_id":"2","Online":false}]}"##,
        ),
        (
            told(&ReadEvent::ReadPersonalMsgAck { chat_id: CHAT, reader: BOB, seq: Seq(7) }),
            r##"read-personal-msg-ack {"ChatId":"#3","Reader":"#2","Seq":7}"##,
        ),
        (
            told(&ReadEvent::ReadGrpMsgAck { reader: BOB, group_id: CHAT, chat_id: CHAT, seq: Seq(7) }),
            r##"read-grp-msg-ack {"Reader":"#2","GroupId":"#3","ChatId":"#3","Seq":7}"##,
        ),
        (
            told(&ReadEvent::ChatRead { chat_id: CHAT, seq: Seq(7), unread: 2, mentioned: 1 }),
            r##"chat-read {"ChatId":"#3","Seq":7,"Unread":2,"Mentioned":1}"##,
        ),
    ] {
        assert_eq!(told, line);
    }
}

#[test]
fn groups_and_their_members() {
    let group_id = CHAT;
    let chat_id = CHAT;
    for (told, line) in [
        (
            told(&GroupEvent::CreateGroupChatCreator { group_id, name: "Band" }),
            r##"create-group-chat-creator {"GroupId":"#3","Name":"Band"}"##,
        ),
        (
            told(&GroupEvent::CreateGroupChatReceiver { group_id, name: "Band" }),
            r##"create-group-chat-receiver {"GroupId":"#3","Name":"Band"}"##,
        ),
        (
            told(&MemberEvent::AddMemberSuccess { chat_id, group_id, member: BOB, member_name: "Bob" }),
            r##"add-member-success {"ChatId":"#3","GroupId":"#3","Member":"#2","MemberName":"Bob"}"##,
        ),
        (
            told(&MemberEvent::NewGrpAdded { chat_id, group_id, name: "Band" }),
            r##"new-grp-added {"ChatId":"#3","GroupId":"#3","Name":"Band"}"##,
        ),
        (
            told(&MemberEvent::ChangeAdminSuccessCreator { group_id }),
            r##"change-admin-success-creator {"GroupId":"#3"}"##,
        ),
        (
            told(&MemberEvent::ChangeAdminSuccessReceiver { group_id, admin: BOB }),
            r##"change-admin-success-receiver {"GroupId":"#3","Admin":"#2"}"##,
        ),
        (told(&MemberEvent::KickoutSuccessful { group_id }), r##"kickout-successful {"GroupId":"#3"}"##),
        (
            told(&MemberEvent::KickedOut { group_id, group_name: "Band" }),
            r##"kicked-out {"GroupId":"#3","GroupName":"Band"}"##,
        ),
        (
            told(&MemberEvent::SomeoneKickedOut { group_id, group_name: "Band", member: BOB }),
            r##"someone-kicked-out {"GroupId":"#3","GroupName":"Band","Member":"#2"}"##,
        ),
        (
            told(&MemberEvent::GroupLeftSuccess { message: "Group Left Successfully", group_id }),
            r##"group-left-success {"Message":"Group Left Successfully","GroupId":"#3"}"##,
        ),
        (told(&MemberEvent::UserLeftGrp { group_id, user: BOB }), r##"user-left-grp {"GroupId":"#3","User":"#2"}"##),
        (told(&GroupEvent::DeleteGroupChatCreator { group_id }), r##"delete-group-chat-creator {"GroupId":"#3"}"##),
        (told(&GroupEvent::DeleteGrpSuccessReceiver { group_id }), r##"delete-grp-success-receiver {"GroupId":"#3"}"##),
    ] {
        assert_eq!(told, line);
    }
}

fn acked(answer: Answer<'_>) -> String {
    short(&serde_json::to_string(&Success(answer)).unwrap())
}

#[test]
fn acknowledgements() {
    let stored =
        |repeat| Answer::Stored { chat_id: CHAT, id: ID, seq: Seq(7), timestamp: AT, repeat, not_mentioned: &[] };
    let said = r##"{"Ok":true,"ChatId":"#3","_id":"#4","Seq":7,"Timestamp":"2026-01-31T09:30:00.000Z""##;
    for (answer, json) in [
        (Answer::Done, r#"{"Ok":true}"#.to_owned()),
        (stored(false), format!("{said}}}")),
        (stored(true), format!(r#"{said},"Repeat":true}}"#)),
        (Answer::Read { chat_id: CHAT, seq: Seq(7) }, r##"{"Ok":true,"ChatId":"#3","Seq":7}"##.into()),
        (
            Answer::Chat { exists: 1, chat_id: Some(CHAT), partner: "Bob" },
            r##"{"Ok":true,"Exists":1,"ChatId":"#3","Partner":"Bob"}"##.into(),
        ),
        (Answer::Chat { exists: 0, chat_id: None, partner: "Bob" }, r#"{"Ok":true,"Exists":0,"Partner":"Bob"}"#.into()),
        (Answer::Group { group_id: CHAT, name: "Band" }, r##"{"Ok":true,"GroupId":"#3","Name":"Band"}"##.into()),
    ] {
        assert_eq!(acked(answer), json);
    }
}

#[test]
fn failures() {
    let late = Refusal::rate_limited(3);
    let failed = |refusal| serde_json::to_string(&Failure(refusal)).unwrap();
    assert_eq!(
        failed(&late),
        r#"{"Ok":false,"Code":"rate_limited","Message":"Too often: wait a moment","RetryAfter":3}"#
    );
    let plain = Refusal::new(Code::Conflict, "No");
    assert_eq!(failed(&plain), r#"{"Ok":false,"Code":"conflict","Message":"No"}"#);
    for (request, line) in [
        ("create-personal-chat", r#"create-personal-chat-fail {"Message":"No"}"#),
        ("create-group-chat", r#"create-group-chat-fail {"Message":"No"}"#),
        ("add-member", r#"add-member-fail {"Message":"No"}"#),
        ("leave-grp", r#"group-left-fail {"Message":"No"}"#),
        ("kickout", r#"request-failed {"Event":"kickout","Code":"conflict","Message":"No"}"#),
    ] {
        assert_eq!(told(&failure_event(request, &plain)), line);
    }
    assert_eq!(
        told(&failure_event("sync", &late)),
        r#"request-failed {"Event":"sync","Code":"rate_limited","Message":"Too often: wait a moment","RetryAfter":3}"#
    );
}
