//! As much HTTP as it takes to ask a server on this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// Asks for a path.
pub fn get(address: &str, path: &str) -> Response {
    send(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

/// Sends a request as it stands; the server must close the connection afterwards.
pub fn send(address: &str, request: &str) -> Response {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut response = Vec::new();
    stream.read_to_end(&mut response).expect("an answer in time");
    let response = String::from_utf8_lossy(&response);
    let (head, body) = response.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Response { status, body: body.to_owned() }
}

/// What a document answers to the holder of a token, without errors.
pub fn ask(address: &str, token: &str, document: &str, variables: &Value) -> Value {
    let body = json!({ "query": document, "variables": variables }).to_string();
    let response = send(
        address,
        &format!(
            "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert_eq!(response.status, 200, "{response:?}");
    let answer: Value = serde_json::from_str(&response.body).expect("JSON");
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}
