//! Refusals: how a request ends for the socket that made it if it does not go well.
use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Tell, chats, code_name, groups, members};
use crate::domain::Refusal;

/// An acknowledgement: `{"Ok":false,"Code":…,"Message":…}`.
#[derive(Debug)]
pub struct Failure<'a>(pub &'a Refusal);

impl Serialize for Failure<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Ok", &false)?;
        map.serialize_entry("Code", code_name(self.0.code))?;
        map.serialize_entry("Message", &self.0.message)?;
        if let Some(seconds) = self.0.retry_after {
            map.serialize_entry("RetryAfter", &seconds)?;
        }
        map.end()
    }
}

/// What is told of a failure where no acknowledgement was asked for.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum FailureEvent<'a> {
    CreatePersonalChatFail {
        message: Cow<'a, str>,
    },
    CreateGroupChatFail {
        message: Cow<'a, str>,
    },
    AddMemberFail {
        message: Cow<'a, str>,
    },
    GroupLeftFail {
        message: Cow<'a, str>,
    },
    RequestFailed {
        event: Cow<'a, str>,
        code: &'static str,
        message: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

impl Tell for FailureEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::CreatePersonalChatFail { .. } => "create-personal-chat-fail",
            Self::CreateGroupChatFail { .. } => "create-group-chat-fail",
            Self::AddMemberFail { .. } => "add-member-fail",
            Self::GroupLeftFail { .. } => "group-left-fail",
            Self::RequestFailed { .. } => "request-failed",
        }
    }
}

/// The event that tells of a failure where no acknowledgement was asked for: the request's own, or `request-failed`.
pub fn failure_event<'a>(request: &'a str, refusal: &'a Refusal) -> FailureEvent<'a> {
    let message = Cow::Borrowed(&*refusal.message);
    match request {
        chats::CREATE => FailureEvent::CreatePersonalChatFail { message },
        groups::CREATE => FailureEvent::CreateGroupChatFail { message },
        members::ADD => FailureEvent::AddMemberFail { message },
        members::LEAVE => FailureEvent::GroupLeftFail { message },
        _ => FailureEvent::RequestFailed {
            event: Cow::Borrowed(request),
            code: code_name(refusal.code),
            message,
            retry_after: refusal.retry_after,
        },
    }
}
