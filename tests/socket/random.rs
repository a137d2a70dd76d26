//! Clients that do anything at any time, beside a model that says what must come of it.
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::StatusCode;

use crate::support::{Held, Poller, Server, Socket, unknown_sid};

const PATH: &str = "/engine.io/";
const CLIENTS: u64 = 60;
const STEPS: usize = 14;

/// One client of the echo, and what the server must know of it.
struct Client<'a> {
    server: &'a Server,
    poller: Poller,
    /// Echoes that wait for a poll.
    waiting: Vec<String>,
    held: Option<Held>,
    socket: Option<Socket>,
    probed: bool,
    upgraded: bool,
    gone: bool,
    said: usize,
}

impl<'a> Client<'a> {
    async fn come(server: &'a Server) -> Client<'a> {
        let poller = server.poller(PATH).await;
        let waiting = vec![];
        let held = None;
        let socket = None;
        Client { server, poller, waiting, held, socket, probed: false, upgraded: false, gone: false, said: 0 }
    }

    async fn step(&mut self, random: &mut StdRng) {
        match random.random_range(0..100) {
            0..30 if self.upgraded => self.speak().await,
            0..30 => self.post(random.random_range(1..20)).await,
            30..50 => self.poll().await,
            50..54 => self.say_goodbye(random.random_range(0..3)).await,
            54..58 => self.break_a_rule(["abc", "2", "", "b#"][random.random_range(0..4)]).await,
            58..60 => self.break_a_rule(&"4".repeat(1_000_001)).await,
            60..63 => self.hang_up().await,
            63..75 => self.open_websocket().await,
            75..87 => self.go_on_with_the_upgrade().await,
            87..92 => self.spoil_the_upgrade().await,
            _ => self.try_another_method().await,
        }
    }

    fn next(&mut self) -> String {
        self.said += 1;
        format!("4{}", self.said)
    }

    /// What the held poll must get now that something waits.
    async fn settle(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        if let Some(mut held) = self.held.take() {
            assert_eq!(held.answer().await, (StatusCode::OK, self.few()));
        }
    }

    /// The next poll's worth of what waits.
    fn few(&mut self) -> String {
        let few: Vec<_> = self.waiting.drain(..self.waiting.len().min(16)).collect();
        few.join("\x1e")
    }

    async fn post(&mut self, packets: usize) {
        let packets: Vec<_> = (0..packets).map(|_| self.next()).collect();
        self.poller.say(&packets.join("\x1e")).await;
        self.waiting.extend(packets);
        self.settle().await;
    }

    async fn speak(&mut self) {
        let text = self.next();
        let socket = self.socket.as_mut().unwrap();
        socket.send(&text).await;
        assert_eq!(socket.text().await, text);
    }

    async fn poll(&mut self) {
        if self.upgraded {
            assert_eq!(self.poller.get().await.0, StatusCode::BAD_REQUEST);
        } else if let Some(mut held) = self.held.take() {
            assert_eq!(self.poller.get().await.0, StatusCode::BAD_REQUEST);
            assert_eq!(held.answer().await, (StatusCode::OK, "1".into()));
            self.go().await;
        } else if !self.waiting.is_empty() {
            assert_eq!(self.poller.get().await, (StatusCode::OK, self.few()));
        } else if self.probed {
            assert_eq!(self.poller.get().await, (StatusCode::OK, "6".into()));
        } else {
            self.held = Some(self.poller.held().await);
        }
    }

    async fn say_goodbye(&mut self, packets: usize) {
        if self.upgraded {
            let mut socket = self.socket.take().unwrap();
            socket.send("1").await;
            assert_eq!(socket.closed().await, Some(1000));
            return self.go().await;
        }
        let packets: Vec<_> = (0..packets).map(|_| self.next()).collect();
        let body: Vec<_> = packets.iter().map(String::as_str).chain(["1"]).collect();
        self.poller.say(&body.join("\x1e")).await;
        self.waiting.extend(packets);
        self.settle().await;
        let last = (StatusCode::OK, if self.waiting.is_empty() { "6".into() } else { self.few() });
        match self.held.take() {
            Some(mut held) => assert_eq!(held.answer().await, last),
            None => assert_eq!(self.poller.get().await, last),
        }
        self.go().await;
    }

    async fn break_a_rule(&mut self, how: &str) {
        if self.upgraded {
            let mut socket = self.socket.take().unwrap();
            // The server may close before all is sent.
            let _ = futures_util::SinkExt::send(&mut socket.0, how.into()).await;
            assert_eq!(socket.closed().await, Some(if how.len() > 1_000_000 { 1009 } else { 1002 }));
            return self.go().await;
        }
        assert_ne!(self.poller.post(how.to_owned()).await.0, StatusCode::OK);
        if let Some(mut held) = self.held.take() {
            assert_eq!(held.answer().await, unknown_sid());
        } else if !self.waiting.is_empty() {
            assert_eq!(self.poller.get().await, (StatusCode::OK, self.few()));
        }
        self.go().await;
    }

    async fn hang_up(&mut self) {
        if let Some(held) = self.held.take() {
            drop(held);
            self.server.until_live(0).await;
            self.go().await;
        } else if let (true, Some(socket)) = (self.upgraded, self.socket.take()) {
            drop(socket);
            self.server.until_live(0).await;
            self.go().await;
        }
    }

    async fn open_websocket(&mut self) {
        let mut socket = self.poller.upgrade(PATH).await.unwrap();
        if self.socket.is_some() {
            assert_eq!(socket.closed().await, Some(1000), "there is one");
        } else {
            self.socket = Some(socket);
        }
    }

    async fn go_on_with_the_upgrade(&mut self) {
        if self.upgraded {
            return;
        }
        let Some(socket) = &mut self.socket else { return };
        if self.probed {
            socket.send("5").await;
            self.upgraded = true;
            for text in std::mem::take(&mut self.waiting) {
                assert_eq!(socket.text().await, text);
            }
        } else {
            socket.send("2probe").await;
            assert_eq!(socket.text().await, "3probe");
            self.probed = true;
        }
        if let Some(mut held) = self.held.take() {
            assert_eq!(held.answer().await, (StatusCode::OK, "6".into()));
        }
    }

    async fn spoil_the_upgrade(&mut self) {
        if let Some(mut socket) = self.socket.take_if(|_| !self.upgraded) {
            socket.send("4too early").await;
            assert_eq!(socket.closed().await, Some(1000), "the WebSocket alone dies");
            self.probed = false;
        }
    }

    async fn try_another_method(&mut self) {
        let request = self.poller.client.request(reqwest::Method::PUT, &self.poller.url);
        assert_eq!(crate::support::soon(request.send()).await.unwrap().status(), StatusCode::BAD_REQUEST);
    }

    /// The server must have forgotten the client, its WebSocket included.
    async fn go(&mut self) {
        self.poller.assert_unknown().await;
        assert_eq!(self.poller.post("4x").await, unknown_sid());
        assert_eq!(self.server.socket_server.live(), 0);
        if let Some(mut socket) = self.socket.take() {
            assert!(socket.closed().await.is_some());
        }
        self.gone = true;
    }
}

#[actix::test]
async fn whatever_clients_do_comes_to_what_the_model_says() {
    let server = Server::single();
    for seed in 0..CLIENTS {
        let mut random = StdRng::seed_from_u64(seed);
        let mut client = Client::come(&server).await;
        for step in 0..STEPS {
            if !client.gone {
                // A failure tells where it was.
                println!("client {seed}, step {step}");
                client.step(&mut random).await;
            }
        }
        if !client.gone {
            client.held = None;
            client.break_a_rule("abc").await;
        }
    }
}
