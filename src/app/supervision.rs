//! What the server cannot do without. A panic ends an actor alone, and in silence: the process would go on, and be of no use.
use futures_util::future::select_all;

use super::{Failure, parts::Parts, task::Task};
use crate::writer::Writer;

/// Waits until the first such part is gone, and names it.
pub(super) async fn first_gone(parts: &Parts, tasks: Vec<Task>) -> &'static str {
    let ended = tasks.into_iter().map(|(name, task)| Box::pin(async move { task.await.map_or(name, |()| name) }));
    tokio::select! {
        () = Writer::until_gone(&parts.writer) => "the writer",
        () = parts.registry.until_one_is_gone() => "a part of the registry",
        (name, ..) = select_all(ended) => name,
    }
}

/// Why the process ends.
pub(super) fn failure(part: &str) -> Failure {
    format!("{part} is gone by a panic, which the log tells of: the server cannot go on without it").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::App, settings::Settings, writer::Provoke};

    async fn app() -> (App, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults();
        settings.server.listen = "127.0.0.1:0".parse().unwrap();
        // A shard that is there before the server answers.
        settings.actors.arbiters = 1;
        settings.server.admin_listen = settings.server.listen;
        settings.database.url = format!("sqlite://{}/x.db", folder.path().display()).into();
        settings.auth.secret_file = folder.path().join("secret");
        settings.mail.outbox = folder.path().join("outbox");
        (App::build(settings).await.unwrap(), folder)
    }

    async fn readiness(app: App) -> String {
        let address = app.admin_address();
        actix_rt::spawn(app.admin);
        let answer = awc::Client::default().get(format!("http://{address}/health/ready")).send();
        String::from_utf8(answer.await.unwrap().body().await.unwrap().to_vec()).unwrap()
    }

    #[actix::test]
    async fn the_process_ends_with_a_reason_when_its_writer_is_gone() {
        let (app, _folder) = app().await;
        app.parts.writer.do_send(Provoke);
        let failure = app.run_until_stopped().await.unwrap_err();
        assert!(failure.to_string().starts_with("the writer is gone"), "{failure}");
    }

    #[actix::test]
    async fn the_process_ends_with_a_reason_when_a_part_of_the_registry_is_gone() {
        let (app, _folder) = app().await;
        app.parts.registry.provoke();
        let failure = app.run_until_stopped().await.unwrap_err();
        assert!(failure.to_string().starts_with("a part of the registry is gone"), "{failure}");
    }

    #[actix::test]
    async fn a_server_without_its_writer_or_a_part_of_its_registry_is_not_ready() {
        let (app, _folder) = app().await;
        app.parts.writer.do_send(Provoke);
        Writer::until_gone(&app.parts.writer).await;
        app.parts.registry.provoke();
        app.parts.registry.until_one_is_gone().await;
        let said = readiness(app).await;
        assert!(said.contains(r#""failing":["writer","registry"]"#), "{said}");
    }
}
