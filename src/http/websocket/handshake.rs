//! From a request to a socket: the protocol that is offered, the page that asks, and the upgrade.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Version, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::origin;
use super::socket::converse;
use crate::http::authenticate::token;
use crate::http::problem::Problem;
use crate::http::{App, MAX_BODY};

/// The subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";

/// What a socket reads at once; longer messages grow it while they arrive.
const READ_BUFFER: usize = 4 * 1024;

/// Whether a request wants to become a WebSocket.
pub fn is_upgrade(request: &Request) -> bool {
    request.method() == Method::GET && lists(request.headers(), &header::UPGRADE, "websocket")
}

/// Answers the request and goes on with the socket in a task of its own.
///
/// # Errors
/// A handshake that is none, no offer of the protocol, a page of another site.
pub fn upgrade(app: &Arc<App>, mut request: Request) -> Result<Response<Body>, Problem> {
    let accept = accept_key(&request)?;
    if !origin::is_allowed(request.headers(), &app.allowed_origins) {
        let message =
            "pages of this origin may not open sockets: the setting `allowed_origins` lists those that may";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    if !lists(request.headers(), &header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL) {
        return Err(Problem::bad_request(format!("offer the subprotocol `{PROTOCOL}`")));
    }
    let on_upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or_else(no_handshake)?;
    let token = token(request.headers()).map(str::to_owned);
    go_on(Arc::clone(app), on_upgrade, token);

    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    Ok(response)
}

fn go_on(app: Arc<App>, on_upgrade: OnUpgrade, token: Option<String>) {
    // It counts from here on, so that a server that stops does not miss it.
    let stay = app.lasting.stays();
    tokio::spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_BODY))
            .max_frame_size(Some(MAX_BODY));
        let socket =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        converse(app, socket, token, stay).await;
    });
}

fn accept_key(request: &Request) -> Result<HeaderValue, Problem> {
    let headers = request.headers();
    let is_ours = request.version() == Version::HTTP_11
        && lists(headers, &header::CONNECTION, "upgrade")
        && headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| is_ours).ok_or_else(no_handshake)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| no_handshake())
}

fn no_handshake() -> Problem {
    Problem::bad_request("this is no WebSocket handshake of version 13 over HTTP/1.1")
}

/// Whether a header that is a list has this member, in any case.
fn lists(headers: &HeaderMap, name: &HeaderName, member: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|listed| listed.trim().eq_ignore_ascii_case(member))
}
