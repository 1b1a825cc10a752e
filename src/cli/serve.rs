//! `retinue serve`.

use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::CliError;
use crate::auth::{Secrets, Tokens};
use crate::clock::SystemClock;
use crate::config::{Config, Defaults, Listening, Settings};
use crate::domain::access::Base;
use crate::domain::database::Database;
use crate::graphql::{Engine, EngineConfig};
use crate::http::{self, AllowedOrigins, App, Lasting, Session};
use crate::realtime::{Hub, Pace, bus};
use crate::{telemetry, worker};

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    listening: Listening,
}

pub async fn run(settings: &Settings, args: &ServeArgs) -> Result<(), CliError> {
    let config = Config::of(settings, &args.listening, Defaults::SERVE)?;
    telemetry::start(&config.log);
    let database = Database::open(&config.database).await?;
    database.require_current_schema().await?;
    let secrets = Secrets::at(&config.secrets)?;
    let base = Base::new(database, Arc::new(SystemClock));

    let session = config.playground.then(|| Arc::new(Session::serving()));
    let listener = listen(&config).await?;
    let address = listener.local_addr().map_err(CliError::io("the listener has no address"))?;
    tracing::info!(%address, database = base.database.kind(), "serving");
    until_stopped(listener, &config, app(&base, &secrets, &config, session)?).await
}

/// What the routes share.
pub fn app(
    base: &Base,
    secrets: &Secrets,
    config: &Config,
    playground: Option<Arc<Session>>,
) -> Result<App, CliError> {
    let allowed_origins = AllowedOrigins::of(&config.allowed_origins)
        .map_err(|error| CliError::Usage(format!("`allowed_origins`: {error}")))?;
    let engine = Engine::new(EngineConfig { cursor_secret: secrets.cursor_key.clone() });
    let hub = Hub::new(base.clone());
    Ok(App {
        base: base.clone().waking(Arc::new(hub.clone())),
        hub,
        tokens: Tokens::new(&secrets.token_key),
        engine: Arc::new(engine),
        limits: guard::Limits::default(),
        playground,
        allowed_origins,
        lasting: Lasting::default(),
    })
}

/// Takes the address, or says that somebody else has it.
pub async fn listen(config: &Config) -> Result<TcpListener, CliError> {
    let what = format!("cannot listen on {}: choose another address with `--listen`", config.listen);
    TcpListener::bind(config.listen).await.map_err(CliError::io(what))
}

/// Serves until Ctrl-C or SIGTERM, then finishes what runs.
pub async fn until_stopped(listener: TcpListener, config: &Config, app: App) -> Result<(), CliError> {
    let base = app.base.clone();
    let hub = app.hub.clone();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: running requests are finished first");
        stop.send_replace(true);
    });
    let polls = tokio::spawn({
        let (hub, stopped) = (hub.clone(), stopped.clone());
        async move { hub.poll(Pace::default(), stopped).await }
    });
    let bus = tokio::spawn(bus::run(hub.clone(), config.bus.clone(), stopped.clone()));
    let follows = tokio::spawn(worker::take_off_ended_follows(base.clone(), stopped.clone()));
    let keys = tokio::spawn(worker::delete_old_keys(base.clone(), stopped.clone()));
    let days = config.notification_days;
    let notifications = tokio::spawn(worker::delete_old_notifications(base.clone(), days, stopped.clone()));
    let jobs = tokio::spawn(worker::run_jobs(base.clone(), stopped.clone()));
    let deleted = tokio::spawn(worker::purge_deleted(base.clone(), stopped.clone()));
    http::serve(listener, app, stopped).await.map_err(CliError::io("the server failed"))?;
    polls.await.ok();
    bus.await.ok();
    follows.await.ok();
    keys.await.ok();
    notifications.await.ok();
    jobs.await.ok();
    deleted.await.ok();
    if let Err(error) = base.database.clone().close().await {
        tracing::warn!(%error, "the database did not close cleanly");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                interrupt.await.ok();
            }
        }
    }
    #[cfg(not(unix))]
    {
        interrupt.await.ok();
    }
}
