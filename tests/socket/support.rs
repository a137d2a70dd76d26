//! A server on a port of its own, and clients that speak frames.
use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_server::ServerHandle;
use futures_util::{SinkExt, StreamExt};
use greenroom::socket::{Application, Endpoint, Options, SocketServer, serve};
use reqwest::{Client, Response, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message},
};

use crate::echo::{self, Echo};

/// Nothing here takes longer unless it is broken.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    actix_rt::time::timeout(PATIENCE, future).await.expect("this should have come by now")
}

pub struct Server {
    pub port: u16,
    pub socket_server: SocketServer,
    handle: ServerHandle,
}

impl Server {
    /// The conformance server itself.
    pub fn start() -> Server {
        Server::with(echo::options())
    }

    /// The same with a heartbeat that no test is slow enough to miss.
    pub fn calm() -> Server {
        Server::with(calm())
    }

    pub fn with(options: Options) -> Server {
        Server::of(options, Arc::new(Echo))
    }

    pub fn of(options: Options, application: Arc<dyn Application>) -> Server {
        Server::on(2, options, application)
    }

    /// A calm server that does one thing at a time: what was sent first is taken first, whichever way it comes.
    pub fn single() -> Server {
        Server::on(1, calm(), Arc::new(Echo))
    }

    pub fn on(workers: usize, options: Options, application: Arc<dyn Application>) -> Server {
        let endpoints = vec![Endpoint::engine_io("/engine.io", Some), Endpoint::socket_io("/socket.io", application)];
        Server::at(workers, options, endpoints)
    }

    pub fn at(workers: usize, options: Options, endpoints: Vec<Endpoint>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (server, socket_server) = serve(listener, workers, options, endpoints, |_| {}).unwrap();
        let handle = server.handle();
        actix_rt::spawn(server);
        Server { port, socket_server, handle }
    }

    pub fn url(&self, rest: &str) -> String {
        format!("http://127.0.0.1:{}{rest}", self.port)
    }

    pub async fn get(&self, rest: &str) -> Response {
        soon(crate::client::client().get(self.url(rest)).send()).await.unwrap()
    }

    /// Opens a polling connection at `path`.
    pub async fn poller(&self, path: &str) -> Poller {
        let url = self.url(&format!("{path}?EIO=4&transport=polling"));
        let client = crate::client::client();
        let open = soon(soon(client.get(&url).send()).await.unwrap().text()).await.unwrap();
        let open: serde_json::Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        let sid = open["sid"].as_str().unwrap().to_owned();
        Poller { url: format!("{url}&sid={sid}"), sid, client, port: self.port }
    }

    /// Opens a WebSocket connection at `path` and takes the open packet.
    pub async fn websocket(&self, path: &str) -> Socket {
        let mut socket = Socket::open(self.port, &format!("{path}?EIO=4&transport=websocket")).await.unwrap();
        assert!(socket.text().await.starts_with("0{"));
        socket
    }

    /// A WebSocket connection in the main namespace of Socket.IO.
    pub async fn joined(&self) -> Socket {
        let mut socket = self.websocket("/socket.io/").await;
        socket.send("40").await;
        assert!(socket.text().await.starts_with("40{\"sid\":"));
        assert_eq!(socket.text().await, r#"42["auth",{}]"#);
        socket
    }

    /// A TCP connection that has sent `request`.
    pub async fn raw(&self, request: &str) -> TcpStream {
        let mut tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        tcp.write_all(request.as_bytes()).await.unwrap();
        tcp
    }

    /// Stops in order, with nothing to be waited for.
    pub async fn stop(&self) {
        soon(self.socket_server.close_in_waves(Duration::ZERO, async || {})).await;
    }

    /// Waits until `live` connections are left.
    pub async fn until_live(&self, live: usize) {
        soon(async {
            while self.socket_server.live() != live {
                actix_rt::task::yield_now().await;
            }
        })
        .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The future does its work when it is made; what it waits for does not matter here.
        drop(self.handle.stop(false));
    }
}

pub fn calm() -> Options {
    let calm = Options::default();
    let ping_interval = calm.ping_interval;
    let ping_timeout = calm.ping_timeout;
    let connect_timeout = calm.connect_timeout;
    Options { ping_interval, ping_timeout, connect_timeout, ..echo::options() }
}

/// A client that polls.
#[derive(Clone)]
pub struct Poller {
    pub url: String,
    pub sid: String,
    pub client: Client,
    pub port: u16,
}

impl Poller {
    pub async fn get(&self) -> (StatusCode, String) {
        let response = soon(self.client.get(&self.url).send()).await.unwrap();
        (response.status(), soon(response.text()).await.unwrap())
    }

    /// The packets of the next poll, which must succeed.
    pub async fn packets(&self) -> Vec<String> {
        let (status, body) = self.get().await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body.split('\x1e').map(str::to_owned).collect()
    }

