//! Chats whose founder is gone before the answer comes: all who are in them hear of them.
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use greenroom::{
    domain::{Email, LoginId, Name, Timestamp, UserId},
    protocol::socketio::{Assembler, Command, Namespaces, Taken},
    socket::{Admission, Application, Client, Connect, Event, Handshake},
};
use serde_json::{Value, json};

use crate::{
    polled::polled,
    statements::{House, house},
    support::{Socket, store},
};

async fn connect(house: &House, socket: &Socket) -> Box<dyn Client> {
    let login = house.auth.issue(&[socket.user], Duration::from_secs(600)).await.unwrap().remove(0);
    let connect = Connect {
        namespace: "/".into(),
        auth: Some(json!({"accessToken": login.access}).to_string()),
        handshake: Arc::new(Handshake::default()),
        port: socket.port.clone(),
    };
    match house.chatroom.connect(connect).await {
        Admission::Accepted { client, .. } => client,
        _ => panic!("not admitted"),
    }
}

/// An event as a session hands it on.
fn event(name: &str, payload: &Value) -> Event {
    let mut namespaces = Namespaces::new(Duration::from_secs(60), Instant::now());
    let take = |namespaces: &mut Namespaces, text: String| {
        let packet = Assembler::default().text(&text.into()).unwrap().unwrap();
        let Taken::Now(command) = namespaces.take(packet).unwrap() else { panic!("not now") };
        command
    };
    let Command::Connect(seat, ..) = take(&mut namespaces, "0".into()) else { panic!("no CONNECT") };
    namespaces.admit(seat);
    assert_eq!(namespaces.resume(seat), None);
    match take(&mut namespaces, format!("21{}", json!([name, payload]))) {
        Command::Event(_, event) => event,
        _ => panic!("no event"),
    }
}

/// Listens until it has heard events of these names with all of `ids`.
async fn hears_of(socket: &mut Socket, names: &[&str], key: &str, mut ids: HashSet<String>) {
    while !ids.is_empty() {
        let (_, heard) = socket.hears().await;
        if names.contains(&heard[0].as_str().unwrap_or_default()) {
            ids.remove(heard[1][key].as_str().unwrap());
        }
    }
}

/// Asks and stops waiting after no poll, after one, and so on, until there is an answer. Says how often it stopped.
async fn stop_waiting(
    house: &House,
    client: &mut Box<dyn Client>,
    name: &str,
    mut payload: impl AsyncFnMut() -> Value,
) -> usize {
    let mut polls = 0;
    loop {
        let work = client.event(event(name, &payload().await)).expect("a question");
        if polled(work, polls).await.is_some() {
            break;
        }
        polls += 1;
    }
    house.store.detached_done().await;
    // On SQLite whatever was begun before is done before this.
    house.store.touch(LoginId::new(), Timestamp::now()).await.unwrap();
    polls
}

#[actix::test]
async fn a_group_is_heard_of_by_all_its_members_whenever_its_founder_stops_waiting() {
    let (store, _scratch) = store().await;
    let house = house(&store).await;
    let mut anns = Socket::open(house.ann);
    let mut bobs = Socket::open(house.bob);
    house.presence.join(house.bob, LoginId::new(), bobs.port.clone(), None).unwrap();
    let mut client = connect(&house, &anns).await;
    let payload = json!({"Name": "Band", "Description": "", "Participants": [house.bob]});
    let stopped = stop_waiting(&house, &mut client, "create-group-chat", async || payload.clone()).await;
    let groups = store.lists(house.bob).await.unwrap().groups;
    let groups: HashSet<_> = groups.into_iter().map(|group| group.chat.to_string()).collect();
    assert!(stopped > 0 && !groups.is_empty());
    hears_of(&mut bobs, &["create-group-chat-receiver"], "GroupId", groups.clone()).await;
    hears_of(&mut anns, &["create-group-chat-creator", "create-group-chat-receiver"], "GroupId", groups).await;
}

#[actix::test]
async fn a_personal_chat_is_heard_of_by_its_founder_who_stopped_waiting() {
    let (store, _scratch) = store().await;
    let house = house(&store).await;
    let mut anns = Socket::open(house.ann);
    let mut client = connect(&house, &anns).await;
    let mut strangers = 0;
    let stranger = async || {
        strangers += 1;
        let person = (Name::new("Cat").unwrap(), Email::new(&format!("cat.{strangers}@example.org")).unwrap());
        let cat: UserId = store.add_verified(&[person], "a hash", Timestamp::now()).await.unwrap()[0];
        json!({"Receiver": cat})
    };
    let stopped = stop_waiting(&house, &mut client, "create-personal-chat", stranger).await;
    let chats = store.lists(house.ann).await.unwrap().personal;
    let chats: HashSet<_> =
        chats.into_iter().filter(|chat| chat.name == "Cat").map(|chat| chat.chat.to_string()).collect();
    assert!(stopped > 0 && !chats.is_empty());
    let names = ["create-personal-chat-creator", "create-personal-chat-partner"];
    hears_of(&mut anns, &names, "ChatId", chats).await;
}
