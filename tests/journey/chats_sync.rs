//! Catching up: whatever was said while nobody listened comes whole, in order, and once.
use serde_json::{Value, json};

use crate::support::{Socket, TestServer, chat_of_two, contents, group, nobody};

/// What was missed of a chat, by the answer of `sync`.
async fn missed(device: &mut Socket, chat: &str, asked: Value) -> (Value, Value) {
    let mut answer = device.ok("sync", asked).await;
    let mut chats = answer["Chats"].take();
    let row = chats.as_array_mut().unwrap().iter_mut().find(|row| row["Id"] == chat).map_or(Value::Null, Value::take);
    (row, answer["Gone"].take())
}

#[actix_web::test]
async fn what_was_missed_comes_oldest_first_as_it_would_have_been_heard() {
    let server = TestServer::start().await;
    let ([_, bob, cat], [mut anns, mut bobs, mut cats]) = server.online(["Ann", "Bob", "Cat"]).await;
    let band = group(&mut anns, &[&bob, &cat]).await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "heard"})).await;
    bobs.next("receive-group-message").await;
    drop(bobs);
    cats.next("receive-group-message").await;
    let mut live = vec![];
    for content in ["two", "three"] {
        anns.ok("send-group-message", json!({"GroupId": band, "Content": content, "ClientId": content})).await;
        live.push(cats.next("receive-group-message").await);
    }
    let mut back = server.connect(&bob).await;
    let (row, gone) = missed(&mut back, &band, json!({"Chats": {&band: 1}})).await;
    let expected = json!({
        "Id": band, "Kind": "Group", "LastSeq": 3, "Messages": live, "HasMore": false,
        "Rev": 0, "Own": 0, "ReadSeq": 0, "FirstSeq": 1,
    });
    assert_eq!((row, gone), (expected, json!([])));
}

#[actix_web::test]
async fn every_chat_has_a_row_whether_it_was_named_or_not() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut anns = server.connect(&ann).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    let band = group(&mut anns, &[]).await;
    anns.ok("send-self-message", json!({"Content": "note"})).await;
    anns.emit("sync", json!({})).await;
    let answer = anns.next("sync-result").await;
    let mut kinds: Vec<_> = answer["Chats"].as_array().unwrap().iter().map(|row| (&row["Kind"], &row["Id"])).collect();
    kinds.sort_by_key(|(kind, _)| kind.to_string());
    let [group, personal, own] = [json!(band), json!(chat), json!(ann.id)];
    assert_eq!(kinds, [(&json!("Group"), &group), (&json!("Personal"), &personal), (&json!("Self"), &own)]);
}

#[actix_web::test]
async fn more_than_fits_comes_in_portions() {
    let server = TestServer::start().await;
    let [ann, bob] = server.people(["Ann", "Bob"]).await;
    let mut anns = server.connect(&ann).await;
    let chat = chat_of_two(&mut anns, &bob).await;
    for n in 1..=5 {
        anns.ok("send-personal-message", json!({"ChatId": chat, "Content": n.to_string()})).await;
    }
    let mut bobs = server.connect(&bob).await;
    for (from, portion, has_more) in [(0, &["1", "2"][..], true), (2, &["3", "4"], true), (4, &["5"], false)] {
        let (row, _) = missed(&mut bobs, &chat, json!({"Chats": {&chat: from}, "Limit": 2})).await;
        assert_eq!(
            (contents(&row["Messages"]), &row["HasMore"]),
            (portion.iter().map(ToString::to_string).collect(), &json!(has_more))
        );
    }
}

#[actix_web::test]
async fn chats_that_one_is_not_in_are_gone_and_tell_nothing() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[&bob]).await;
    let nowhere = nobody();
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "secret"})).await;
    anns.ok("kickout", json!({"GroupId": band, "Member": bob.id})).await;
    let (row, mut gone) = missed(&mut bobs, &band, json!({"Chats": {&band: 0, &nowhere: 0}})).await;
    gone.as_array_mut().unwrap().sort_by_key(Value::to_string);
    let mut expected = [band, nowhere];
    expected.sort();
    assert_eq!((row, gone), (Value::Null, json!(expected)));
}
