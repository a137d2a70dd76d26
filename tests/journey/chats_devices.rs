//! Two devices of one person: each hears what the other one does.
use reqwest::Method;
use serde_json::json;

use crate::support::{TestServer, chat_of_two, group, left_over};

#[actix_web::test]
async fn what_one_device_says_the_other_one_hears_as_sent() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut phone = server.connect(&ann).await;
    let mut laptop = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let chat = chat_of_two(&mut phone, &bob).await;
    assert_eq!(laptop.next("create-personal-chat-partner").await, json!({"ChatId": chat, "Partner": "Bob"}));
    bobs.next("create-personal-chat-partner").await;
    let stored = phone.ok("send-personal-message", json!({"ChatId": chat, "Content": "hello"})).await;
    assert_eq!(laptop.next("sent-personal-message").await["_id"], stored["_id"]);
    assert_eq!(bobs.next("receive-personal-message").await["_id"], stored["_id"]);
    for device in [&mut phone, &mut laptop, &mut bobs] {
        assert_eq!(left_over(device, &chat).await, [""; 0]);
    }
}

#[actix_web::test]
async fn what_one_device_has_read_is_read_on_the_other() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut phone = server.connect(&ann).await;
    let mut laptop = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let chat = chat_of_two(&mut bobs, &ann).await;
    for n in 0..3 {
        bobs.ok("send-personal-message", json!({"ChatId": chat, "Content": n.to_string()})).await;
    }
    phone.ok("read-personal-message", json!({"ChatId": chat, "Seq": 2})).await;
    assert_eq!(laptop.next("chat-read").await, json!({"ChatId": chat, "Seq": 2, "Unread": 1, "Mentioned": 0}));
    assert!(!phone.untaken().contains(&"chat-read"), "the device that reads knows");
}

#[actix_web::test]
async fn notes_to_oneself_are_on_every_device() {
    let server = TestServer::start().await;
    let [ann] = server.people(["Ann"]).await;
    let mut phone = server.connect(&ann).await;
    let mut laptop = server.connect(&ann).await;
    let note = phone.ok("send-self-message", json!({"Content": "buy milk"})).await;
    assert_eq!(note["ChatId"], json!(ann.id));
    assert_eq!(laptop.next("sent-self-message").await["Content"], "buy milk");
    laptop.ok("fetch-self-chat", json!({})).await;
    let kept = json!([{"Content": "buy milk", "Timestamp": note["Timestamp"], "_id": note["_id"], "Seq": 1}]);
    assert_eq!(laptop.next("self-chat").await["Messages"], kept);
    assert!(phone.untaken().is_empty());
}

#[actix_web::test]
async fn what_one_device_does_to_a_group_the_other_one_hears() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut phone = server.connect(&ann).await;
    let mut laptop = server.connect(&ann).await;
    let band = group(&mut phone, &[&bob]).await;
    assert_eq!(laptop.next("create-group-chat-receiver").await, json!({"GroupId": band, "Name": "Band"}));
    phone.ok("kickout", json!({"GroupId": band, "Member": bob.id})).await;
    assert_eq!(laptop.next("someone-kicked-out").await["Member"], json!(bob.id));
    phone.next("kickout-successful").await;
    phone.ok("delete-grp", json!({"GroupId": band})).await;
    assert_eq!(laptop.next("delete-grp-success-receiver").await, json!({"GroupId": band}));
    assert_eq!(phone.next("delete-group-chat-creator").await, json!({"GroupId": band}));
}

#[actix_web::test]
async fn a_login_that_ends_takes_its_own_device_along_and_no_other() {
    let server = TestServer::start().await;
    let [ann] = server.people(["Ann"]).await;
    let other = server.log_in_again(&ann).await;
    let mut phone = server.connect(&ann).await;
    let mut laptop = server.connect(&other).await;
    let sessions = server.as_person(&ann, Method::GET, "/sessions", json!({})).await.json();
    let rows = sessions["Sessions"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let own = rows.iter().find(|row| row["Current"] == true).unwrap()["Id"].as_str().unwrap();
    let revoked = server.as_person(&other, Method::DELETE, &format!("/sessions/{own}"), json!({})).await;
    assert_eq!(revoked.status, 200);
    assert_eq!(phone.next("auth-failure").await["reason"], "Logged out");
    phone.ended().await;
    laptop.ok("list-chats", json!({})).await;
}
