//! Every route, and nothing but transport: who asks, in which form, and the form of the answer.

mod authenticate;
mod graphql;
mod health;
mod host;
mod lasting;
mod operation;
mod playground;
mod problem;
mod server;
mod sse;
#[cfg(test)]
mod stand_in;
mod staying;
mod websocket;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;

use crate::auth::Tokens;
use crate::domain::access::Base;
use crate::graphql::Engine;
use crate::realtime::Hub;

pub use axum::Router;
pub use lasting::Lasting;
pub use playground::{DemoPerson, DemoTab, Session};
pub use server::serve;
pub use websocket::{AllowedOrigins, NoOrigin};

/// The largest request body, in bytes: a document of the guard's size and as much again of variables.
pub const MAX_BODY: usize = 256 * 1024;

/// What the routes share.
pub struct App {
    /// Database, time and ids.
    pub base: Base,
    /// Where streams hear of changes.
    pub hub: Hub,
    /// Reads bearer tokens.
    pub tokens: Tokens,
    /// Runs operations.
    pub engine: Arc<Engine>,
    /// What the guard lets through.
    pub limits: guard::Limits,
    /// What the playground page is told; none serves no playground.
    pub playground: Option<Arc<Session>>,
    /// Whose pages may open sockets, besides those of the server's own name.
    pub allowed_origins: AllowedOrigins,
    /// Which connections stay open.
    pub lasting: Lasting,
}

/// Every route of the server.
pub fn router(app: App) -> Router {
    // Behind one pointer: every request and every open connection holds it.
    let app = Arc::new(app);
    let mut router = Router::new()
        .route("/graphql", any(graphql::endpoint))
        .route("/graphql/stream", any(graphql::stream_endpoint))
        .route("/health", get(health::health));
    if let Some(session) = &app.playground {
        router = router
            .route("/", get(playground::redirect))
            .route("/playground", get(playground::redirect))
            .route("/playground/session.json", get(playground::session))
            .route("/playground/", get(playground::index))
            .route("/playground/{*path}", get(playground::file));
        if session.is_demo() {
            // The demo hands out identities: nobody but this machine may ask for them, under no other name.
            router = router.layer(middleware::from_fn(host::require_loopback));
        }
    }
    router
        .fallback(problem::not_found)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .with_state(app)
}
