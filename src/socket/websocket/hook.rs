//! WebSockets leave HTTP here: every request with `Upgrade: websocket` comes to this hook instead of the routes, so that
//! the HTTP dispatcher and its buffers are gone before the first frame.
use std::{
    future::poll_fn,
    io,
    rc::Rc,
    sync::Arc,
    task::{Poll, ready},
};

use actix::Addr;
use actix_codec::{Encoder, Framed, FramedParts};
use actix_http::{
    ConnectionType, Request, RequestHead, Response,
    body::{BodySize, BoxBody, MessageBody},
    h1::{Codec, Message},
    ws::{self, CloseCode},
};
use actix_rt::time::sleep;
use actix_web::HttpResponse;
use bytes::{Buf, Bytes, BytesMut};

use super::{feeder::Feeder, inbound::Inbound, io::Io, pump};
use crate::{
    protocol::engine::{OVERTAKEN, Refusal},
    socket::{
        Handshake, answers,
        outbound::close_frame,
        precheck::{self, Passed},
        server_state::ServerState,
        session::{Mount, Session, Upgrade, Wire},
    },
};

/// Answers one upgrade request: by 101 and a task of its own, or by an error.
pub async fn upgrade<T: Into<Io>>(
    mounts: Arc<[Arc<Mount>]>,
    request: Request,
    framed: Framed<T, Codec>,
) -> Result<(), actix_web::Error> {
    let FramedParts { io, mut codec, read_buf, mut write_buf, .. } = framed.into_parts();
    let io = io.into();
    match accept(&mounts, &request).await {
        Ok(accepted) => {
            let answer = ws::handshake_response(request.head()).finish();
            encode(answer.map_into_boxed_body(), &mut codec, &mut write_buf)?;
            match accepted {
                Some((session, wire)) => start(io, read_buf, write_buf.freeze(), session, wire, &mounts[0].server),
                None => {
                    sleep(OVERTAKEN).await;
                    write_buf.extend_from_slice(&close_frame(CloseCode::Normal));
                    say_last(io, write_buf.freeze()).await;
                }
            }
        }
        Err(response) => {
            let mut response: Response<BoxBody> = response.into();
            response.head_mut().set_connection_type(ConnectionType::Close);
            encode(response, &mut codec, &mut write_buf)?;
            say_last(io, write_buf.freeze()).await;
        }
    }
    Ok(())
}

/// The session that the WebSocket belongs to, new or live. `None`: that session has a WebSocket, and this one is to be
/// closed after its handshake. Some clients fail altogether if the handshake itself is refused.
async fn accept(mounts: &[Arc<Mount>], request: &Request) -> Result<Option<(Addr<Session>, Wire)>, HttpResponse> {
    let head = request.head();
    let path = request.path();
    let Some(mount) = mounts.iter().find(|mount| path.strip_suffix('/').unwrap_or(path) == mount.path) else {
        let fallback = mounts.first().and_then(|mount| mount.server.options.fallback.as_ref());
        return Err(fallback.map_or_else(|| HttpResponse::NotFound().finish(), |fallback| fallback.0(head)));
    };
    let origins = &mount.server.options.origins;
    let refuse = |refusal| answers::refusal(origins, head, refusal);
    match precheck::check(mount, head, true).map_err(refuse)? {
        _ if !is_websocket(head) => Err(refuse(Refusal::BadRequest)),
        Passed::New(transport) => {
            let handshake = Handshake::of(head, &mount.server.options.trusted_proxies);
            let slot = mount.server.slot(handshake.peer).map_err(|full| answers::full(origins, head, full))?;
            let opened = Session::open(mount, slot, handshake, transport);
            opened.wire.map(|wire| Some((opened.session, wire))).ok_or_else(|| refuse(Refusal::BadRequest))
        }
        Passed::Live(session) => {
            let wire = session.send(Upgrade).await.unwrap_or(Err(Refusal::UnknownSid));
            wire.map(|wire| wire.map(|wire| (session, wire))).map_err(refuse)
        }
    }
}

/// Whether the request is a sound handshake of RFC 6455.
fn is_websocket(head: &RequestHead) -> bool {
    ws::verify_handshake(head).is_ok()
}

/// Lets the WebSocket run on its own.
fn start(io: Io, early: BytesMut, answer: Bytes, session: Addr<Session>, wire: Wire, server: &ServerState) {
    io.release();
    let io = Rc::new(io);
    let Wire { line, outbound, inflow } = wire;
    let reader = {
        let io = io.clone();
        let inflow = inflow.clone();
        move |gauge| Inbound::new(io, early, gauge, inflow)
    };
    let feeder = Feeder::start(session, line, inflow, reader, server.options.max_payload);
    actix_rt::spawn(server.running.track_future(pump::run(io, answer, feeder, outbound)));
}

/// Writes the last bytes and closes. A client that does not take them is its own problem.
async fn say_last(io: Io, mut answer: Bytes) {
    let writing = poll_fn(|cx| {
        while !answer.is_empty() {
            match ready!(io.poll_write(cx, &answer))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => answer.advance(written),
            }
        }
        io.poll_flush(cx)
    });
    if writing.await.is_ok() {
        pump::linger(io).await;
    }
}

fn encode(response: Response<BoxBody>, codec: &mut Codec, into: &mut BytesMut) -> std::io::Result<()> {
    let (head, body) = response.into_parts();
    let body = body.try_into_bytes().unwrap_or_default();
    let size = if body.is_empty() { BodySize::None } else { BodySize::Sized(body.len() as u64) };
    codec.encode(Message::Item((head, size)), into)?;
    if !body.is_empty() {
        codec.encode(Message::Chunk(Some(body)), into)?;
        codec.encode(Message::Chunk(None), into)?;
    }
    Ok(())
}
