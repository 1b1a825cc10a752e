//! People of a world who speak GraphQL to the real router, and what they are answered.

use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use retinue::auth::{Bearer, Tokens};
use retinue::graphql::{Engine, EngineConfig};
use retinue::http::{AllowedOrigins, App, Lasting};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::document::mutation;
use crate::world::{Acts as _, Person, World};

/// Signs the tokens of the tests.
pub const TOKEN_KEY: &[u8] = b"the tests sign their tokens with this";

/// How long those tokens are valid.
pub const HOUR: i64 = 60 * 60;

/// The schema is the same for every world.
static ENGINE: LazyLock<Arc<Engine>> = LazyLock::new(|| {
    Arc::new(Engine::new(EngineConfig { cursor_secret: b"and seal their cursors".to_vec() }))
});

impl World {
    /// What the routes share, as `retinue serve --no-playground` has it.
    pub fn app(&self) -> App {
        App {
            hub: self.hub.clone(),
            base: self.base.clone(),
            tokens: Tokens::new(TOKEN_KEY),
            engine: Arc::clone(&ENGINE),
            limits: guard::Limits::default(),
            playground: None,
            allowed_origins: AllowedOrigins::default(),
            lasting: Lasting::default(),
        }
    }

    /// The server.
    pub fn router(&self) -> Router {
        retinue::http::router(self.app())
    }

    /// A token of somebody's that is valid for an hour.
    pub fn token_of(&self, person: &Person) -> String {
        let bearer = Bearer::lasting(self.account, person.id, self.now(), HOUR);
        Tokens::new(TOKEN_KEY).issue(bearer, self.now()).expect("HMAC signs everything")
    }

    /// The answer to a request of any form.
    pub async fn answers(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap_or_else(|never| match never {});
        Answer::read(response).await
    }
}

impl Person {
    /// Asks a document, with variables.
    pub fn asks(&self, document: impl Into<String>, variables: Value) -> Ask {
        let world = self.world().clone();
        Ask { token: world.token_of(self), world, document: document.into(), variables }
    }

    /// Asks a document without variables.
    pub fn reads(&self, document: impl Into<String>) -> Ask {
        self.asks(document, json!({}))
    }

    /// Calls one mutation, and asks for everything that its payload says.
    pub fn mutates(&self, name: &str, input: Value) -> Ask {
        self.asks(mutation(name, ""), json!({ "input": input }))
    }
}

/// A question on its way. It is sent when it is awaited, or when one of its endings is.
#[derive(Clone, Debug)]
#[must_use = "a question that nobody awaits is never sent"]
pub struct Ask {
    world: World,
    token: String,
    document: String,
    variables: Value,
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.world.answers(self.request()).await })
    }
}

impl Ask {
    fn request(&self) -> Request<Body> {
        let body = json!({ "query": self.document, "variables": self.variables });
        Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))
            .expect("a request")
    }

    /// The answer, and the statements that it took.
    pub async fn counted(self) -> (Answer, Vec<String>) {
        let world = self.world.clone();
        let (answer, statements) = world.sent_by(async { self.await }).await;
        (answer, statements.into_iter().map(|statement| statement.sql).collect())
    }

    /// The answer is exactly this, without errors.
    pub async fn sees(self, data: Value) {
        self.await.sees(&data);
    }

    /// The payload of the one mutation, which was done. `userErrors` is empty and left out.
    pub async fn is_done(&self) -> Value {
        self.clone().await.done()
    }

    /// The answer; not a row of the account has changed, the history included.
    pub async fn changes_nothing(self) -> Answer {
        let world = self.world.clone();
        let before = world.tables().await;
        let answer = self.await;
        before.assert_same(&world.tables().await);
        answer
    }

    /// The text of an answer that changes nothing, and the statements that it took.
    pub async fn changes_nothing_counted(self) -> (String, Vec<String>) {
        let world = self.world.clone();
        let before = world.tables().await;
        let (answer, statements) = self.counted().await;
        before.assert_same(&world.tables().await);
        (answer.text, statements)
    }

    /// Done, and nothing has changed.
    pub async fn is_nothing_to_do(&self) -> Value {
        self.clone().changes_nothing().await.done()
    }

    /// The one thing for which the mutation is refused, without its message. Not a row of the account has changed, and
    /// the payload names no record.
    pub async fn is_refused(&self, code: &str) -> Value {
        let mut errors = self.clone().are_refused().await;
        assert_eq!(errors.len(), 1, "{errors:#?}");
        let error = errors.remove(0);
        assert_eq!(error["code"], code, "{error:#}");
        error
    }

    /// Everything for which the mutation is refused.
    pub async fn are_refused(self) -> Vec<Value> {
        let answer = self.changes_nothing().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let payload = answer.payload();
        for (field, value) in payload.as_object().expect("a payload") {
            let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            // What has a version of its own is shown as it is, so that nobody must ask again.
            let shown = [
                "account",
                "pipeline",
                "pipelines",
                "stage",
                "lostReasons",
                "savedView",
                "appointment",
                "calendar",
                "calendarGroup",
                "blockedSlot",
                "unreadCount",
                "note",
                "task",
            ];
            let tells = field == "userErrors"
                || shown.contains(&field.as_str())
                || (field == "id" && payload["account"].is_object());
            assert!(is_empty || tells, "a refusal says `{field}`: {value:#}");
        }
        let errors = payload["userErrors"].as_array().expect("user errors").clone();
        assert!(!errors.is_empty(), "it was done: {payload:#}");
        errors.into_iter().map(checked).collect()
    }
}

