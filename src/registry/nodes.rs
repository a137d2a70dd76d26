//! What other nodes did, on its way to the chats that live here or that somebody here is in.
use actix::prelude::*;
use futures_util::future::join_all;

use super::{
    handle::Registry,
    messages::{Answers, Doubted, Heard, Stands, Whispers},
    shard::Shard,
};
use crate::{
    chat::{Abreasted, Behind, Hear, Renew, StandsAt, Whispered},
    domain::{ChatId, ChatNews, Step},
    presence::Whisper,
    writer::Answer,
};

impl Registry {
    /// Other nodes did something, in this order; with each goes whether somebody here is in that chat. This must not be lost, so it
    /// passes full mailboxes by.
    pub fn hear(&self, news: Vec<(ChatNews, bool)>) {
        let mut portions: Vec<Vec<(ChatNews, bool)>> = self.shards().iter().map(|_| Vec::new()).collect();
        for (news, is_watched) in news {
            portions[self.place_of(news.chat)].push((news, is_watched));
        }
        for (shard, portion) in self.shards().iter().zip(portions).filter(|(_, portion)| !portion.is_empty()) {
            shard.send(Heard(portion));
        }
    }

    /// What became of decisions of chats, behind what others did before.
    pub fn answer(&self, all: Vec<Answer>) {
        let mut portions: Vec<Vec<Answer>> = self.shards().iter().map(|_| Vec::new()).collect();
        all.into_iter().for_each(|answer| portions[self.place_of(answer.chat)].push(answer));
        for (shard, portion) in self.shards().iter().zip(portions).filter(|(_, portion)| !portion.is_empty()) {
            shard.send(Answers(portion));
        }
    }

    /// A hint of another node, for a chat that somebody here is in.
    pub fn whisper(&self, chat: ChatId, whisper: Whisper) {
        self.shard_of(chat).send(Whispers(chat, whisper));
    }

    /// At which step some chats stand that live here, at most so many of each shard.
    pub async fn stands(&self, most: usize) -> Vec<(ChatId, Step)> {
        let found = join_all(self.open().map(|shard| shard.send(Stands(most)))).await;
        found.into_iter().filter_map(Result::ok).flatten().collect()
    }

    /// A chat was told something wrong: it looks at the database again, and its members' sockets here come back.
    pub fn renew(&self, chat: ChatId) {
        self.shard_of(chat).send(Doubted(chat));
    }
}

impl Handler<Heard> for Shard {
    type Result = ();

    fn handle(&mut self, Heard(all): Heard, _: &mut Self::Context) {
        for (news, is_watched) in all {
            if is_watched || self.live.contains_key(&news.chat) {
                let live = self.find_or_start(news.chat);
                // Whoever was asked whether it may go has something to do.
                live.routed += 1;
                live.chat.do_send(Hear(news));
            }
        }
    }
}

impl Handler<Answers> for Shard {
    type Result = ();

    fn handle(&mut self, Answers(all): Answers, _: &mut Self::Context) {
        all.into_iter().for_each(|answer| answer.to.do_send(answer.committed));
    }
}

impl Handler<Whispers> for Shard {
    type Result = ();

    fn handle(&mut self, Whispers(chat, whisper): Whispers, _: &mut Self::Context) {
        self.find_or_start(chat).chat.do_send(Whispered(whisper));
    }
}

impl Handler<Behind> for Shard {
    type Result = ();

    fn handle(&mut self, Behind(chat, command): Behind, _: &mut Self::Context) {
        let live = self.find_or_start(chat);
        live.routed += 1;
        live.chat.do_send(Abreasted(command));
    }
}

impl Handler<Stands> for Shard {
    type Result = ResponseFuture<Vec<(ChatId, Step)>>;

    fn handle(&mut self, Stands(most): Stands, _: &mut Self::Context) -> Self::Result {
        let asked = self.live.iter().take(most).map(|(id, live)| {
            let (id, asked) = (*id, live.chat.send(StandsAt));
            async move { Some((id, asked.await.ok()??)) }
        });
        let asked: Vec<_> = asked.collect();
        Box::pin(async move { join_all(asked).await.into_iter().flatten().collect() })
    }
}

impl Handler<Doubted> for Shard {
    type Result = ();

    fn handle(&mut self, Doubted(chat): Doubted, _: &mut Self::Context) {
        if let Some(live) = self.live.get(&chat) {
            live.chat.do_send(Renew);
        }
    }
}
