//! Documents that many subscriptions share: ten thousand sockets with one document and the same variables keep them once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::Variables;
use async_graphql::parser::types::ExecutableDocument;

/// How many texts are kept before those that nobody uses are given back.
const MANY: usize = 1_024;

/// A document and its variables, with the text that tells them from others.
#[derive(Debug)]
pub struct Shared {
    text: String,
    /// The document.
    pub document: ExecutableDocument,
    /// Its variables.
    pub variables: Variables,
}

/// Documents by the hash of their text, for as long as somebody uses them.
#[derive(Debug, Default)]
pub struct Documents(Mutex<HashMap<u64, Weak<Shared>>>);

impl Documents {
    /// The document of this text: the one that others use already, or this one.
    pub fn shared(
        &self,
        hash: u64,
        text: String,
        document: ExecutableDocument,
        variables: Variables,
    ) -> Arc<Shared> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = known.get(&hash).and_then(Weak::upgrade).filter(|shared| shared.text == text) {
            return shared;
        }
        if known.len() >= MANY {
            known.retain(|_, document| document.strong_count() > 0);
        }
        let shared = Arc::new(Shared { text, document, variables });
        known.insert(hash, Arc::downgrade(&shared));
        shared
    }
}
