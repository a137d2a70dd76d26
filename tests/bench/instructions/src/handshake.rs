//! A WebSocket that comes, signs in, hears its first events, and goes: the whole server, over loopback.
use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
};

use actix_rt::task::spawn_blocking;
use greenroom::{
    app::{self, App, Groups, Population},
    settings::{Settings, Synchronous},
};
use serde_json::Value;

const USERS: usize = 8;
const LAST_OPENING_EVENT: &[u8] = b"group-chat-list";

/// Lets so many sockets in, one after the other.
pub async fn join(times: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = settings(folder.path());
    let users = folder.path().join("users.json");
    let population = Population { users: USERS, groups: Groups::default() };
    app::seed(&settings, population, &users).await.expect("a population");
    let app = App::build(settings).await.expect("a server");
    let address = app.address();
    let serving = actix_rt::spawn(app.run_until_stopped());
    let requests = requests(&fs::read(&users).expect("users"), address);
    let joining = spawn_blocking(move || (0..times).for_each(|n| visit(address, &requests[n % USERS])));
    joining.await.expect("every socket was let in");
    serving.abort();
}

fn settings(folder: &Path) -> Settings {
    let mut settings = Settings::defaults();
    settings.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    settings.server.admin_listen = settings.server.listen;
    settings.server.workers = 1;
    settings.actors.arbiters = 1;
    settings.database.url = format!("sqlite://{}/greenroom.db", folder.display()).into();
    settings.database.synchronous = Synchronous::Off;
    settings.auth.secret_file = folder.join("secret");
    settings.mail.outbox = folder.join("outbox");
    settings.limits.enabled = false;
    settings
}

/// One upgrade request for each user.
fn requests(users: &[u8], address: SocketAddr) -> Vec<String> {
    let users: Vec<Value> = serde_json::from_slice(users).expect("a list of users");
    let token = |user: &Value, name: &str| user[name].as_str().expect("a token").to_owned();
    let request = |user: &Value| {
        format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Cookie: access_token={}; refresh_token={}\r\n\r\n",
            token(user, "access_token"),
            token(user, "refresh_token")
        )
    };
    users.iter().map(request).collect()
}

/// The text frame `40`, masked with zeros.
const CONNECT: &[u8] = b"\x81\x82\0\0\0\x0040";

fn visit(address: SocketAddr, request: &str) {
    let mut socket = TcpStream::connect(address).expect("a connection");
    socket.write_all(request.as_bytes()).expect("a request");
    socket.write_all(CONNECT).expect("a packet");
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while !heard.windows(LAST_OPENING_EVENT.len()).any(|part| part == LAST_OPENING_EVENT) {
        let read = socket.read(&mut buffer).expect("an answer");
        assert!(read > 0, "turned away: {}", String::from_utf8_lossy(&heard));
        heard.extend_from_slice(&buffer[..read]);
    }
}
