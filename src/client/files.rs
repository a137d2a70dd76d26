//! Files that messages bring along: they are looked up before the chat decides, and taken hold of as the message is stored.
use super::{Services, unanswered::within_deadline};
use crate::{
    chat::{Command, Post, Request},
    domain::{ChatId, File, FileId, UserId},
    events::SendMessage,
    presence::Caller,
    store::Fault,
};

impl Services {
    /// Whoever may say nothing in the chat is told so by the chat, whatever files there are.
    pub(super) async fn send_files(
        &self,
        caller: Caller,
        chat: ChatId,
        message: SendMessage,
        wanted: Vec<Option<FileId>>,
    ) {
        let SendMessage { kind, content, client_id, extras, .. } = message;
        match within_deadline(self.own_files(caller.user, &wanted)).await {
            Ok(files) => {
                let mut extras = extras.unwrap_or_default();
                extras.lacks_files = files.is_none();
                extras.attachments = files.unwrap_or_default();
                let post = Post { kind: Some(kind), content, client_id, extras: Some(extras) };
                self.registry.route(chat, Command { caller, request: Request::Post(post) });
            }
            Err(fault) => self.fail(&caller, &fault),
        }
    }

    /// None if one of them is not there.
    async fn own_files(&self, user: UserId, wanted: &[Option<FileId>]) -> Result<Option<Vec<File>>, Fault> {
        let Some(ids) = wanted.iter().copied().collect::<Option<Vec<FileId>>>() else { return Ok(None) };
        self.store.own_files(user, &ids).await
    }
}
