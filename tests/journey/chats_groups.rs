//! Groups: founded at once with all their members, or not at all.
use serde_json::json;

use crate::support::{TestServer, group, left_over, nobody};

#[actix_web::test]
async fn a_group_is_heard_of_by_all_whom_it_begins_with() {
    let server = TestServer::start().await;
    let [ann, bob, cat, eve] = server.people(["Ann", "Bob", "Cat", "Eve"]).await;
    let mut anns = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let mut cats = server.connect(&cat).await;
    let mut eves = server.connect(&eve).await;
    let band = group(&mut anns, &[&bob, &cat, &bob]).await;
    for socket in [&mut bobs, &mut cats] {
        assert_eq!(socket.next("create-group-chat-receiver").await, json!({"GroupId": band, "Name": "Band"}));
    }
    for socket in [&mut anns, &mut bobs, &mut cats, &mut eves] {
        assert_eq!(left_over(socket, &band).await, [""; 0]);
    }
    cats.ok("fetch-group-chat", json!({"GroupId": band})).await;
    let seen = cats.next("group-chat").await;
    let participants = json!({&ann.id: "Ann", &bob.id: "Bob", &cat.id: "Cat"});
    assert_eq!((&seen["Admin"], &seen["Participants"]), (&json!(ann.id), &participants));
}

#[actix_web::test]
async fn a_group_with_somebody_unknown_is_not_founded() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let wrong = json!({"Name": "Band", "Description": "", "Participants": [bob.id, nobody()]});
    assert_eq!(anns.code("create-group-chat", wrong.clone()).await, "not_found");
    anns.emit("create-group-chat", wrong).await;
    assert!(anns.next("create-group-chat-fail").await["Message"].is_string());
    for socket in [&mut anns, &mut bobs] {
        socket.ok("list-chats", json!({})).await;
        assert_eq!(socket.next("group-chat-list").await, json!({"GroupChatList": []}));
    }
}

#[actix_web::test]
async fn what_is_said_in_a_group_reaches_everybody_else_in_one_order() {
    let server = TestServer::start().await;
    let ([_, bob, cat], [mut anns, mut bobs, mut cats]) = server.online(["Ann", "Bob", "Cat"]).await;
    let band = group(&mut anns, &[&bob, &cat]).await;
    for socket in [&mut bobs, &mut cats] {
        socket.next("create-group-chat-receiver").await;
    }
    for round in 0..5 {
        anns.emit("send-group-message", json!({"GroupId": band, "Content": format!("Ann {round}")})).await;
        bobs.emit("send-group-message", json!({"GroupId": band, "Content": format!("Bob {round}")})).await;
    }
    let mut heard = vec![];
    for seq in 1..=10 {
        let message = cats.next("receive-group-message").await;
        assert_eq!(
            (&message["Seq"], &message["GroupId"], &message["ChatId"]),
            (&json!(seq), &json!(band), &json!(band))
        );
        heard.push(message);
    }
    for (socket, name) in [(&mut anns, "Bob"), (&mut bobs, "Ann")] {
        for message in heard.iter().filter(|message| message["Sender"] == name) {
            assert_eq!(socket.next("receive-group-message").await, *message);
        }
        assert_eq!(left_over(socket, &band).await, [""; 0], "nobody hears what they said");
    }
}

#[actix_web::test]
async fn a_group_and_a_text_over_their_limits_are_refused_without_an_effect() {
    let server = TestServer::with(|settings| {
        settings.limits.group_members = 2;
        settings.limits.content_bytes = 8;
    })
    .await;
    let [ann, bob, cat] = server.people(["Ann", "Bob", "Cat"]).await;
    let mut anns = server.connect(&ann).await;
    let trio = json!({"Name": "Trio", "Description": "", "Participants": [bob.id, cat.id]});
    assert_eq!(anns.code("create-group-chat", trio).await, "too_large");
    let duo = group(&mut anns, &[&bob]).await;
    assert_eq!(anns.code("add-member", json!({"GroupId": duo, "Member": cat.id})).await, "too_large");
    assert_eq!(anns.code("send-group-message", json!({"GroupId": duo, "Content": "123456789"})).await, "too_large");
    let stored = anns.ok("send-group-message", json!({"GroupId": duo, "Content": "12345678"})).await;
    assert_eq!(stored["Seq"], 1);
}
