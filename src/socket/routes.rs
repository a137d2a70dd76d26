//! Long-polling over HTTP. A route finds the session, asks it, and tells it if the client hangs up meanwhile.
use std::sync::Arc;

use actix::prelude::*;
use actix_http::Method;
use actix_rt::time::{sleep, timeout};
use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    web::{self, BytesMut, Data, Payload, ServiceConfig},
};
use futures_util::StreamExt;
use tokio::sync::oneshot;

use super::{
    Handshake, Origins, answers,
    headers::is_encoded,
    occupancy::Full,
    precheck::{self, ENCODED_BODY, Passed, network_of},
    session::{AbandonPoll, AbandonPost, BeginPost, Mount, Poll, Post, Session},
};
use crate::{
    measure::tell_refused,
    protocol::engine::{Frame, OVERTAKEN, Refusal, join},
};

/// Why a request gets no packets.
enum Denied {
    Refused(Refusal),
    Full(Full),
    TooLarge,
    Encoded,
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Denied {
        Denied::Refused(refusal)
    }
}

/// Routes the endpoint's path, with and without a trailing slash, and nothing below it.
pub fn configure(config: &mut ServiceConfig, mount: &Arc<Mount>) {
    let paths = [mount.path.clone(), format!("{}/", mount.path)];
    config.service(web::resource(paths).app_data(Data::from(mount.clone())).route(web::route().to(serve)));
}

async fn serve(request: HttpRequest, payload: Payload, mount: Data<Mount>) -> HttpResponse {
    let origins = &mount.server.options.origins;
    let head = request.head();
    if request.method() == Method::OPTIONS && (origins.any || origins.cors) {
        return answers::preflight(origins, head);
    }
    let reached = reach(&request, payload, &mount).await;
    match reached.or_else(|denied| say_last_packets(&mount, &request, denied)) {
        Ok(body) => answers::text(origins, head, body),
        Err(denied) => deny(origins, &request, denied),
    }
}

/// The last words to a client that polls and has no session any more, if there are any.
fn say_last_packets(mount: &Mount, request: &HttpRequest, denied: Denied) -> Result<String, Denied> {
    let over = matches!(denied, Denied::Refused(Refusal::UnknownSid));
    let words = over.then(|| mount.last_packets.answer(request.head())).flatten();
    words.map(|frames| join(&frames)).ok_or(denied)
}

fn deny(origins: &Origins, request: &HttpRequest, denied: Denied) -> HttpResponse {
    match denied {
        Denied::Refused(refusal) => answers::refusal(origins, request.head(), refusal),
        Denied::Full(full) => answers::full(origins, request.head(), full),
        Denied::TooLarge => answers::too_large(origins, request.head()),
        Denied::Encoded => answers::encoded(origins, request.head()),
    }
}

async fn reach(request: &HttpRequest, payload: Payload, mount: &Data<Mount>) -> Result<String, Denied> {
    match precheck::check(mount, request.head(), false)? {
        Passed::New(transport) => {
            let handshake = Handshake::of(request.head(), &mount.server.options.trusted_proxies);
            let slot = mount.server.slot(handshake.peer).map_err(Denied::Full)?;
            let opened = Session::open(&mount.clone().into_inner(), slot, handshake, transport);
            Ok(join(opened.opening.as_slice()))
        }
        Passed::Live(session) if request.method() == Method::GET => Ok(join(&poll(session).await?)),
        Passed::Live(_) if is_encoded(request.headers()) => {
            tell_refused(ENCODED_BODY, &network_of(mount, request.head()));
            Err(Denied::Encoded)
        }
        Passed::Live(session) => post(request, payload, session, mount).await,
    }
}

async fn poll(session: Addr<Session>) -> Result<Vec<Frame>, Refusal> {
    let (answer, answered) = oneshot::channel();
    session.do_send(Poll { answer });
    let watch = Watch::over(&session, AbandonPoll);
    let frames = answered.await;
    watch.end();
    if let Ok(Err(Refusal::BadRequest)) = frames {
        sleep(OVERTAKEN).await;
    }
    frames.unwrap_or(Err(Refusal::UnknownSid))
}

async fn post(
    request: &HttpRequest,
    payload: Payload,
    session: Addr<Session>,
    mount: &Mount,
) -> Result<String, Denied> {
    let (answer, admitted) = oneshot::channel();
    session.do_send(BeginPost { answer });
    let mut watch = Watch::over(&session, AbandonPost::HungUp);
    let limit = match admitted.await.unwrap_or(Err(Refusal::UnknownSid)) {
        Ok(limit) => limit,
        Err(refusal) => {
            watch.end();
            return Err(refusal.into());
        }
    };
    let options = &mount.server.options;
    // A body must not outlive its session, which would be dead of silence by then.
    let patience = options.ping_interval + options.ping_timeout;
    let body = match timeout(patience, read(request, payload, limit)).await.unwrap_or(Err(AbandonPost::HungUp)) {
        Ok(body) => body,
        Err(why) => {
            watch.last = Some(why);
            return Err(if why == AbandonPost::TooLarge { Denied::TooLarge } else { Refusal::BadRequest.into() });
        }
    };
    let (answer, answered) = oneshot::channel();
    session.do_send(Post { body: body.freeze(), answer });
    let taken = answered.await;
    watch.end();
    taken.unwrap_or(Err(Refusal::UnknownSid))?;
    Ok("ok".into())
}

/// The body, read whole before it is decoded: a character may lie across two chunks.
async fn read(request: &HttpRequest, mut payload: Payload, limit: usize) -> Result<BytesMut, AbandonPost> {
    if request.content_type().eq_ignore_ascii_case("application/octet-stream") {
        return Err(AbandonPost::Binary);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AbandonPost::HungUp)?;
        if body.len() + chunk.len() > limit {
            return Err(AbandonPost::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Tells the session `last` unless the request came to its end: actix-web drops a route whose client hangs up.
struct Watch<M>
where
    M: Message<Result = ()> + Send + 'static,
    Session: Handler<M>,
{
    session: Addr<Session>,
    last: Option<M>,
}

impl<M> Watch<M>
where
    M: Message<Result = ()> + Send + 'static,
    Session: Handler<M>,
{
    fn over(session: &Addr<Session>, last: M) -> Watch<M> {
        Watch { session: session.clone(), last: Some(last) }
    }

    fn end(mut self) {
        self.last = None;
    }
}

impl<M> Drop for Watch<M>
where
    M: Message<Result = ()> + Send + 'static,
    Session: Handler<M>,
{
    fn drop(&mut self) {
        if let Some(last) = self.last.take() {
            self.session.do_send(last);
        }
    }
}
