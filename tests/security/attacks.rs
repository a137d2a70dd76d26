//! What worked against the public API that this server implements, and must fail here.
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, Server, Socket};

/// What operators of a query language, and other things that are no text, look like.
fn injections() -> Vec<Value> {
    vec![
        json!({"$ne": null}),
        json!({"$gt": ""}),
        json!({"$regex": ".*"}),
        json!(["a", "b"]),
        json!(1),
        json!(true),
        json!(null),
    ]
}

/// Every body with one field replaced by something that is no text.
fn poisoned(whole: &Value) -> Vec<Value> {
    let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
    let each = |field: &String| {
        injections()
            .into_iter()
            .map(|poison| {
                let mut body = whole.clone();
                body[field] = poison;
                body
            })
            .collect::<Vec<_>>()
    };
    fields.iter().flat_map(each).collect()
}

#[actix_web::test]
async fn an_object_in_place_of_a_text_is_refused_in_every_field_of_every_route() {
    let server = Server::start(&[("LIMITS__ENABLED", "false")]);
    let ann = server.person("Ann").await;
    for (path, whole) in [
        ("/signup", json!({"email": "new@x.org", "password": PASSWORD, "name": "New"})),
        ("/login", json!({"email": "ann@x.org", "password": PASSWORD})),
        ("/resend", json!({"email": "ann@x.org"})),
        ("/forgot-password", json!({"email": "ann@x.org"})),
        ("/reset-password", json!({"token": "x", "password": PASSWORD})),
        ("/change-password", json!({"currentPassword": PASSWORD, "newPassword": PASSWORD})),
        ("/update-access-token", json!({"acessToken": ann.access})),
    ] {
        for body in poisoned(&whole) {
            let refused = server.post_as(&ann, path, body.clone()).await;
            assert_eq!((refused.status, refused.json()["success"].as_i64()), (400, Some(-1)), "{path} {body}");
            assert!(refused.headers.get("set-cookie").is_none(), "{path} {body}");
        }
    }
    for query in
        ["email[$ne]=x&token[$ne]=x", "email=ann@x.org&token[$ne]=x", "email=ann@x.org&token=%7B%22$ne%22:1%7D"]
    {
        assert_eq!(server.get(&format!("/verify?{query}&source=app")).await.status, 400, "{query}");
    }
}

/// Every event with a sound payload about `chat`, `group` and `person`.
fn events(chat: &str, group: &str, person: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("search-user", json!({"Name": "a", "Type": "Search"})),
        ("check-chat", json!({"Receiver": person})),
        ("create-personal-chat", json!({"Receiver": person})),
        ("fetch-personal-chat", json!({"ChatId": chat})),
        ("send-personal-message", json!({"ChatId": chat, "Content": "hi"})),
        ("read-personal-message", json!({"ChatId": chat})),
        ("send-self-message", json!({"Content": "hi"})),
        ("create-group-chat", json!({"Name": "G", "Description": "", "Participants": [person]})),
        ("fetch-group-chat", json!({"GroupId": group})),
        ("send-group-message", json!({"GroupId": group, "Content": "hi"})),
        ("read-group-message", json!({"GroupId": group})),
        ("add-member", json!({"GroupId": group, "Member": person})),
        ("change-admin", json!({"GroupId": group, "Member": person})),
        ("kickout", json!({"GroupId": group, "Member": person})),
        ("leave-grp", json!({"GroupId": group})),
        ("delete-grp", json!({"GroupId": group})),
    ]
}

/// Ann and Bob with a chat and a group of Ann's; Eve is in neither.
struct Scene {
    /// Runs until the scene is over.
    _server: Server,
    ann: Person,
    bob: Person,
    eve: Person,
    anns: Socket,
    bobs: Socket,
    eves: Socket,
    chat: String,
    group: String,
}

async fn scene() -> Scene {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let eve = server.person("Eve").await;
    let mut anns = server.socket(&ann).await;
    let bobs = server.socket(&bob).await;
    let eves = server.socket(&eve).await;
    let chat =
        anns.ask("create-personal-chat", json!({"Receiver": bob.id})).await["ChatId"].as_str().unwrap().to_owned();
    let made = json!({"Name": "Band", "Description": "", "Participants": [bob.id]});
    let group = anns.ask("create-group-chat", made).await["GroupId"].as_str().unwrap().to_owned();
    for (event, id, at) in [("send-personal-message", "ChatId", &chat), ("send-group-message", "GroupId", &group)] {
        assert_eq!(anns.ask(event, json!({id: at, "Content": "between us"})).await["Ok"], true);
    }
    Scene { _server: server, ann, bob, eve, anns, bobs, eves, chat, group }
}

