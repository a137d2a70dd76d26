//! How far somebody has read: a pointer that only moves forward, and the counts that follow from it.
use serde_json::json;

use crate::support::{TestServer, chat_of_two, group, left_over};

#[actix_web::test]
async fn reading_is_told_to_the_partner_and_counts_down_what_is_unread() {
    let server = TestServer::start().await;
    let ([ann, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for n in 0..3 {
        anns.ok("send-personal-message", json!({"ChatId": chat, "Content": n.to_string()})).await;
    }
    bobs.ok("read-personal-message", json!({"ChatId": chat, "Seq": 2})).await;
    let told = json!({"ChatId": chat, "Reader": bob.id, "Seq": 2});
    assert_eq!(anns.next("read-personal-msg-ack").await, told);
    let (_, personal, _) = server.connect_and_hear(&bob).await;
    assert_eq!((&personal[0]["Unread"], &personal[0]["ReadSeq"]), (&json!(1), &json!(2)));
    let (_, personal, _) = server.connect_and_hear(&ann).await;
    assert_eq!(personal[0]["Unread"], 0, "one's own are not counted");
}

#[actix_web::test]
async fn a_pointer_moves_neither_back_nor_past_the_newest_message() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[&bob]).await;
    for n in 0..3 {
        anns.ok("send-group-message", json!({"GroupId": band, "Content": n.to_string()})).await;
    }
    bobs.ok("read-group-message", json!({"GroupId": band, "Seq": 99})).await;
    let told = json!({"Reader": bob.id, "GroupId": band, "ChatId": band, "Seq": 3});
    assert_eq!(anns.next("read-grp-msg-ack").await, told);
    for seq in [1, 3, 99] {
        bobs.ok("read-group-message", json!({"GroupId": band, "Seq": seq})).await;
    }
    assert_eq!(left_over(&mut anns, &band).await, [""; 0], "nobody hears of what does not move");
    bobs.ok("list-chats", json!({})).await;
    let row = bobs.next("group-chat-list").await["GroupChatList"][0].take();
    assert_eq!((&row["Unread"], &row["ReadSeq"], &row["LastSeq"]), (&json!(0), &json!(3), &json!(3)));
}

#[actix_web::test]
async fn looking_at_a_history_reads_nothing() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "hello"})).await;
    bobs.ok("fetch-personal-chat", json!({"ChatId": chat})).await;
    bobs.next("personal-chat").await;
    bobs.ok("list-chats", json!({})).await;
    assert_eq!(bobs.next("personal-chat-list").await["PersonalChatList"][0]["Unread"], 1);
    assert_eq!(left_over(&mut anns, &chat).await, [""; 0]);
}

#[actix_web::test]
async fn unread_messages_are_counted_up_to_a_cap() {
    let server = TestServer::with(|settings| settings.history.unread_cap = 3).await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut anns = server.connect(&ann).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for n in 0..5 {
        anns.ok("send-personal-message", json!({"ChatId": chat, "Content": n.to_string()})).await;
    }
    let (_, personal, _) = server.connect_and_hear(&bob).await;
    assert_eq!((&personal[0]["Unread"], &personal[0]["LastSeq"]), (&json!(3), &json!(5)));
}