    pub async fn post(&self, body: impl Into<reqwest::Body>) -> (StatusCode, String) {
        let response = soon(self.client.post(&self.url).body(body).send()).await.unwrap();
        (response.status(), soon(response.text()).await.unwrap())
    }

    pub async fn say(&self, body: &str) {
        assert_eq!(self.post(body.to_owned()).await, (StatusCode::OK, "ok".into()));
    }

    /// A poll that is held while something else happens.
    pub fn hold(&self) -> impl Future<Output = (StatusCode, String)> {
        let poller = self.clone();
        let task = actix_rt::spawn(async move { poller.get().await });
        async move { task.await.unwrap() }
    }

    /// A poll that the server holds by the time this returns, if it has one worker. A POST goes before it on the same
    /// TCP connection, and is answered.
    pub async fn held(&self) -> Held {
        let path = &self.url[self.url.find("/engine.io").or(self.url.find("/socket.io")).unwrap()..];
        let requests = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n6GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"
        );
        let mut tcp = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        tcp.write_all(requests.as_bytes()).await.unwrap();
        let mut held = Held { tcp, read: vec![] };
        assert_eq!(held.answer().await, (StatusCode::OK, "ok".into()));
        held
    }

    /// That the server knows this connection no more, and says so.
    pub async fn assert_unknown(&self) {
        assert_eq!(self.get().await, unknown_sid());
    }

    /// Whether the server still knows this connection. Its answer to `BeginPost` tells without taking a packet.
    pub async fn is_alive(&self) -> bool {
        self.post("6").await.0 == StatusCode::OK
    }

    pub async fn upgrade(&self, path: &str) -> Result<Socket, tungstenite::Error> {
        Socket::open(self.port, &format!("{path}?EIO=4&transport=websocket&sid={}", self.sid)).await
    }
}

/// What a request gets whose session there is not.
pub fn unknown_sid() -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, r#"{"code":1,"message":"Session ID unknown"}"#.into())
}

/// A GET that waits for its answer.
pub struct Held {
    tcp: TcpStream,
    read: Vec<u8>,
}

impl Held {
    /// The TCP connection itself.
    pub fn into_tcp(self) -> TcpStream {
        self.tcp
    }

    /// The next answer on this TCP connection.
    pub async fn answer(&mut self) -> (StatusCode, String) {
        soon(async {
            loop {
                if let Some(answer) = self.cut() {
                    return answer;
                }
                assert_ne!(self.tcp.read_buf(&mut self.read).await.unwrap(), 0, "an end before the answer");
            }
        })
        .await
    }

    fn cut(&mut self) -> Option<(StatusCode, String)> {
        let text = std::str::from_utf8(&self.read).unwrap();
        let (head, rest) = text.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        let body = rest.get(..length)?.to_owned();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        self.read.drain(..head.len() + 4 + length);
        Some((status, body))
    }
}

/// A client on a WebSocket.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub async fn open(port: u16, rest: &str) -> Result<Socket, tungstenite::Error> {
        soon(connect_async(format!("ws://127.0.0.1:{port}{rest}"))).await.map(|(socket, _)| Socket(socket))
    }

    pub async fn send(&mut self, text: &str) {
        soon(self.0.send(Message::text(text))).await.unwrap();
    }

    /// Sends all of `texts` so that they may come in one segment.
    pub async fn send_all(&mut self, texts: &[&str]) {
        for text in texts {
            soon(self.0.feed(Message::text(*text))).await.unwrap();
        }
        soon(self.0.flush()).await.unwrap();
    }

    pub async fn send_binary(&mut self, bytes: &'static [u8]) {
        soon(self.0.send(Message::binary(bytes))).await.unwrap();
    }

    pub async fn next(&mut self) -> Option<Message> {
        loop {
            match soon(self.0.next()).await {
                Some(Ok(Message::Text(ping))) if ping == "2" => self.send("3").await,
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The next frame, which must be text.
    pub async fn text(&mut self) -> String {
        match self.next().await {
            Some(Message::Text(text)) => text.to_string(),
            other => panic!("{other:?} is no text"),
        }
    }

    pub async fn binary(&mut self) -> Vec<u8> {
        match self.next().await {
            Some(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("{other:?} is not binary"),
        }
    }

    /// Waits for the end; the code of the close frame if there was one. Nothing else may come before.
    pub async fn closed(&mut self) -> Option<u16> {
        match self.next().await {
            Some(Message::Close(frame)) => frame.map(|frame| frame.code.into()),
            None => None,
            other => panic!("{other:?} instead of the end"),
        }
    }
}

/// All that comes until the other side closes.
pub async fn read_all(mut tcp: TcpStream) -> Vec<u8> {
    let mut all = vec![];
    // A reset after the last byte is an end too.
    let _ = soon(tcp.read_to_end(&mut all)).await;
    all
}

pub fn handshake(port: u16, query: &str, headers: &str) -> String {
    format!(
        "GET /engine.io/?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}