#[actix_web::test]
async fn an_object_in_place_of_a_text_is_refused_in_every_field_of_every_event() {
    let mut scene = scene().await;
    for (event, whole) in events(&scene.chat, &scene.group, &scene.bob.id) {
        for body in poisoned(&whole) {
            // A list is what belongs there; nobody has these ids.
            let is_list = event == "create-group-chat" && body["Participants"] == json!(["a", "b"]);
            let expected = if is_list { "not_found" } else { "bad_request" };
            assert_eq!(scene.anns.code(event, body.clone()).await, expected, "{event} {body}");
        }
    }
    assert_eq!(scene.anns.code("fetch-group-chat", json!({"GroupId": scene.group})).await, "Ok", "nothing happened");
}

#[actix_web::test]
async fn an_outsider_gets_nowhere_by_any_event_and_cannot_tell_real_chats_from_none() {
    let mut scene = scene().await;
    let absent = "00000000-0000-7000-8000-000000000000";
    let about_chats = |(event, _): &(&str, Value)| {
        !["search-user", "check-chat", "create-personal-chat", "send-self-message", "create-group-chat"].contains(event)
    };
    let real = events(&scene.chat, &scene.group, &scene.bob.id);
    let guessed = events(absent, absent, &scene.bob.id);
    for ((event, real), (_, guessed)) in real.into_iter().zip(guessed).filter(|(real, _)| about_chats(real)) {
        let real = scene.eves.ask(event, real).await;
        let guessed = scene.eves.ask(event, guessed).await;
        assert_eq!((&real["Code"], &real), (&json!("not_found"), &guessed), "{event}");
    }
    for wrong in ["fetch-personal-chat", "send-personal-message"] {
        let payload = json!({"ChatId": scene.group, "Content": "hi"});
        assert_eq!(scene.eves.code(wrong, payload).await, "not_found", "a group by the other door");
        let payload = json!({"ChatId": scene.ann.id, "Content": "hi"});
        assert_eq!(scene.eves.code(wrong, payload).await, "not_found", "somebody's notes");
    }
    scene.anns.ask("fetch-group-chat", json!({"GroupId": scene.group})).await;
    let seen = scene.anns.next("group-chat").await;
    assert_eq!((seen["Messages"].as_array().unwrap().len(), seen["Participants"].as_object().unwrap().len()), (1, 2));
    assert_eq!(seen["Admin"], scene.ann.id.as_str());
}

#[actix_web::test]
async fn a_member_cannot_kick_the_admin_nor_take_the_role_nor_end_the_group() {
    let mut scene = scene().await;
    let group = &scene.group;
    let ann = &scene.ann.id;
    let bob = &scene.bob.id;
    for (event, payload) in [
        ("kickout", json!({"GroupId": group, "Member": ann})),
        ("change-admin", json!({"GroupId": group, "Member": bob})),
        ("add-member", json!({"GroupId": group, "Member": scene.eve.id})),
        ("delete-grp", json!({"GroupId": group})),
    ] {
        assert_eq!(scene.bobs.code(event, payload).await, "not_admin", "{event}");
    }
    let oneself = scene.anns.code("kickout", json!({"GroupId": group, "Member": ann})).await;
    assert!(!["Ok", "not_admin"].contains(&oneself.as_str()), "{oneself}");
}

#[actix_web::test]
async fn nobody_chooses_the_name_that_others_see() {
    let scene = scene().await;
    let mut eves = scene.eves;
    let claims = json!({"Receiver": scene.bob.id, "Sender": scene.ann.id, "Name": "Ann", "SenderName": "Ann", "Partner": "Ann", "UserName": "Ann"});
    eves.ask("create-personal-chat", claims).await;
    let mut bobs = scene.bobs;
    assert_eq!(bobs.next("create-personal-chat-partner").await["Partner"], "Ann", "the chat that Ann began");
    let told = bobs.next("create-personal-chat-partner").await;
    assert_eq!(told["Partner"], "Eve");
    let lie = json!({"ChatId": told["ChatId"], "Content": "hi", "Sender": "Ann", "SenderId": scene.ann.id});
    assert_eq!(eves.ask("send-personal-message", lie).await["Ok"], true);
    loop {
        let heard = bobs.next("receive-personal-message").await;
        if heard["ChatId"] == told["ChatId"] {
            assert_eq!((&heard["Sender"], &heard["SenderId"]), (&json!("Eve"), &json!(scene.eve.id)));
            break;
        }
    }
}

