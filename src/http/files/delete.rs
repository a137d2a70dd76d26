//! DELETE /files/{id}: its owner ends a file that nothing holds.
use actix_web::{HttpRequest, http::StatusCode};

use super::{Shared, id, missing, refused};
use crate::{auth::Fault, domain::Timestamp, http::Answer, store::Deletion};

pub(in crate::http) async fn delete(state: Shared, request: HttpRequest) -> Result<Answer, Answer> {
    let caller = state.caller(&request).await?;
    let ended = state.store.delete_file(caller.user, id(&request)?, Timestamp::now()).await;
    match ended.map_err(|fault| Answer::from(Fault::from(fault)))? {
        Deletion::Gone => Ok(state.renewing(&caller, Answer::yes("File deleted"))),
        Deletion::Held => Err(refused(StatusCode::CONFLICT, "conflict", "A message or a picture holds this file")),
        Deletion::Missing => Err(missing()),
    }
}
