//! The protocol rooms without the chat: an echo server for any Engine.IO or Socket.IO test suite.
//!
//! `cargo run --release --example protocol_echo -- --port 3000`
use std::{net::TcpListener, sync::Arc, time::Duration};

use clap::Parser;
use futures_util::future::{FutureExt, LocalBoxFuture, ready};
use greenroom::socket::{
    Admission, Application, Bounds, Client, Connect, Endpoint, Event, MAIN, Options, Origins, Packet, Port, serve,
};

/// How long `ask` waits for the client.
const PATIENCE: Duration = Duration::from_millis(500);

/// Command line.
#[derive(Parser)]
struct Arguments {
    /// Port to listen on, IPv4 and IPv6 alike; 0 takes any.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Worker threads.
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Milliseconds from one ping to the next.
    #[arg(long, default_value_t = 300)]
    ping_interval: u64,
    /// Milliseconds that a client may take to answer a ping.
    #[arg(long, default_value_t = 200)]
    ping_timeout: u64,
}

/// Lets everybody into two namespaces.
pub struct Echo;

impl Application for Echo {
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission> {
        let Connect { namespace, auth, port, .. } = connect;
        if namespace != MAIN && namespace != "/custom" {
            return ready(Admission::Refused { message: "Invalid namespace".into() }).boxed_local();
        }
        let auth = format!(r#"["auth",{}]"#, auth.as_deref().unwrap_or("{}"));
        let opening = vec![Packet::raw_event(&namespace, &auth, &[])];
        let client = Box::new(Parrot { talks: namespace == MAIN, port });
        ready(Admission::Accepted { client, opening }).boxed_local()
    }
}

/// Says what it is told.
struct Parrot {
    talks: bool,
    port: Port,
}

impl Client for Parrot {
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>> {
        match event.name() {
            _ if !self.talks => {}
            "message" => self.emit("message-back", &event),
            "message-with-ack" => {
                if let Some(id) = event.ack {
                    self.port.deliver(&Packet::raw_ack(MAIN, id, &array(None, &event), event.attachments()));
                }
            }
            "kick" => self.port.disconnect(),
            // On its own, so that later events need not wait for the answer.
            "ask" => drop(actix_rt::spawn(ask(self.port.clone(), event))),
            _ => {}
        }
        None
    }
}

impl Parrot {
    fn emit(&self, name: &str, event: &Event) {
        self.port.deliver(&Packet::raw_event(MAIN, &array(Some(name), event), event.attachments()));
    }
}

/// Asks the client what it asked, and tells it what it answered.
async fn ask(port: Port, event: Event) {
    let question = array(Some("ask"), &event);
    let result = match port.ask(question.into(), event.attachments().to_vec(), PATIENCE).await {
        Ok(answer) => Packet::raw_event(MAIN, &array(Some("ask-result"), &answer), answer.attachments()),
        Err(_) => Packet::event(MAIN, "ask-result", &"timeout"),
    };
    port.deliver(&result);
}

/// The event's arguments as one JSON array, after `name` if there is one.
fn array(name: Option<&str>, event: &Event) -> String {
    let name = name.map(|name| format!(r#""{name}""#));
    let items: Vec<&str> = name.as_deref().into_iter().chain(event.raw_args()).collect();
    format!("[{}]", items.join(","))
}

/// What the test suites expect of the server.
pub fn options() -> Options {
    Options {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        max_payload: 1_000_000,
        connect_timeout: Duration::from_millis(1000),
        connect_pause: Duration::from_millis(40),
        bounds: Bounds { outbound_bytes: 16 * 1024 * 1024, ..Bounds::default() },
        origins: Origins { any: true, ..Origins::default() },
        ..Options::default()
    }
}

#[actix::main]
async fn main() -> std::io::Result<()> {
    env_logger::init();
    let Arguments { port, workers, ping_interval, ping_timeout } = Arguments::parse();
    let (ping_interval, ping_timeout) = (Duration::from_millis(ping_interval), Duration::from_millis(ping_timeout));
    let options = Options { ping_interval, ping_timeout, ..options() };
    let listener = TcpListener::bind(("::", port))?;
    println!("listening on http://127.0.0.1:{}", listener.local_addr()?.port());
    let endpoints = vec![Endpoint::engine_io("/engine.io", Some), Endpoint::socket_io("/socket.io", Arc::new(Echo))];
    let (server, _doors) = serve(listener, workers, options, endpoints, |_| {})?;
    server.await
}
