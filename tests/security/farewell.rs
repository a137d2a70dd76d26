//! Leaving for good, and taking one's data along.
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, Server};

async fn delete(server: &Server, person: &Person, password: &str) -> Answer {
    let request = server.request(Method::DELETE, "/me").bearer_auth(&person.access);
    Answer::to(request.json(&json!({"currentPassword": password}))).await
}

#[actix_web::test]
async fn a_deleted_account_is_gone_and_its_messages_stay_under_another_name() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut anns = server.socket(&ann).await;
    let mut bobs = server.socket(&bob).await;
    let chat = anns.ask("create-personal-chat", json!({"Receiver": bob.id})).await["ChatId"].clone();
    let made = json!({"Name": "Band", "Description": "", "Participants": [bob.id]});
    let group = anns.ask("create-group-chat", made).await["GroupId"].clone();
    anns.ask("send-personal-message", json!({"ChatId": chat, "Content": "to Bob"})).await;
    anns.ask("send-group-message", json!({"GroupId": group, "Content": "to all"})).await;

    assert_eq!(delete(&server, &ann, "another password").await.status, 403);
    assert_eq!(delete(&server, &ann, PASSWORD).await.status, 200);
    assert_eq!(anns.next("auth-failure").await["reason"], "Account deleted");
    anns.ended().await;

    assert_eq!(bobs.next("user-left-grp").await, json!({"GroupId": group, "User": ann.id}));
    assert_eq!(bobs.next("change-admin-success-receiver").await["Admin"], bob.id.as_str());
    let list = bobs.next("personal-chat-list").await;
    let row = &list["PersonalChatList"][0];
    assert_eq!((&row["_id"], &row["Partner"], &row["PartnerId"]), (&chat, &json!("Deleted user"), &json!(ann.id)));

    bobs.ask("fetch-personal-chat", json!({"ChatId": chat})).await;
    let seen = bobs.next("personal-chat").await;
    assert_eq!((&seen["Partner"], &seen["Messages"][0]["Content"]), (&json!("Deleted user"), &json!("to Bob")));
    bobs.ask("fetch-group-chat", json!({"GroupId": group})).await;
    let seen = bobs.next("group-chat").await;
    assert_eq!(
        (&seen["Messages"][0]["Sender"], &seen["Participants"]),
        (&json!("Deleted user"), &json!({&bob.id: "Bob"}))
    );
    assert_eq!(bobs.code("delete-grp", json!({"GroupId": group})).await, "Ok", "Bob is the admin now");
    assert_eq!(bobs.code("send-personal-message", json!({"ChatId": chat, "Content": "are you there?"})).await, "Ok");
    assert_eq!(bobs.code("check-chat", json!({"Receiver": ann.id})).await, "not_found");
    bobs.ask("search-user", json!({"Name": "Ann", "Type": "Search"})).await;
    assert_eq!(bobs.next("searched-user").await["Users"], json!([]));

    let login = server.post("/login", json!({"email": ann.email, "password": PASSWORD})).await;
    assert_eq!(login.status, 401);
    assert_eq!(server.post("/refresh", json!({"refreshToken": ann.refresh})).await.status, 401);
    assert!(server.mails().pop().unwrap().contains("Your account is deleted"));
    let again = json!({"email": ann.email, "password": PASSWORD, "name": "Another"});
    assert_eq!(server.post("/signup", again).await.status, 200, "the address is free again");
}

#[actix_web::test]
async fn notes_and_chats_that_nobody_is_left_in_are_gone_with_the_last() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut anns = server.socket(&ann).await;
    let chat = anns.ask("create-personal-chat", json!({"Receiver": bob.id})).await["ChatId"].clone();
    anns.ask("send-personal-message", json!({"ChatId": chat, "Content": "planted"})).await;
    anns.ask("send-self-message", json!({"Content": "planted"})).await;
    for person in [&ann, &bob] {
        assert_eq!(delete(&server, person, PASSWORD).await.status, 200);
    }
    let url = format!("sqlite://{}", server.home.path().join("data/greenroom.db").display());
    let database = sea_orm::Database::connect(url).await.unwrap();
    for table in ["message", "member", "chat", "user", "session", "refresh_token"] {
        let count = format!("SELECT COUNT(*) AS n FROM {table}");
        let query = sea_orm::Statement::from_string(sea_orm::DatabaseBackend::Sqlite, count);
        let row = sea_orm::ConnectionTrait::query_one_raw(&database, query).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0, "{table}");
    }
}

#[actix_web::test]
async fn the_export_holds_profile_chats_and_all_own_messages_and_nobody_elses() {
    let server = Server::start(&[("LIMITS__ENABLED", "false")]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut anns = server.socket(&ann).await;
    let mut bobs = server.socket(&bob).await;
    let chat = anns.ask("create-personal-chat", json!({"Receiver": bob.id})).await["ChatId"].clone();
    bobs.ask("send-personal-message", json!({"ChatId": chat, "Content": "Bob's own"})).await;
    for n in 0..501 {
        anns.ask("send-self-message", json!({"Content": format!("note {n}")})).await;
    }
    anns.ask("send-personal-message", json!({"ChatId": chat, "Content": "\"quoted\""})).await;
    let export = Answer::to(server.request(Method::GET, "/me/export").bearer_auth(&ann.access)).await;
    assert_eq!((export.status, export.header("cache-control")), (200, "no-store"));
    let whole = export.json();
    assert_eq!((&whole["Profile"]["Name"], &whole["Profile"]["Email"]), (&json!("Ann"), &json!("ann@x.org")));
    let names: Vec<&Value> = whole["Chats"].as_array().unwrap().iter().map(|chat| &chat["Name"]).collect();
    assert_eq!(names, [&json!("Ann"), &json!("Bob")]);
    let said = whole["Messages"].as_array().unwrap();
    assert_eq!(said.len(), 502, "more than one page");
    assert!(said.iter().any(|message| message["Content"] == "\"quoted\"") && !export.text.contains("Bob's own"));
    assert_eq!(server.get("/me/export").await.status, 401);
}
