//! Who leaves a group, or is removed from it: nothing that is stored after that reaches them.
use serde_json::json;

use crate::support::{TestServer, group, left_over, nobody};

#[actix_web::test]
async fn who_is_removed_hears_it_and_then_nothing_any_more() {
    let server = TestServer::start().await;
    let ([_, bob, cat], [mut anns, mut bobs, mut cats]) = server.online(["Ann", "Bob", "Cat"]).await;
    let band = group(&mut anns, &[&bob, &cat]).await;
    for socket in [&mut bobs, &mut cats] {
        socket.next("create-group-chat-receiver").await;
    }
    anns.ok("kickout", json!({"GroupId": band, "Member": bob.id})).await;
    assert_eq!(anns.next("kickout-successful").await, json!({"GroupId": band}));
    assert_eq!(bobs.next("kicked-out").await, json!({"GroupId": band, "GroupName": "Band"}));
    let told = json!({"GroupId": band, "GroupName": "Band", "Member": bob.id});
    assert_eq!(cats.next("someone-kicked-out").await, told);

    anns.ok("send-group-message", json!({"GroupId": band, "Content": "he is gone"})).await;
    assert_eq!(cats.next("receive-group-message").await["Content"], "he is gone");
    assert_eq!(bobs.code("send-group-message", json!({"GroupId": band, "Content": "I am back"})).await, "not_found");
    assert_eq!(left_over(&mut bobs, &band).await, [""; 0]);
    bobs.ok("list-chats", json!({})).await;
    assert_eq!(bobs.next("group-chat-list").await, json!({"GroupChatList": []}));
}

#[actix_web::test]
async fn only_the_admin_removes_and_only_others_who_are_members() {
    let server = TestServer::start().await;
    let ([ann, bob, eve], [mut anns, mut bobs, mut eves]) = server.online(["Ann", "Bob", "Eve"]).await;
    let band = group(&mut anns, &[&bob]).await;
    bobs.next("create-group-chat-receiver").await;
    let remove = |member: &str| json!({"GroupId": band, "Member": member});
    assert_eq!(bobs.code("kickout", remove(&ann.id)).await, "not_admin");
    assert_eq!(eves.code("kickout", remove(&ann.id)).await, "not_found");
    assert_eq!(anns.code("kickout", remove(&eve.id)).await, "not_member");
    assert_ne!(anns.code("kickout", remove(&ann.id)).await, "Ok", "not oneself");
    assert_ne!(anns.code("kickout", remove(&nobody())).await, "Ok");
    for socket in [&mut anns, &mut bobs, &mut eves] {
        assert_eq!(left_over(socket, &band).await, [""; 0]);
    }
}

#[actix_web::test]
async fn who_leaves_is_told_so_and_the_others_hear_of_it() {
    let server = TestServer::start().await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[&bob]).await;
    bobs.next("create-group-chat-receiver").await;
    bobs.ok("leave-grp", json!({"GroupId": band})).await;
    let left = bobs.next("group-left-success").await;
    assert!(left["GroupId"] == json!(band) && left["Message"].is_string(), "{left}");
    assert_eq!(anns.next("user-left-grp").await, json!({"GroupId": band, "User": bob.id}));
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "alone"})).await;
    assert_eq!(left_over(&mut bobs, &band).await, [""; 0]);
    assert_eq!(bobs.code("leave-grp", json!({"GroupId": band})).await, "not_found", "once");
}

#[actix_web::test]
async fn the_admin_hands_over_before_leaving() {
    let server = TestServer::start().await;
    let ([ann, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[&bob]).await;
    assert_eq!(anns.code("leave-grp", json!({"GroupId": band})).await, "conflict");
    anns.emit("leave-grp", json!({"GroupId": band})).await;
    assert!(anns.next("group-left-fail").await["Message"].is_string());
    anns.ok("change-admin", json!({"GroupId": band, "Member": bob.id})).await;
    anns.ok("leave-grp", json!({"GroupId": band})).await;
    assert_eq!(bobs.next("user-left-grp").await, json!({"GroupId": band, "User": ann.id}));
}
