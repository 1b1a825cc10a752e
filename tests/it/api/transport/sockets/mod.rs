//! GraphQL over WebSocket: who gets a socket, what runs on it, and how it ends. Deadlines and limits that need no server
//! are tested beside the loop, in `src/http/websocket/tests/`.

mod closing;
mod handshakes;
mod operations;

const VIEWER: &str = "{ viewer { name } }";
