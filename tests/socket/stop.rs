//! An orderly stop, as clients see it.
use std::{
    cell::{Cell, RefCell},
    sync::Arc,
    time::Duration,
};

use futures_util::{
    FutureExt, SinkExt,
    future::{LocalBoxFuture, join, join_all, join3, ready},
};
use greenroom::socket::{Admission, Application, Client, Connect, Event, MAIN, Packet, Port, Reason};
use reqwest::StatusCode;
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, Socket, calm, soon};

const WEBSOCKET: &str = "/socket.io/?EIO=4&transport=websocket";

/// Gives the test a way to each client and its events, and answers those when it is given leave to.
struct Patient {
    leave: Arc<Semaphore>,
    seen: mpsc::UnboundedSender<Seen>,
}

enum Seen {
    Client(Port),
    Event(String),
}

impl Application for Patient {
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission> {
        self.seen.send(Seen::Client(connect.port.clone())).unwrap();
        let client = Worker { port: connect.port, leave: self.leave.clone(), seen: self.seen.clone() };
        ready(Admission::Accepted { client: Box::new(client), opening: vec![] }).boxed_local()
    }
}

struct Worker {
    port: Port,
    leave: Arc<Semaphore>,
    seen: mpsc::UnboundedSender<Seen>,
}

impl Client for Worker {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        self.seen.send(Seen::Event(event.name().to_owned())).unwrap();
        let port = self.port.clone();
        let leave = self.leave.clone();
        let answer = async move {
            leave.acquire().await.unwrap().forget();
            port.deliver(&Packet::raw_ack(MAIN, event.ack.unwrap(), "[]", &[]));
        };
        Some(answer.boxed_local())
    }
}

/// A server of the patient application, and what the test needs to see and to steer it.
struct Scene {
    server: Server,
    leave: Arc<Semaphore>,
    seen: mpsc::UnboundedReceiver<Seen>,
}

impl Scene {
    fn set() -> Scene {
        let (leave, (sender, seen)) = (Arc::new(Semaphore::new(0)), mpsc::unbounded_channel());
        let server = Server::of(calm(), Arc::new(Patient { leave: leave.clone(), seen: sender }));
        Scene { server, leave, seen }
    }

    async fn port(&mut self) -> Port {
        match soon(self.seen.recv()).await {
            Some(Seen::Client(port)) => port,
            _ => panic!("a client should have come"),
        }
    }

    async fn websocket(&mut self) -> (Socket, Port) {
        let mut socket = self.server.websocket("/socket.io/").await;
        socket.send("40").await;
        assert!(socket.text().await.starts_with("40{"));
        (socket, self.port().await)
    }
}

#[actix::test]
async fn what_was_begun_is_answered_and_nothing_is_begun_any_more() {
    let mut scene = Scene::set();
    let (mut socket, port) = scene.websocket().await;
    // The second waits its turn behind the first, and so is not begun when the server stops.
    socket.send(r#"421["first"]"#).await;
    socket.send(r#"422["kept"]"#).await;
    assert!(matches!(soon(scene.seen.recv()).await, Some(Seen::Event(first)) if first == "first"));
    let socket = Mutex::new(socket);
    let settled = async || {
        let mut late = socket.lock().await;
        assert_eq!(late.text().await, "431[]");
        late.send(r#"423["late"]"#).await;
        // The answer to this comes when the frame before it has reached the session.
        late.0.send(Message::Ping(Default::default())).await.unwrap();
        assert_eq!(late.next().await, Some(Message::Pong(Default::default())));
    };
    let client = async {
        // Whoever hears this was told to be quiet before.
        port.deliver(&Packet::event(MAIN, "hushed", &1));
        assert_eq!(socket.lock().await.text().await, r#"42["hushed",1]"#);
        scene.leave.add_permits(10);
    };
    soon(join(scene.server.socket_server.close_in_waves(Duration::ZERO, settled), client)).await;
    assert!(scene.server.socket_server.is_shut());
    assert_eq!(socket.into_inner().closed().await, Some(1012));
    assert!(scene.seen.try_recv().is_err(), "neither what was kept nor what came late");
}

#[actix::test]
async fn what_is_delivered_until_it_is_settled_reaches_websockets_and_polls() {
    let mut scene = Scene::set();
    let (mut socket, way) = scene.websocket().await;
    let poller = scene.server.poller("/socket.io/").await;
    poller.say("40").await;
    assert_eq!(poller.packets().await.len(), 1);
    let port = scene.port().await;
    let large = Packet::event(MAIN, "large", &"x".repeat(100_000));
    let settled = async || {
        (0..20).for_each(|_| way.deliver(&large));
        // More than one poll brings.
        (0..40).for_each(|n| port.deliver(&Packet::event(MAIN, "n", &n)));
    };
    let reader = async {
        for _ in 0..20 {
            assert_eq!(socket.text().await, large.text());
        }
        assert_eq!(socket.closed().await, Some(1012));
    };
    let polls = async {
        let mut polled = vec![];
        loop {
            match poller.get().await {
                (StatusCode::OK, body) => polled.extend(body.split('\x1e').map(str::to_owned)),
                (status, _) => return (status, polled),
            }
        }
    };
    let (_, _, last) =
        soon(join3(scene.server.socket_server.close_in_waves(Duration::ZERO, settled), reader, polls)).await;
    let expected: Vec<_> = (0..40).map(|n| format!(r#"42["n",{n}]"#)).collect();
    assert_eq!(last, (StatusCode::BAD_REQUEST, expected));
}

#[actix::test]
async fn many_are_closed_in_waves() {
    let server = Server::calm();
    let sockets = join_all((0..250).map(|_| server.joined())).await;
    let waves = Cell::new(0);
    let left = RefCell::new(vec![]);
    let settled = async || {
        waves.set(waves.get() + 1);
        left.borrow_mut().push(server.socket_server.live());
    };
    let closes = join_all(sockets.into_iter().map(async |mut socket| socket.closed().await));
    let ((), closes) = soon(join(server.socket_server.close_in_waves(Duration::from_secs(10), settled), closes)).await;
    assert!(closes.iter().all(|close| *close == Some(1012)));
    assert_eq!(waves.get(), 3);
    assert_eq!(*left.borrow(), [250, 150, 50]);
    assert_eq!((server.socket_server.live(), server.socket_server.stats().ended(Reason::ServerShutdown)), (0, 250));
}

#[actix::test]
async fn a_handshake_that_races_with_the_stop_leaves_nobody_behind() {
    for _ in 0..30 {
        let server = Server::calm();
        let arrivals = join_all((0..20).map(async |_| {
            if let Ok(mut socket) = Socket::open(server.port, WEBSOCKET).await {
                while !matches!(socket.next().await, Some(Message::Close(_)) | None) {}
            }
        }));
        let stop = async {
            // Some are in by then, and some on their way.
            soon(async {
                while server.socket_server.live() == 0 {
                    actix_rt::task::yield_now().await;
                }
            })
            .await;
            server.stop().await;
        };
        soon(join(arrivals, stop)).await;
        // One that came after the stop was counted for the moment in which it was refused.
        assert_eq!(server.socket_server.live(), 0);
    }
}
