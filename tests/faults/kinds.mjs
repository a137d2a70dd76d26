// The three kinds of chat, as their events are called.

export const KINDS = {
  self: { send: "send-self-message", fetch: "fetch-self-chat", page: "self-chat", name: () => ({}) },
  personal: {
    send: "send-personal-message",
    fetch: "fetch-personal-chat",
    page: "personal-chat",
    read: "read-personal-message",
    name: (ChatId) => ({ ChatId }),
  },
  group: {
    send: "send-group-message",
    fetch: "fetch-group-chat",
    page: "group-chat",
    read: "read-group-message",
    name: (GroupId) => ({ GroupId }),
  },
};

export const LIVE = [
  "receive-personal-message",
  "receive-group-message",
  "sent-self-message",
  "sent-personal-message",
  "sent-group-message",
];

export const READS = ["read-personal-msg-ack", "read-grp-msg-ack"];
export const LISTS = { "personal-chat-list": "PersonalChatList", "group-chat-list": "GroupChatList" };
