//! Messages that are said again elsewhere: the chat they are in says what they say, and the other chat decides.
use tokio::sync::oneshot;

use super::{Services, unanswered::within_deadline};
use crate::{
    chat::{Command, Post, Request, Said},
    domain::Extras,
    events::{Answer, ForwardMessage},
    presence::Caller,
    store::Fault,
};

impl Services {
    pub(super) async fn forward(&self, caller: Caller, asked: ForwardMessage) {
        let (answer, answered) = oneshot::channel();
        let request = Request::Copy { seq: asked.seq, answer };
        self.registry.route(asked.chat, Command { caller: caller.clone(), request });
        match answered.await {
            Ok(Ok(Said { content, attachments })) => {
                let extras = Some(Box::new(Extras { forwarded: true, attachments, ..Extras::default() }));
                let post = Post { kind: None, content, client_id: asked.client_id, extras };
                self.registry.route(asked.to, Command { caller, request: Request::Post(post) });
            }
            Ok(Err(refusal)) => match within_deadline(self.repeated(&caller, &asked)).await {
                Ok(Some(answer)) => {
                    self.presence.answer(&caller, answer);
                }
                Ok(None) => self.refuse(&caller, &refusal),
                Err(fault) => self.fail(&caller, &fault),
            },
            // The caller was refused on the way.
            Err(_) => {}
        }
    }

    /// What was stored under the same key before is answered as ever, whatever became of the message since.
    async fn repeated(&self, caller: &Caller, asked: &ForwardMessage) -> Result<Option<Answer<'static>>, Fault> {
        let ForwardMessage { to: chat_id, client_id: Some(client_id), .. } = asked else { return Ok(None) };
        if !self.store.is_member(*chat_id, caller.user).await? {
            return Ok(None);
        }
        let found = self.store.said_under(*chat_id, caller.user, client_id).await?;
        let answer = |(id, seq, timestamp)| Answer::Stored {
            chat_id: *chat_id,
            id,
            seq,
            timestamp,
            repeat: true,
            not_mentioned: &[],
        };
        Ok(found.map(answer))
    }
}
