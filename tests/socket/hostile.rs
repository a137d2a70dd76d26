//! Applications that panic or take their time, and clients that flood.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{
    FutureExt, SinkExt,
    future::{LocalBoxFuture, ready},
};
use greenroom::socket::{Admission, Application, Bounds, Client, Connect, Event, MAIN, Options, Packet, Port, Reason};
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, Socket, calm, read_all};

/// Works only while the test lets it, and panics on request.
struct Moody {
    gate: Arc<Semaphore>,
    seen: Arc<AtomicUsize>,
    left: Arc<AtomicUsize>,
}

struct Guest {
    gate: Arc<Semaphore>,
    seen: Arc<AtomicUsize>,
    left: Arc<AtomicUsize>,
    port: Port,
}

impl Application for Moody {
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission> {
        let port = connect.port;
        match connect.namespace.as_str() {
            "/panic" => panic!("on request"),
            "/panic-later" => return async { panic!("on request, later") }.boxed_local(),
            "/stranger" => {
                let packets = vec![Packet::event("/stranger", "auth-failure", &serde_json::json!({"reason": "x"}))];
                return ready(Admission::Dismissed { packets }).boxed_local();
            }
            _ => {}
        }
        let gate = self.gate.clone();
        let seen = self.seen.clone();
        let left = self.left.clone();
        let client = Box::new(Guest { gate, seen, left, port: port.clone() });
        async move {
            port.deliver(&Packet::event(MAIN, "early", &()));
            Admission::Accepted { client, opening: vec![Packet::event(MAIN, "opening", &())] }
        }
        .boxed_local()
    }
}

impl Client for Guest {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        self.seen.fetch_add(1, Ordering::SeqCst);
        let gate = self.gate.clone();
        let port = self.port.clone();
        match event.name() {
            "panic" => panic!("on request"),
            "panic-later" => Some(async { panic!("on request, later") }.boxed_local()),
            "slow" => Some(
                async move {
                    gate.acquire().await.unwrap().forget();
                    port.deliver(&Packet::event(MAIN, "slow-done", &()));
                }
                .boxed_local(),
            ),
            _ => {
                port.deliver(&Packet::event(MAIN, "done", &()));
                None
            }
        }
    }

    fn left(&mut self, _: Reason) {
        self.left.fetch_add(1, Ordering::SeqCst);
        assert!(self.gate.available_permits() < 100, "panics on request");
    }
}

struct Stage {
    server: Server,
    gate: Arc<Semaphore>,
    seen: Arc<AtomicUsize>,
    left: Arc<AtomicUsize>,
}

impl Stage {
    fn set(options: Options) -> Stage {
        let gate = Arc::new(Semaphore::new(0));
        let seen = Arc::default();
        let left = Arc::default();
        let moody = Moody { gate: gate.clone(), seen: Arc::clone(&seen), left: Arc::clone(&left) };
        Stage { server: Server::of(options, Arc::new(moody)), gate, seen, left }
    }

