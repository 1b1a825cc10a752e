//! Makes the text of each event: the engine runs the subscription's document over the one event, through the eyes of its
//! subscriber.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Response, Variables};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use tracing::Instrument;

use super::documents::Shared;
use super::occasion::{Delivery, Opening, Wanted};
use super::shared::is_impersonal;
use super::{Events, Sent};
use crate::domain::access::Access;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::{Code, Failure, coded};
use crate::graphql::ledger::Ledger;
use crate::graphql::subscription::event;
use crate::graphql::{Engine, Reply, response};
use crate::realtime::{Happened, Rendered, Stream, Told};

/// How often an event is tried again after the server failed, and how long it waits in between.
const TRIES: usize = 5;
const PATIENCE: Duration = Duration::from_millis(300);

/// A subscription's document, ready to be run over events.
pub struct Rendering {
    engine: Arc<Engine>,
    document: Arc<Shared>,
    operation_name: Option<String>,
    request_id: String,
    /// What the document and its variables are hashed to, where everybody with the same permissions gets the same of it.
    shared: Option<u64>,
}

impl Rendering {
    /// The rendering of a document whose subscription is the chosen operation.
    pub fn new(
        engine: Arc<Engine>,
        document: ExecutableDocument,
        operation_name: Option<String>,
        variables: Variables,
        request_id: String,
    ) -> Self {
        let text = format!("{document:?} {variables:?}");
        let hash = engine.hasher.hash_one(text.as_str());
        let chosen = document.operations.iter().next();
        let shared = chosen.filter(|(_, operation)| is_impersonal(&document, &operation.node)).map(|_| hash);
        let document = engine.documents.shared(hash, text, document, variables);
        Self { engine, document, operation_name, request_id, shared }
    }

    /// Runs the document once to learn what it listens to.
    ///
    /// # Errors
    /// The reply to a document that cannot be run.
    pub async fn open(&self, access: Access, opening: &Opening) -> Result<(), Reply> {
        let ledger = Arc::new(Ledger::default());
        let request = self.request(access, &ledger).data(opening.clone());
        match self.first(request).await {
            Some(answer) => Err(response::reply(answer, ledger.close(), &self.request_id)),
            None => Ok(()),
        }
    }

    /// The events of a stream as texts.
    pub fn events(self, stream: Box<Stream>, wanted: Wanted) -> Events {
        let state = Some((self, stream));
        Events::new(unfold(state, move |state| async move {
            let (rendering, mut stream) = state?;
            let sent = rendering.next(&mut stream, wanted).await?;
            let goes_on = matches!(sent, Sent::Next { .. });
            Some((sent, goes_on.then_some((rendering, stream))))
        }))
    }

    async fn next(&self, stream: &mut Stream, wanted: Wanted) -> Option<Sent> {
        let mut tries = 0;
        loop {
            match stream.next().await {
                Ok(Some(happened)) => {
                    if let Some(sent) = self.deliver(stream, happened, wanted).await {
                        return Some(sent);
                    }
                }
                Ok(None) => return None,
                Err(error) if tries < TRIES => {
                    tracing::error!(%error, "an event could not be read, and will be tried again");
                    tries += 1;
                    tokio::time::sleep(PATIENCE).await;
                }
                Err(error) => {
                    let json = response::refusal(vec![Failure::from(error).report(None)]).json;
                    return Some(Sent::Failed { json: json.into() });
                }
            }
        }
    }

    async fn deliver(&self, stream: &Stream, happened: Happened, wanted: Wanted) -> Option<Sent> {
        if matches!(happened.told, Told::Behind) {
            let cursor = self.cursor(&happened, wanted);
            return Some(Sent::Failed { json: behind(cursor.as_deref()).into() });
        }
        // In a box: most who get an event find it rendered, and whoever waits for one carries none of this.
        let rendered = match self.key(&happened, wanted) {
            None => Box::pin(self.render(happened, wanted)).await,
            Some(key) => {
                let cell = stream.rendering(key);
                cell.get_or_init(|| Box::pin(self.render(happened, wanted))).await.clone()
            }
        };
        rendered.map(|Rendered { json, cursor }| Sent::Next { json, cursor })
    }

    /// Who gets the same of an event: whoever sees every record, with the same permissions, by the same document.
    fn key(&self, happened: &Happened, wanted: Wanted) -> Option<u64> {
        // An inbox is one person's.
        let document = self.shared.filter(|_| !matches!(wanted, Wanted::Inbox(_)))?;
        let actor = happened.viewer.actor();
        let Told::Event(event) = &happened.told else { return None };
        (!actor.restricted).then(|| {
            self.engine.hasher.hash_one((document, event.number, actor.permissions.bits(), actor.admin))
        })
    }

    fn cursor(&self, happened: &Happened, wanted: Wanted) -> Option<String> {
        match wanted {
            Wanted::Inbox(_) => Some(happened.position.to_string()),
            _ => {
                let account = happened.viewer.actor().account;
                self.engine.stream_seal.write(account, wanted.topic(), happened.position)
            }
        }
    }

    async fn render(&self, happened: Happened, wanted: Wanted) -> Option<Rendered> {
        let cursor = self.cursor(&happened, wanted);
        let json = self.json(happened, wanted, cursor.clone()).await?;
        Some(Rendered { json: json.into(), cursor: cursor.map(Arc::from) })
    }

    async fn json(&self, happened: Happened, wanted: Wanted, cursor: Option<String>) -> Option<String> {
        let viewpoint = Arc::new(Viewpoint::new(happened.viewer.now_again(), self.engine.seal.clone()));
        let delivery = event(&viewpoint, wanted, happened.told, happened.record, cursor).await;
        let delivery: Delivery = match delivery {
            Ok(delivery) => delivery?,
            Err(failure) => return Some(response::refusal(vec![failure.report(None)]).json),
        };
        let ledger = Arc::new(Ledger::default());
        let request = self.request_through(viewpoint, &ledger).data(delivery);
        Some(match self.first(request).await {
            Some(answer) => response::reply(answer, ledger.close(), &self.request_id).json,
            None => response::refusal(vec![Failure::bug("an event was not rendered").report(None)]).json,
        })
    }

    async fn first(&self, request: async_graphql::Request) -> Option<Response> {
        let span = tracing::info_span!("graphql", request_id = self.request_id);
        let mut answers = self.engine.graph.execute_stream(request);
        async { answers.next().await }.instrument(span).await
    }

    fn request(&self, access: Access, ledger: &Arc<Ledger>) -> async_graphql::Request {
        self.request_through(Arc::new(Viewpoint::new(access, self.engine.seal.clone())), ledger)
    }

    fn request_through(&self, viewpoint: Arc<Viewpoint>, ledger: &Arc<Ledger>) -> async_graphql::Request {
        let mut request = async_graphql::Request::new("").variables(self.document.variables.clone());
        request = request.data(viewpoint).data(Arc::clone(ledger));
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.document.clone());
        request
    }
}

/// What a subscriber is told who fell too far behind (N6).
fn behind(cursor: Option<&str>) -> String {
    let message = "the stream goes faster than you read it: subscribe again with `after`";
    let mut error = coded(Code::ResumeRequired, message, None);
    if let Some(cursor) = cursor {
        error.extensions.get_or_insert_default().set("after", cursor);
    }
    response::refusal(vec![error]).json
}