#[actix_web::test]
async fn without_the_mail_no_address_is_verified() {
    let server = Server::start(&[]);
    let body = json!({"email": "new@x.org", "password": PASSWORD, "name": "New"});
    assert_eq!(server.post("/signup", body).await.status, 200);
    for token in ["", "undefined", "null", "0", "new@x.org", "000000", "%00", "[]", "true"] {
        let refused = server.get(&format!("/verify?email=new@x.org&token={token}&source=app")).await;
        assert_eq!((refused.status, refused.json()["success"].as_i64()), (400, Some(0)), "{token}");
    }
    assert_eq!(server.get("/verify?email=new@x.org&source=app").await.status, 400);
    let login = server.post("/login", json!({"email": "new@x.org", "password": PASSWORD})).await;
    assert_eq!(login.json()["success"], -2);
}

#[actix_web::test]
async fn whoever_registers_an_address_before_its_owner_does_not_get_the_account() {
    let server = Server::start(&[("LIMITS__MAIL_PAUSE", "1ms")]);
    let sign_up = |password: &'static str, name: &'static str| {
        server.post("/signup", json!({"email": "owner@x.org", "password": password, "name": name}))
    };
    assert_eq!(sign_up("the attacker's password", "Attacker").await.status, 200);
    assert_eq!(sign_up("the owner's own password", "Owner").await.status, 200);
    let mail = server.mails().pop().unwrap();
    let link = mail.lines().find(|line| line.starts_with("http")).unwrap().trim().replacen(&server.url, "", 1);
    assert_eq!(server.get(&link).await.status, 200);
    let login = |password: &'static str| {
        server.post("/login", json!({"email": "owner@x.org", "password": password, "source": "app"}))
    };
    assert_eq!(login("the attacker's password").await.status, 401);
    let body = login("the owner's own password").await.json();
    let me = server.request(Method::GET, "/me").bearer_auth(body["accessToken"].as_str().unwrap());
    assert_eq!(Answer::to(me).await.json()["Name"], "Owner");
}

#[actix_web::test]
async fn nobody_can_set_somebody_elses_or_a_made_up_token_as_a_cookie() {
    let server = Server::start(&[]);
    let ann = server.person("Ann").await;
    let eve = server.person("Eve").await;
    for (token, cookie) in [(&*ann.access, Some(&eve.refresh)), ("x.y.z", Some(&eve.refresh)), (&*ann.access, None)] {
        let mut request = server.request(Method::POST, "/update-access-token").json(&json!({"acessToken": token}));
        if let Some(refresh) = cookie {
            request = request.header("Cookie", format!("refresh_token={refresh}"));
        }
        let refused = Answer::to(request).await;
        assert!(refused.status == 401 && refused.headers.get("set-cookie").is_none(), "{token}");
    }
}

#[actix_web::test]
async fn script_in_names_and_messages_is_plain_data() {
    const SCRIPT: &str = "<img src=x onerror=alert(1)>'\"; DROP TABLE user; --%_";
    let server = Server::start(&[]);
    let id = server.add(SCRIPT, "ann@x.org");
    let ann = server.log_in(&id, "ann@x.org", PASSWORD).await;
    let mut socket = server.socket(&ann).await;
    let said = socket.ask("send-self-message", json!({"Content": SCRIPT})).await;
    assert_eq!(said["Ok"], true);
    socket.ask("fetch-self-chat", json!({})).await;
    let notes = socket.next("self-chat").await;
    assert_eq!((&notes["Name"], &notes["Messages"][0]["Content"]), (&json!(SCRIPT), &json!(SCRIPT)));
    socket.ask("search-user", json!({"Name": "DROP TABLE", "Type": "Search"})).await;
    assert_eq!(socket.next("searched-user").await["Users"][0]["Name"], SCRIPT);
    let me = Answer::to(server.request(Method::GET, "/me").bearer_auth(&ann.access)).await;
    assert_eq!((me.header("content-type"), me.header("x-content-type-options")), ("application/json", "nosniff"));
    assert_eq!(me.json()["Name"], SCRIPT);
}
