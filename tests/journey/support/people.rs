//! People who are signed up, and the sockets of their devices.
use std::time::Duration;

use greenroom::{
    auth::Password,
    domain::{Email, Name, UserId},
};
use serde_json::{Value, json};

use super::{PASSWORD, Socket, TestServer};

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

/// The chat of two that `one` begins with `other`, whom nobody of them has heard of before.
pub async fn chat_of_two(one: &mut Socket, other: &Person) -> String {
    one.ok("create-personal-chat", json!({"Receiver": other.id})).await;
    one.next("create-personal-chat-creator").await["ChatId"].as_str().unwrap().to_owned()
}

/// The group that its admin makes of these others.
pub async fn group(admin: &mut Socket, others: &[&Person]) -> String {
    let ids: Vec<_> = others.iter().map(|other| &other.id).collect();
    admin.ok("create-group-chat", json!({"Name": "Band", "Description": "", "Participants": ids})).await;
    admin.next("create-group-chat-creator").await["GroupId"].as_str().unwrap().to_owned()
}
