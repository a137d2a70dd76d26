//! Who comes into a group, and who runs it.
use serde_json::json;

use crate::support::{TestServer, contents, group, left_over, nobody};

#[actix_web::test]
async fn who_is_added_hears_of_the_group_and_the_members_hear_who_it_is() {
    let server = TestServer::start().await;
    let ([ann, bob, cat], [mut anns, mut bobs, mut cats]) = server.online(["Ann", "Bob", "Cat"]).await;
    let band = group(&mut anns, &[&bob]).await;
    bobs.next("create-group-chat-receiver").await;
    anns.ok("add-member", json!({"GroupId": band, "Member": cat.id})).await;
    let told = json!({"ChatId": band, "GroupId": band, "Member": cat.id, "MemberName": "Cat"});
    for socket in [&mut anns, &mut bobs] {
        assert_eq!(socket.next("add-member-success").await, told);
    }
    assert_eq!(cats.next("new-grp-added").await, json!({"ChatId": band, "GroupId": band, "Name": "Band"}));
    assert_eq!(cats.next("create-group-chat-receiver").await, json!({"GroupId": band, "Name": "Band"}));
    for socket in [&mut bobs, &mut cats] {
        let changed = socket.next("chat-changed").await;
        assert_eq!(
            (&changed["What"], &changed["By"], &changed["UserName"]),
            (&json!("Added"), &json!(ann.id), &json!("Cat"))
        );
        assert_eq!(
            changed["Members"],
            json!([{"_id": cat.id, "Name": "Cat", "Role": "Member", "Rev": changed["Rev"]}])
        );
    }
    for socket in [&mut anns, &mut bobs, &mut cats] {
        assert_eq!(left_over(socket, &band).await, [""; 0]);
    }
}

#[actix_web::test]
async fn who_is_added_later_sees_only_what_is_said_from_then_on() {
    let server = TestServer::start().await;
    let [ann, bob, cat] = server.people(["Ann", "Bob", "Cat"]).await;
    let mut anns = server.connect(&ann).await;
    let band = group(&mut anns, &[&bob]).await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "before"})).await;
    anns.ok("add-member", json!({"GroupId": band, "Member": cat.id})).await;
    let (mut cats, _, groups) = server.connect_and_hear(&cat).await;
    assert_eq!((&groups[0]["_id"], &groups[0]["Unread"]), (&json!(band), &json!(0)));
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "after"})).await;
    assert_eq!(cats.next("receive-group-message").await["Seq"], 2);
    cats.ok("fetch-group-chat", json!({"GroupId": band})).await;
    let seen = cats.next("group-chat").await;
    assert_eq!((contents(&seen["Messages"]), &seen["HasMore"]), (vec!["after".to_owned()], &json!(false)));
}

#[actix_web::test]
async fn where_the_history_is_open_who_is_added_later_sees_all_of_it() {
    let server = TestServer::with(|settings| settings.groups.history_for_new_members = true).await;
    let ([_, bob], [mut anns, mut bobs]) = server.online(["Ann", "Bob"]).await;
    let band = group(&mut anns, &[]).await;
    anns.ok("send-group-message", json!({"GroupId": band, "Content": "before"})).await;
    anns.ok("add-member", json!({"GroupId": band, "Member": bob.id})).await;
    bobs.ok("fetch-group-chat", json!({"GroupId": band})).await;
    assert_eq!(contents(&bobs.next("group-chat").await["Messages"]), ["before"]);
}

#[actix_web::test]
async fn nobody_is_added_by_a_mere_member_twice_or_out_of_nowhere() {
    let server = TestServer::start().await;
    let ([ann, bob, eve], [mut anns, mut bobs, mut eves]) = server.online(["Ann", "Bob", "Eve"]).await;
    let band = group(&mut anns, &[&bob]).await;
    bobs.next("create-group-chat-receiver").await;
    let add = |member: &str| json!({"GroupId": band, "Member": member});
    assert_eq!(bobs.code("add-member", add(&eve.id)).await, "not_admin");
    assert_eq!(anns.code("add-member", add(&bob.id)).await, "conflict");
    assert_eq!(anns.code("add-member", add(&ann.id)).await, "conflict");
    assert_eq!(anns.code("add-member", add(&nobody())).await, "not_found");
    assert_eq!(eves.code("add-member", add(&eve.id)).await, "not_found");
    for socket in [&mut anns, &mut bobs, &mut eves] {
        assert_eq!(left_over(socket, &band).await, [""; 0]);
    }
}

#[actix_web::test]
async fn the_admin_role_moves_to_a_member_and_its_rights_with_it() {
    let server = TestServer::start().await;
    let [ann, bob, eve] = server.people(["Ann", "Bob", "Eve"]).await;
    let mut anns = server.connect(&ann).await;
    let mut bobs = server.connect(&bob).await;
    let band = group(&mut anns, &[&bob]).await;
    assert_eq!(bobs.code("change-admin", json!({"GroupId": band, "Member": bob.id})).await, "not_admin");
    assert_eq!(anns.code("change-admin", json!({"GroupId": band, "Member": eve.id})).await, "not_member");
    anns.ok("change-admin", json!({"GroupId": band, "Member": bob.id})).await;
    assert_eq!(anns.next("change-admin-success-creator").await, json!({"GroupId": band}));
    assert_eq!(bobs.next("change-admin-success-receiver").await, json!({"GroupId": band, "Admin": bob.id}));
    assert_eq!(anns.code("add-member", json!({"GroupId": band, "Member": eve.id})).await, "not_admin");
    assert_eq!(bobs.code("add-member", json!({"GroupId": band, "Member": eve.id})).await, "Ok");
}