/// A user error whose type and code say the same, and whose message speaks to the caller.
fn checked(mut error: Value) -> Value {
    let error_map = error.as_object_mut().expect("a user error");
    let message = error_map.remove("message").expect("a message");
    let message = message.as_str().expect("a text");
    // The code of a currency may come first.
    let capital =
        message.split(' ').next().is_some_and(|word| word.len() != 3 && word.starts_with(char::is_uppercase));
    assert!(!capital && !message.is_empty(), "{message}");
    assert!(!message.ends_with('.'), "{message}");
    let kind = error_map.remove("__typename").expect("a type");
    let code = error_map["code"].as_str().expect("a code");
    let words = code.split('_').map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()));
    assert_eq!(kind, words.collect::<String>());
    error
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Answer {
    /// The whole answer.
    pub async fn read(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("the whole body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { status: head.status, headers: head.headers, text, json }
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert!(self.json.get("errors").is_none(), "{:#}", self.json);
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        &self.json["data"]
    }

    /// The data, whatever errors there are.
    #[track_caller]
    pub fn partial(&self) -> &Value {
        assert!(self.json["data"].is_object(), "{}", self.text);
        &self.json["data"]
    }

    /// The data are exactly these, and there are no errors.
    #[track_caller]
    pub fn sees(&self, data: &Value) {
        assert_eq!(self.data(), data, "\nseen: {:#}\nexpected: {data:#}", self.data());
    }

    /// What the one field at the root answers, without errors.
    #[track_caller]
    pub fn payload(&self) -> &Value {
        let data = self.data().as_object().expect("data");
        assert_eq!(data.len(), 1, "one field at the root");
        data.values().next().expect("one field")
    }

    /// The payload of the one mutation, which was done, without its empty `userErrors`.
    #[track_caller]
    pub fn done(&self) -> Value {
        let mut payload = self.payload().clone();
        let errors = payload.as_object_mut().and_then(|payload| payload.remove("userErrors"));
        assert_eq!(errors, Some(json!([])), "it was refused: {:#}", self.json);
        payload
    }

    /// The errors at the top, each as its code and its path: `FORBIDDEN opportunities.nodes.0.monetaryValue`.
    #[track_caller]
    pub fn errors(&self) -> Vec<String> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
        errors
            .iter()
            .map(|error| {
                let code = error["extensions"]["code"].as_str().unwrap_or("WITHOUT A CODE");
                let path = error["path"].as_array().cloned().unwrap_or_default();
                let path: Vec<String> = path.iter().map(step).collect();
                format!("{code} {}", path.join(".")).trim_end().to_owned()
            })
            .collect()
    }

    /// The errors at the top are exactly these.
    #[track_caller]
    pub fn has_errors<const N: usize>(&self, errors: [&str; N]) -> &Self {
        assert_eq!(self.errors(), errors, "{:#}", self.json);
        self
    }

    /// The text of a header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
