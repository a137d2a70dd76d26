//! People who are signed up, and the sockets of their devices.
use std::time::Duration;

use greenroom::{
    auth::Password,
    domain::{Email, Name, UserId},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{PASSWORD, Reply, Socket, TestServer};

const TOKEN_LIFE: Duration = Duration::from_secs(60 * 60);

/// Somebody who is logged in.
pub struct Person {
    pub id: String,
    pub name: &'static str,
    access: String,
}

/// An id that nobody has, and no chat.
pub fn nobody() -> String {
    UserId::new().to_string()
}

impl TestServer {
    /// Verified people of these names, each with a login.
    pub async fn people<const N: usize>(&self, names: [&'static str; N]) -> [Person; N] {
        let email = |name: &str| Email::new(&format!("{}@x.org", name.to_lowercase())).unwrap();
        let people = names.map(|name| (Name::new(name).unwrap(), email(name)));
        let ids = self.auth.add_verified_users(&people, &Password::new(PASSWORD).unwrap()).await.unwrap();
        let mut logins = self.auth.issue(&ids, TOKEN_LIFE).await.unwrap().into_iter();
        names.map(|name| {
            let login = logins.next().unwrap();
            Person { id: login.user.to_string(), name, access: login.access }
        })
    }

    /// The same, each of them with one device.
    pub async fn online<const N: usize>(&self, names: [&'static str; N]) -> ([Person; N], [Socket; N]) {
        let people = self.people(names).await;
        let mut devices = vec![];
        for person in &people {
            devices.push(self.connect(person).await);
        }
        (people, devices.try_into().ok().unwrap())
    }

    /// Another login of the same person.
    pub async fn log_in_again(&self, person: &Person) -> Person {
        let id = UserId(person.id.parse().unwrap());
        let login = self.auth.issue(&[id], TOKEN_LIFE).await.unwrap().remove(0);
        Person { id: person.id.clone(), name: person.name, access: login.access }
    }

    /// The answer to a request that somebody makes with their access token.
    pub async fn as_person(&self, person: &Person, method: Method, path: &str, body: Value) -> Reply {
        Reply::to(self.request(method, path).bearer_auth(&person.access).json(&body)).await
    }

    /// A device of this person, which has heard the opening events.
    pub async fn connect(&self, person: &Person) -> Socket {
        self.connect_and_hear(person).await.0
    }

    /// The same, and the lists of chats of two and of groups that it heard.
    pub async fn connect_and_hear(&self, person: &Person) -> (Socket, Value, Value) {
        let mut socket = Socket::open(&self.url, &[]).await;
        let [user, mut personal, mut groups] = socket.sign_in(&person.access).await;
        assert_eq!(user, json!({"userId": person.id, "userName": person.name}));
        (socket, personal["PersonalChatList"].take(), groups["GroupChatList"].take())
    }
}

/// The chat of two that a device begins with somebody, as only that device has heard yet.
pub async fn chat_of_two(device: &mut Socket, other: &Person) -> String {
    device.ok("create-personal-chat", json!({"Receiver": other.id})).await;
    text(&device.next("create-personal-chat-creator").await["ChatId"])
}

/// The group that its admin's device makes of these others, as only that device has heard yet.
pub async fn group(device: &mut Socket, others: &[&Person]) -> String {
    let ids: Vec<_> = others.iter().map(|other| &other.id).collect();
    device.ok("create-group-chat", json!({"Name": "Band", "Description": "", "Participants": ids})).await;
    text(&device.next("create-group-chat-creator").await["GroupId"])
}

/// What a device heard, and no test took, of all that was told to a group or a chat of two before this.
pub async fn left_over(device: &mut Socket, chat: &str) -> Vec<String> {
    // The question comes behind all that in the chat, and the answer behind all that in the socket.
    for (question, answer) in [("fetch-group-chat", "group-chat"), ("fetch-personal-chat", "personal-chat")] {
        if device.code(question, json!({"GroupId": chat, "ChatId": chat})).await == "Ok" {
            device.next(answer).await;
        }
    }
    device.untaken().into_iter().map(str::to_owned).collect()
}

/// The contents of messages in the order in which they came.
pub fn contents(messages: &Value) -> Vec<String> {
    messages.as_array().unwrap().iter().map(|message| text(&message["Content"])).collect()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
