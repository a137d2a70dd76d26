//! The end of a group, and of an account that was in chats.
use reqwest::Method;
use serde_json::json;

use crate::support::{PASSWORD, TestServer, chat_of_two, contents, group, left_over};

#[actix_web::test]
async fn a_deleted_group_is_gone_for_everybody_with_its_messages() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[&bob]).await;
    bobs.next("create-group-chat-receiver").await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "hello"})).await;
    bobs.next("receive-group-message").await;
    assert_eq!(bobs.code("delete-grp", json!({"GroupId": band})).await, "not_admin");
    anns.ok("delete-grp", json!({"GroupId": band})).await;
    assert_eq!(anns.next("delete-group-chat-creator").await, json!({"GroupId": band}));
    assert_eq!(bobs.next("delete-grp-success-receiver").await, json!({"GroupId": band}));
    assert_eq!(bobs.next("group-chat-list").await, json!({"GroupChatList": []}), "a fresh list");
    for device in [&mut anns, &mut bobs] {
        for event in ["fetch-group-chat", "delete-grp", "leave-grp", "read-group-message"] {
            assert_eq!(device.code(event, json!({"GroupId": band})).await, "not_found", "{event}");
        }
        let sync = device.ok("sync", json!({"Chats": {&band: 0}})).await;
        assert_eq!(sync["Gone"], json!([band]));
    }
}

#[actix_web::test]
async fn who_ends_an_account_leaves_what_was_said_and_the_group_to_the_longest_member() {
    let server = TestServer::start().await;
    let [ann, bob, cat] = server.people(["Ann", "Bob", "Cat"]).await;
    let mut anns = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    let band = group(&mut anns, &[&bob, &cat]).await;
    bobs.next("create-group-chat-receiver").await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "farewell"})).await;
    anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "to you"})).await;
    assert_eq!(server.as_person(&ann, Method::DELETE, "/me", json!({"currentPassword": PASSWORD})).await.status, 200);
    anns.next("auth-failure").await;
    anns.ended().await;

    assert_eq!(bobs.next("user-left-grp").await, json!({"GroupId": band, "User": ann.id}));
    let admin = bobs.next("change-admin-success-receiver").await;
    assert_eq!(admin, json!({"GroupId": band, "Admin": bob.id}));
    let left = bobs.next("chat-changed").await;
    assert_eq!((&left["What"], &left["User"], &left["Rev"]), (&json!("Left"), &json!(ann.id), &json!(1)));
    assert_eq!((&left["Members"][0]["_id"], &left["Members"][0]["Gone"]), (&json!(ann.id), &json!(true)));
    let led = bobs.next("chat-changed").await;
    assert_eq!((&led["What"], &led["User"], &led["Rev"]), (&json!("AdminChanged"), &json!(bob.id), &json!(2)));
    assert_eq!((&led["Members"][0]["Role"], &led["Info"]["Admin"]), (&json!("Owner"), &json!(bob.id)));
    let list = bobs.next("personal-chat-list").await["PersonalChatList"].take();
    assert_eq!((&list[0]["_id"], &list[0]["Partner"]), (&json!(chat), &json!("Deleted user")));
    bobs.ok("fetch-group-chat", json!({"GroupId": band})).await;
    let seen = bobs.next("group-chat").await;
    assert_eq!(
        (contents(&seen["Messages"]), &seen["Messages"][0]["Sender"]),
        (vec!["farewell".into()], &json!("Deleted user"))
    );
    assert_eq!(seen["Participants"], json!({&bob.id: "Bob", &cat.id: "Cat"}));
    bobs.next("create-personal-chat-partner").await;
    bobs.next("receive-group-message").await;
    bobs.next("receive-personal-message").await;
    assert_eq!(left_over(&mut bobs, &band).await, [""; 0]);
}
