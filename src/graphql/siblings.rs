//! What the objects of one page share, so that each field is loaded once for all of them.
//!
//! The first object that is asked for a field loads it for the whole page in one statement; the others, asked at the
//! same time, wait for it. There is no timer and nothing to tune. Nested pages share siblings across all their parents.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::error::Failure;

/// How many ids one statement takes, well below what either database allows.
const PORTION: usize = 10_000;

/// Something that is loaded when the first one asks, and once. A failure is kept too: it is logged once and not tried
/// again for each sibling.
#[derive(Debug)]
pub struct Once<V>(OnceCell<Result<Arc<V>, Failure>>);

impl<V> Once<V> {
    /// What `load` finds, or found for whoever asked first.
    ///
    /// # Errors
    /// The failure of the one load.
    pub async fn get(&self, load: impl Future<Output = Result<V, Failure>>) -> Result<Arc<V>, Failure> {
        self.0.get_or_init(|| async { load.await.map(Arc::new) }).await.clone()
    }
}

impl<V> Default for Once<V> {
    fn default() -> Self {
        Self(OnceCell::new())
    }
}

/// The same for a field with arguments: siblings that are asked with the same ones share a load.
#[derive(Debug)]
pub struct ByArguments<K, V>(Mutex<HashMap<K, Arc<Once<V>>>>);

impl<K: Eq + Hash, V> ByArguments<K, V> {
    /// What is loaded for these arguments.
    pub fn of(&self, arguments: K) -> Arc<Once<V>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry(arguments).or_default())
    }
}

/// The same ids, each once, for a statement that asks for them.
pub fn distinct<I: Ord>(ids: impl IntoIterator<Item = I>) -> Vec<I> {
    let ids: BTreeSet<I> = ids.into_iter().collect();
    ids.into_iter().collect()
}

/// Ids in portions that a statement takes. No ids are one empty portion: what is not there costs what is hidden (A7).
pub fn portions<I>(ids: &[I]) -> impl Iterator<Item = &[I]> {
    ids.is_empty().then_some(ids).into_iter().chain(ids.chunks(PORTION))
}

impl<K, V> Default for ByArguments<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
