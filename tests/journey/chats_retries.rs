//! A message that is sent again with its `ClientId` is the first one.
use serde_json::json;

use crate::support::{TestServer, chat_of_two, left_over};

#[actix_web::test]
async fn a_retry_gets_the_first_answer_and_is_delivered_to_nobody() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut anns = server.connect(&ann).await;
    let mut laptop = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    let message = json!({"ChatId": chat, "Content": "hello", "ClientId": "a-1"});
    let mut first = anns.ok("send-personal-message", message.clone()).await;
    assert_eq!(bobs.next("receive-personal-message").await["ClientId"], "a-1");
    laptop.next("sent-personal-message").await;
    first["Repeat"] = json!(true);
    for device in [&mut anns, &mut laptop] {
        assert_eq!(device.ok("send-personal-message", message.clone()).await, first);
    }
    bobs.next("create-personal-chat-partner").await;
    laptop.next("create-personal-chat-partner").await;
    for device in [&mut anns, &mut laptop, &mut bobs] {
        assert_eq!(left_over(device, &chat).await, [""; 0]);
    }
    let next = anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "hello", "ClientId": "a-2"})).await;
    assert_eq!(next["Seq"], 2, "a retry took no place");
}

#[actix_web::test]
async fn retries_at_once_are_stored_once() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for _ in 0..5 {
        anns.emit("send-personal-message", json!({"ChatId": chat, "Content": "hello", "ClientId": "a-1"})).await;
    }
    let last = anns.ok("send-personal-message", json!({"ChatId": chat, "Content": "end"})).await;
    assert_eq!(last["Seq"], 2);
    assert_eq!(bobs.next("receive-personal-message").await["Content"], "hello");
    assert_eq!(bobs.next("receive-personal-message").await["Content"], "end");
}

#[actix_web::test]
async fn the_key_is_the_senders_own_and_the_chats_own() {
    let server = TestServer::start().await;
    let [ann, bob, cat] = server.people(["Ann", "Bob", "Cat"]).await;
    let mut anns = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let with_bob = chat_of_two(&mut anns, &bob).await;
    let with_cat = chat_of_two(&mut anns, &cat).await;
    let message = |chat: &str| json!({"ChatId": chat, "Content": "hello", "ClientId": "same"});
    assert_eq!(anns.ok("send-personal-message", message(&with_bob)).await["Seq"], 1);
    let bobs_own = bobs.ok("send-personal-message", message(&with_bob)).await;
    assert_eq!((&bobs_own["Seq"], bobs_own.get("Repeat")), (&json!(2), None));
    let elsewhere = anns.ok("send-personal-message", message(&with_cat)).await;
    assert_eq!((&elsewhere["Seq"], elsewhere.get("Repeat")), (&json!(1), None));
}