    async fn join(&self) -> Socket {
        let mut socket = self.server.websocket("/socket.io/").await;
        socket.send("40").await;
        assert!(socket.text().await.starts_with("40{"));
        assert_eq!(socket.text().await, r#"42["opening",null]"#);
        assert_eq!(socket.text().await, r#"42["early",null]"#, "kept until the opening was said");
        socket
    }
}

#[actix::test]
async fn security35_a_panic_ends_one_connection_only() {
    let stage = Stage::set(calm());
    let mut other = stage.join().await;
    for event in [r#"42["panic"]"#, r#"42["panic-later"]"#, "40/panic", "40/panic-later"] {
        let mut socket = stage.join().await;
        socket.send(event).await;
        assert_eq!(socket.closed().await, Some(1011), "{event}");
    }
    stage.server.until_live(1).await;
    other.send(r#"42["hello"]"#).await;
    assert_eq!(other.text().await, r#"42["done",null]"#);
    assert_eq!(stage.left.load(Ordering::SeqCst), 4, "their clients were told");

    stage.gate.add_permits(100);
    other.send("41").await;
    other.send("40").await;
    assert!(other.text().await.starts_with("40{"), "a panic in left() is contained too");
}

#[actix::test]
async fn s23_a_dismissed_client_hears_why_and_keeps_its_connection() {
    let stage = Stage::set(calm());
    let mut socket = stage.server.websocket("/socket.io/").await;
    socket.send("40/stranger").await;
    assert!(socket.text().await.starts_with("40/stranger,{"));
    assert_eq!(socket.text().await, r#"42/stranger,["auth-failure",{"reason":"x"}]"#);
    assert_eq!(socket.text().await, "41/stranger,");
    socket.send("40").await;
    assert!(socket.text().await.starts_with("40{"));
}

#[actix::test]
async fn events_wait_for_the_one_before_them_and_other_things_do_not() {
    let stage = Stage::set(calm());
    let mut socket = stage.join().await;
    socket.send(r#"42["slow"]"#).await;
    socket.send(r#"42["next"]"#).await;
    socket.send("40/other").await;
    assert!(socket.text().await.starts_with("40/other,{"), "another namespace is not held up");
    assert_eq!(socket.text().await, r#"42["opening",null]"#);
    assert_eq!(socket.text().await, r#"42["early",null]"#);
    assert_eq!(stage.seen.load(Ordering::SeqCst), 1);
    stage.gate.add_permits(1);
    assert_eq!(socket.text().await, r#"42["slow-done",null]"#);
    assert_eq!(socket.text().await, r#"42["done",null]"#);
}

#[actix::test]
async fn a_socket_is_not_read_while_too_much_waits() {
    let stage = Stage::set(Options { bounds: Bounds { mailbox_capacity: 8, ..calm().bounds }, ..calm() });
    let mut socket = stage.join().await;
    socket.send(r#"42["slow"]"#).await;
    let padding = "x".repeat(100_000);
    let flood = Message::text(format!(r#"42["next","{padding}"]"#));
    let mut sent = 0;
    // Once the kernel's buffers are full, sending stalls: nothing reads.
    while actix_rt::time::timeout(Duration::from_millis(300), socket.0.send(flood.clone())).await.is_ok() {
        sent += 1;
        assert!(sent < 1000, "a hundred megabytes were read while eight frames may wait");
    }
    assert_eq!(stage.seen.load(Ordering::SeqCst), 1);
    stage.gate.add_permits(1);
    assert_eq!(socket.text().await, r#"42["slow-done",null]"#);
    for _ in 0..sent {
        assert_eq!(socket.text().await, r#"42["done",null]"#);
    }
}

#[actix::test]
async fn s10_a_post_is_not_answered_while_too_much_waits() {
    let stage = Stage::set(Options { bounds: Bounds { mailbox_capacity: 8, ..calm().bounds }, ..calm() });
    let poller = stage.server.poller("/socket.io/").await;
    poller.say("40").await;
    assert_eq!(poller.packets().await.len(), 3);
    let mut packets = vec![r#"42["slow"]"#];
    packets.extend([r#"42["next"]"#; 20]);
    let body = packets.join("\x1e");
    let posting = poller.clone();
    let post = actix_rt::spawn(async move { posting.post(body).await });
    while stage.seen.load(Ordering::SeqCst) == 0 {
        actix_rt::task::yield_now().await;
    }
    let held = poller.hold();
    assert!(!post.is_finished());
    stage.gate.add_permits(1);
    assert!(held.await.1.starts_with(r#"42["slow-done",null]"#));
    assert_eq!(post.await.unwrap().1, "ok");
}

#[actix::test]
async fn s9_a_post_that_the_client_gives_up_before_its_answer_ends_the_session() {
    let stage = Stage::set(Options { bounds: Bounds { mailbox_capacity: 2, ..calm().bounds }, ..calm() });
    let poller = stage.server.poller("/socket.io/").await;
    poller.say("40").await;
    assert_eq!(poller.packets().await.len(), 3);
    let body = [r#"42["slow"]"#, r#"42["next"]"#].join("\x1e");
    let path = &poller.url[poller.url.find("/socket.io").unwrap()..];
    let post = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let tcp = stage.server.raw(&post).await;
    while stage.seen.load(Ordering::SeqCst) == 0 {
        actix_rt::task::yield_now().await;
    }
    drop(tcp);
    stage.server.until_live(0).await;
    poller.assert_unknown().await;
}

#[actix::test]
async fn s13_unread_pongs_are_not_held_against_the_client() {
    let options = Options {
        bounds: Bounds { mailbox_capacity: 2, ..calm().bounds },
        ping_interval: Duration::from_millis(100),
        ping_timeout: Duration::from_millis(100),
        ..calm()
    };
    let stage = Stage::set(options);
    let mut socket = stage.join().await;
    for event in [r#"42["slow"]"#, r#"42["next"]"#, r#"42["next"]"#] {
        socket.send(event).await;
    }
    let silence = actix_rt::time::timeout(Duration::from_millis(600), socket.next()).await;
    assert!(silence.is_err(), "neither an event nor the end, but pings, which were answered");
    stage.gate.add_permits(1);
    assert_eq!(socket.text().await, r#"42["slow-done",null]"#, "the answers were not read");
    assert_eq!(socket.text().await, r#"42["done",null]"#);
}

#[actix::test]
async fn s20_a_flood_of_tiny_frames_is_handled_in_order() {
    let server = Server::calm();
    let mut socket = server.websocket("/engine.io/").await;
    for n in 0..5000 {
        socket.0.feed(Message::text(format!("4{n}"))).await.unwrap();
    }
    socket.0.flush().await.unwrap();
    for n in 0..5000 {
        assert_eq!(socket.text().await, format!("4{n}"));
    }
}

#[actix::test]
async fn security22_a_body_that_trickles_does_not_outlive_its_session() {
    let ping_interval = Duration::from_millis(100);
    let ping_timeout = Duration::from_millis(100);
    let server = Server::with(Options { ping_interval, ping_timeout, ..calm() });
    let poller = server.poller("/engine.io/").await;
    let sid = &poller.sid;
    let post =
        format!("POST /engine.io/?EIO=4&transport=polling&sid={sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4");
    let answer = read_all(server.raw(&post).await).await;
    assert!(answer.starts_with(b"HTTP/1.1 400 "), "{}", answer.escape_ascii());
    server.until_live(0).await;
}
