//! Clients that hang up right after they asked for something: what it changed is told all the same.
use std::{collections::HashSet, time::Duration};

use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::support::{Answer, PASSWORD, Person, Server, Socket};

/// Once for each delay in milliseconds from 0 to 4, so many times.
const TIMES: u64 = 4;

impl Server {
    /// Sends a request and closes the connection after `delay`, whether or not there is an answer.
    async fn cut(&self, person: &Person, method: &str, path: &str, body: Value, delay: Duration) {
        let host = self.url.strip_prefix("http://").unwrap();
        let body = body.to_string();
        let access = &person.access;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {access}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        sleep(delay).await;
    }

    async fn database(&self) -> sea_orm::DatabaseConnection {
        let url = format!("sqlite://{}", self.home.path().join("data/greenroom.db").display());
        sea_orm::Database::connect(url).await.unwrap()
    }

    /// Whether the session of an access token is in force.
    async fn admits(&self, person: &Person) -> bool {
        Answer::to(self.request(Method::GET, "/me").bearer_auth(&person.access)).await.status == 200
    }
}

fn delays() -> impl Iterator<Item = Duration> {
    (0..5 * TIMES).map(|n| Duration::from_millis(n % 5))
}

fn unlimited() -> Server {
    Server::start(&[("LIMITS__ENABLED", "false")])
}

#[actix_web::test]
async fn no_socket_outlives_its_session_although_whoever_ended_it_hung_up() {
    let server = unlimited();
    let owner = server.person("Ann").await;
    let mut logins: Vec<(Person, Socket)> = vec![];
    let mut is_one_over = false;
    // On a busy machine none of the short delays may be long enough.
    for (n, delay) in delays().chain((1..).map(|n| Duration::from_millis(n * 10))).enumerate() {
        if n as u64 >= 5 * TIMES && is_one_over {
            break;
        }
        let login = server.log_in(&owner.id, &owner.email, PASSWORD).await;
        let socket = server.socket(&login).await;
        if n % 2 == 0 {
            server.cut(&login, "POST", "/logout", json!({}), delay).await;
        } else {
            let list = Answer::to(server.request(Method::GET, "/sessions").bearer_auth(&login.access)).await.json();
            let rows = list["Sessions"].as_array().unwrap();
            let id = rows.iter().find(|row| row["Current"] == true).unwrap()["Id"].as_str().unwrap();
            server.cut(&owner, "DELETE", &format!("/sessions/{id}"), json!({}), delay).await;
        }
        is_one_over = is_one_over || n as u64 >= 5 * TIMES - 1 && !server.admits(&login).await;
        logins.push((login, socket));
    }
    for (login, mut socket) in logins {
        if !server.admits(&login).await {
            socket.ended().await;
        }
    }
}

#[actix_web::test]
async fn the_groups_of_an_account_hear_of_its_end_although_its_owner_hung_up() {
    let server = unlimited();
    let bob = server.person("Bob").await;
    let mut bobs = server.socket(&bob).await;
    let mut asked = vec![];
    let mut is_one_gone = false;
    // The password is hashed first, which takes its time: longer than all these delays on a busy machine.
    for n in 0.. {
        if n >= 5 * TIMES && is_one_gone {
            break;
        }
        let person = server.person(&format!("Person{n}")).await;
        let made = json!({"Name": "Band", "Description": "", "Participants": [person.id]});
        bobs.ask("create-group-chat", made).await;
        let socket = server.socket(&person).await;
        let delay = Duration::from_millis(n * 5);
        server.cut(&person, "DELETE", "/me", json!({"currentPassword": PASSWORD}), delay).await;
        is_one_gone = is_one_gone || n >= 5 * TIMES - 1 && !server.admits(&person).await;
        asked.push((person, socket));
    }
    let mut gone = HashSet::new();
    for (person, mut socket) in asked {
        if !server.admits(&person).await {
            socket.ended().await;
            gone.insert(person.id);
        }
    }
    while !gone.is_empty() {
        let left = bobs.next("user-left-grp").await;
        assert!(gone.remove(left["User"].as_str().unwrap()), "{left}");
    }
}

#[actix_web::test]
async fn the_members_of_a_group_hear_of_it_although_its_founder_hung_up() {
    let server = unlimited();
    let ann = server.person("Ann").await;
    let bob = server.person("Bob").await;
    let mut bobs = server.socket(&bob).await;
    for delay in delays() {
        let mut anns = server.socket(&ann).await;
        let made = json!({"Name": "Band", "Description": "", "Participants": [bob.id]});
        anns.send(&format!("42{}", json!(["create-group-chat", made]))).await;
        sleep(delay).await;
        drop(anns);
    }
    // What was founded later than this was founded after all hung up, and is heard of too.
    let mut anns = server.socket(&ann).await;
    let last =
        anns.ask("create-group-chat", json!({"Name": "Last", "Description": "", "Participants": [bob.id]})).await;
    let mut heard = HashSet::new();
    let mut there = HashSet::from([last["GroupId"].as_str().unwrap().to_owned()]);
    let database = server.database().await;
    let groups = entity::chat::Entity::find().all(&database).await.unwrap();
    there.extend(groups.into_iter().filter(|chat| chat.kind == 2).map(|chat| chat.id.to_string()));
    while !there.is_subset(&heard) {
        let told = bobs.next("create-group-chat-receiver").await;
        heard.insert(told["GroupId"].as_str().unwrap().to_owned());
    }
    assert!(heard.len() > 1);
}
