//! Chats of two: they begin once, and what is said in them is stored before anybody hears it.
use futures_util::future::join;
use serde_json::json;

use crate::support::{TestServer, chat_of_two, contents, left_over, nobody, text};

#[actix_web::test]
async fn a_chat_that_begins_is_heard_of_by_both_with_the_other_ones_name() {
    let server = TestServer::start().await;
    let ([ann, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    anns.ok("check-chat", json!({"Receiver": bob.id})).await;
    assert_eq!(anns.next("create-chat-result").await, json!({"Exists": 0, "Partner": "Bob"}));

    let chat = chat_of_two(&mut anns, &bob).await;
    assert_eq!(bobs.next("create-personal-chat-partner").await, json!({"ChatId": chat, "Partner": "Ann"}));
    bobs.ok("create-personal-chat", json!({"Receiver": ann.id})).await;
    let there = json!({"Exists": 1, "ChatId": chat, "Partner": "Ann"});
    assert_eq!(bobs.next("create-chat-result").await, there, "whoever begins it");
    assert!(left_over(&mut anns, &chat).await.is_empty() && left_over(&mut bobs, &chat).await.is_empty());
}

#[actix_web::test]
async fn two_who_begin_at_the_same_moment_have_one_chat() {
    let server = TestServer::start().await;
    let ([ann, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    join(
        anns.ok("create-personal-chat", json!({"Receiver": bob.id})),
        bobs.ok("create-personal-chat", json!({"Receiver": ann.id})),
    )
    .await;
    for socket in [&mut anns, &mut bobs] {
        socket.ok("list-chats", json!({})).await;
        let list = socket.next("personal-chat-list").await;
        assert_eq!(list["PersonalChatList"].as_array().unwrap().len(), 1, "{list}");
    }
}

#[actix_web::test]
async fn a_message_is_acknowledged_heard_and_read_back_as_the_same() {
    let server = TestServer::start().await;
    let ([ann, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    let stored = anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "hello <b>"})).await;
    assert_eq!((&stored["ChatId"], &stored["Seq"]), (&json!(chat), &json!(1)));
    let heard = bobs.next("receive-personal-message").await;
    let live = json!({
        "ChatId": chat, "_id": stored["_id"], "Seq": 1, "Timestamp": stored["Timestamp"],
        "Content": "hello <b>", "Sender": "Ann", "SenderId": ann.id,
    });
    assert_eq!(heard, live);
    bobs.ok("send-personal-message", json!({"ChatId": chat, "Content": "hi"})).await;
    assert_eq!(anns.next("receive-personal-message").await["Seq"], 2);

    bobs.ok("fetch-personal-chat", json!({"ChatId": chat})).await;
    let history = bobs.next("personal-chat").await;
    assert_eq!(contents(&history["Messages"]), ["hi", "hello <b>"], "the newest first");
    let first = json!({
        "Sender": ann.id, "Content": "hello <b>", "ReadStatus": {&ann.id: "Read", &bob.id: "Unread"},
        "Timestamp": stored["Timestamp"], "_id": stored["_id"], "Seq": 1,
    });
    assert_eq!(history["Messages"][1], first);
    assert_eq!((text(&history["Partner"]), &history["HasMore"]), ("Ann".into(), &json!(false)));
}

#[actix_web::test]
async fn a_history_is_turned_page_by_page() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut anns = server.connect(&ann).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for n in 1..=5 {
        anns.ok("send-personal-message", json!({"ChatId": chat, "Content": n.to_string()})).await;
    }
    for (before, page, has_more) in [(6, vec!["5", "4"], true), (4, vec!["3", "2"], true), (2, vec!["1"], false)] {
        anns.ok("fetch-personal-chat", json!({"ChatId": chat, "Before": before, "Limit": 2})).await;
        let history = anns.next("personal-chat").await;
        assert_eq!(
            (contents(&history["Messages"]), &history["HasMore"]),
            (page.iter().map(ToString::to_string).collect(), &json!(has_more))
        );
    }
}

#[actix_web::test]
async fn to_a_stranger_a_chat_does_not_exist_and_neither_does_one_with_nobody() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["Ann", "Bob", "Eve"]).await;
    let mut anns = server.connect(&ann).await;
    let mut eves = server.connect(&eve).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for (event, payload) in [
        ("fetch-personal-chat", json!({"ChatId": chat})),
        ("send-personal-message", json!({"ChatId": chat, "Content": "me too"})),
        ("read-personal-message", json!({"ChatId": chat})),
        ("create-personal-chat", json!({"Receiver": nobody()})),
    ] {
        assert_eq!(eves.code(event, payload).await, "not_found", "{event}");
    }
    assert!(left_over(&mut anns, &chat).await.is_empty());
    assert!(eves.untaken().is_empty(), "with an acknowledgement a failure goes there alone");
    eves.emit("create-personal-chat", json!({"Receiver": nobody()})).await;
    assert!(eves.next("create-personal-chat-fail").await["Message"].is_string());
}
