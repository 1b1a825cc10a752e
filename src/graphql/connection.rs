//! Relay connections over keyset pages (G1).

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Object, OutputType, SimpleObject, TypeName};
use futures_util::future::BoxFuture;

use super::answer::Answer;
use super::context::Viewpoint;
use super::error::Failure;
use crate::domain::access::Count;
use crate::domain::page::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Page, Position, Window};

/// The most items that nested pages may have over all their parents.
const MAX_NESTED: usize = 20_000;

/// What can be listed.
pub trait Listed: OutputType + Clone + 'static {
    /// The word before `Connection` and `Edge`.
    const NAME: &'static str;
}

/// The four arguments of a connection.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// At most so many, from the start.
    pub first: Option<i64>,
    /// Only what comes after this cursor.
    pub after: Option<String>,
    /// At most so many, from the end.
    pub last: Option<i64>,
    /// Only what comes before this cursor.
    pub before: Option<String>,
}

impl Paging {
    /// The part of `list` that is wanted, from each of `parents` at once.
    ///
    /// # Errors
    /// Bad input: sizes below 0 or above the most that a page may have, both directions at once, a foreign cursor, too
    /// much over all parents.
    pub fn window(self, viewpoint: &Viewpoint, list: &str, parents: usize) -> Result<Window, Failure> {
        let backward = match (&self.first, &self.last, &self.after, &self.before) {
            (Some(_), Some(_), ..) => return Err(Failure::bad_input("give `first` or `last`, not both")),
            (None, Some(_), None, _) => true,
            (_, None, _, None) => false,
            _ => return Err(Failure::bad_input("`after` goes with `first`, `before` with `last`")),
        };
        let (argument, size, cursor) =
            if backward { ("last", self.last, self.before) } else { ("first", self.first, self.after) };
        let size = match size.map(usize::try_from) {
            None => DEFAULT_PAGE_SIZE,
            Some(Ok(size)) if size <= MAX_PAGE_SIZE => size,
            Some(_) => {
                let message = format!("`{argument}` must be between 0 and {MAX_PAGE_SIZE}");
                return Err(Failure::bad_input(message));
            }
        };
        if parents.saturating_mul(size) > MAX_NESTED {
            let message = format!(
                "a nested list holds at most {MAX_NESTED} items over all its parents, and {parents} of them with \
                 {size} each are more: give a smaller `{argument}` here or above"
            );
            return Err(Failure::bad_input(message));
        }
        let from = cursor.map(|cursor| viewpoint.position(list, &cursor)).transpose();
        let from = from.map_err(|foreign| Failure::bad_input(foreign.to_string()))?;
        Ok(Window { size, backward, from })
    }
}

/// Counts a list when somebody asks.
pub type Counter = Box<dyn Fn() -> BoxFuture<'static, Result<Count, Failure>> + Send + Sync>;

/// A page of a list.
pub struct Connection<T> {
    viewpoint: Arc<Viewpoint>,
    list: Cow<'static, str>,
    page: Page<T>,
    counter: Counter,
}

impl<T> Connection<T> {
    /// A page of `list`, whose items `counter` counts.
    pub fn new(
        viewpoint: &Arc<Viewpoint>,
        list: impl Into<Cow<'static, str>>,
        page: Page<T>,
        counter: Counter,
    ) -> Self {
        Self { viewpoint: Arc::clone(viewpoint), list: list.into(), page, counter }
    }

    fn cursor(&self, item: Option<&(Position, T)>) -> Option<String> {
        item.map(|(position, _)| self.viewpoint.cursor(&self.list, position))
    }
}

impl<T: Listed> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Connection", T::NAME))
    }
}

/// A page of a list, in the order of the list whichever way it was paged. It holds only what the viewer may see.
#[Object(name_type)]
impl<T: Listed> Connection<T> {
    /// The items of this page, each with its cursor.
    async fn edges(&self) -> Vec<Edge<T>> {
        let edge = |(position, node): &(Position, T)| Edge {
            cursor: self.viewpoint.cursor(&self.list, position),
            node: node.clone(),
        };
        self.page.items.iter().map(edge).collect()
    }

    /// The items of this page, for whoever needs no cursors.
    async fn nodes(&self) -> Vec<&T> {
        self.page.items.iter().map(|(_, node)| node).collect()
    }

    /// Where this page lies in the list, and how to ask for its neighbours.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: self.cursor(self.page.items.first()),
            end_cursor: self.cursor(self.page.items.last()),
        }
    }

    /// How many items the whole list has for this viewer, whatever page was asked for. Costs a count; leave it out
    /// where it is not shown.
    async fn total_count(&self) -> Answer<TotalCount> {
        Answer::of(async { Ok(TotalCount::from((self.counter)().await?)) }).await
    }
}

/// An item of a page.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub struct Edge<T: Listed> {
    /// Names the place of this item in this list and order: give it as `after` or `before`. Opaque, and of no use in
    /// another list, another order or another account.
    cursor: String,
    /// The item itself.
    node: T,
}

impl<T: Listed> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Edge", T::NAME))
    }
}

/// Where a page lies in its list.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether there are items after the last one of this page. Going backward from a cursor it is always true: the
    /// item of that cursor follows.
    has_next_page: bool,
    /// Whether there are items before the first one of this page. Going forward from a cursor it is always true.
    has_previous_page: bool,
    /// The cursor of the first item: give it as `before` for the page before. Null on an empty page.
    start_cursor: Option<String>,
    /// The cursor of the last item: give it as `after` for the next page. Null on an empty page.
    end_cursor: Option<String>,
}

/// How many items a list has for the viewer.
#[derive(SimpleObject)]
pub struct TotalCount {
    /// How many. Long lists are counted no further than 10,000.
    value: u64,
    /// True when `value` is the exact number, false when there are more than `value`.
    is_exact: bool,
}

impl From<Count> for TotalCount {
    fn from(count: Count) -> Self {
        Self { value: count.value, is_exact: count.is_exact }
    }
}
