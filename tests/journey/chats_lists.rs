//! The lists of chats, at connect and on request.
use greenroom::domain::Timestamp;
use serde_json::json;

use crate::support::{TestServer, chat_of_two, group, text};

#[actix_web::test]
async fn a_row_names_the_partner_the_last_message_and_what_is_unread() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let (mut anns, personal, groups) = server.connect_and_hear(&ann).await;
    assert_eq!((personal, groups), (json!([]), json!([])));
    let chat = chat_of_two(&mut anns, &bob).await;
    let stored = anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "hello"})).await;
    for (who, other, unread, read) in [(&ann, &bob, 0, 0), (&bob, &ann, 1, 0)] {
        let (mut device, personal, groups) = server.connect_and_hear(who).await;
        let row = json!({
            "_id": chat, "Partner": other.name, "PartnerId": other.id, "LastChat": stored["Timestamp"],
            "Unread": unread, "LastSeq": 1, "ReadSeq": read, "Mentioned": 0, "Rev": 0, "Own": 0,
            "Prefs": {"Own": 0, "FirstSeq": 1}, "PartnerReadSeq": 0, "DeliveredSeq": 0,
            "Last": {"Seq": 1, "Timestamp": stored["Timestamp"], "SenderId": ann.id, "Sender": "Ann", "Content": "hello"},
        });
        assert_eq!((&personal, &groups), (&json!([row]), &json!([])));
        device.ok("list-chats", json!({})).await;
        assert_eq!(device.next("personal-chat-list").await, json!({"PersonalChatList": personal}), "as at the start");
        assert_eq!(device.next("group-chat-list").await, json!({"GroupChatList": groups}));
    }
}

#[actix_web::test]
async fn the_chat_that_was_last_spoken_in_comes_first() {
    let server = TestServer::start().await;
    let [ann, bob, cat] = server.people(["Ann", "Bob", "Cat"]).await;
    let mut anns = server.connect(&ann).await;
    let with_bob = chat_of_two(&mut anns, &bob).await;
    let with_cat = chat_of_two(&mut anns, &cat).await;
    for expected in [[&with_bob, &with_cat], [&with_cat, &with_bob], [&with_bob, &with_cat]] {
        anns.ok("send-personal-message", json!({"ChatId": expected[0], "Content": "hi"})).await;
        a_moment_later().await;
        anns.ok("list-chats", json!({})).await;
        let list = anns.next("personal-chat-list").await["PersonalChatList"].take();
        let ids: Vec<_> = list.as_array().unwrap().iter().map(|row| text(&row["_id"])).collect();
        assert_eq!(ids, expected.map(String::as_str));
    }
}

/// Returns in another millisecond: times in lists have no finer parts.
async fn a_moment_later() {
    let now = Timestamp::now();
    while Timestamp::now() <= now {
        tokio::task::yield_now().await;
    }
}

#[actix_web::test]
async fn a_group_is_in_the_list_of_each_member_and_of_nobody_else() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["Ann", "Bob", "Eve"]).await;
    let mut anns = server.connect(&ann).await;
    let band = group(&mut anns, &[&bob]).await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "hello"})).await;
    for (who, unread) in [(&ann, 0), (&bob, 1)] {
        let (_, _, groups) = server.connect_and_hear(who).await;
        let row = &groups[0];
        assert_eq!((&row["_id"], &row["Name"], &row["Unread"]), (&json!(band), &json!("Band"), &json!(unread)));
    }
    let (_, personal, groups) = server.connect_and_hear(&eve).await;
    assert_eq!((personal, groups), (json!([]), json!([])));
}
