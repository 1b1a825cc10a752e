//! Search in statements: through the words of records, and the shape of the query that finds them fast.
//!
//! Where few records have a word, the query is driven by that word; where many do, by the order of the list, and each
//! record in turn is asked for the word. A small count beforehand tells the two apart, so that neither a database without
//! statistics nor a plan that was made for another word goes through the whole account. Whoever sees only what they own
//! or follow is always served from that.

use policy::Scope;
use sea_orm::sea_query::{DynIden, Expr, Order, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DbBackend, ExprTrait};

use super::Access;
use super::filter::{Filter, Truth, contact_of_appointment, contact_of_opportunity};
use crate::domain::error::Result;
use crate::domain::record::{RecordRef, RecordTable};
use crate::domain::search::{Search, Term};

/// Up to so many records are worth being read by a word and sorted; with more, the order of the list finds the first ones
/// sooner.
const FEW: u64 = 10_000;

/// How many words of a query are counted; the longest ones are the rarest.
const COUNTED: usize = 3;

/// The last character there is: every word that begins so sorts before the beginning with it.
const LAST: char = '\u{10ffff}';

/// Whether every word of the search begins a word of the contact, or of its display name alone.
pub(super) fn in_contact(search: &Search, name_alone: bool) -> Truth {
    each_word(search, |word| {
        Truth::when(begun("contact_token", "contact_id", Expr::col(("contact", "id")), word, name_alone))
    })
}

/// Whether every word of the search begins a word of the opportunity, or of its contact as far as that shows (A8).
pub(super) fn in_opportunity(access: &Access, search: &Search) -> Truth {
    let shows = || contact_of_opportunity(access).passing(Truth::Always);
    in_what_has_a_contact(access, search, "opportunity", ("opportunity_token", "opportunity_id"), shows)
}

/// Whether every word of the search begins a word of the appointment's title or place, or of its contact as far as that
/// shows (A8).
pub(super) fn in_appointment(access: &Access, search: &Search) -> Truth {
    let shows = || contact_of_appointment(access).passing(Truth::Always);
    in_what_has_a_contact(access, search, "appointment", ("appointment_token", "appointment_id"), shows)
}

fn in_what_has_a_contact(
    access: &Access,
    search: &Search,
    table: &'static str,
    (tokens, key): (&'static str, &'static str),
    shows: impl Fn() -> Truth,
) -> Truth {
    each_word(search, |word| {
        let own = Expr::col((table, "id"));
        let contact = |name_alone| {
            let contact = Expr::col((table, "contact_id"));
            Truth::when(begun("contact_token", "contact_id", contact, word, name_alone))
        };
        let whole = match access.scope_of_contacts() {
            Scope::Everything => contact(false),
            Scope::Nothing => contact(true),
            _ => Truth::any([contact(true), Truth::all([contact(false), shows()])]),
        };
        Truth::any([Truth::when(begun(tokens, key, own, word, false)), whole])
    })
}

fn each_word(search: &Search, begins: impl Fn(&str) -> Truth) -> Truth {
    let word = |word: &String| begins(word);
    Truth::all(
        search.terms().iter().map(|term| {
            Truth::any(term.readings().iter().map(|reading| Truth::all(reading.iter().map(word))))
        }),
    )
}

/// Whether `record` has a word in `table` that begins so. The offset keeps PostgreSQL from turning it into a join: it is
/// asked of one record after the other, as many as the page needs.
fn begun(table: &'static str, key: &'static str, record: Expr, word: &str, shown: bool) -> Expr {
    let mut select = begins(table, word, shown);
    select.expr(Expr::value(1)).and_where(Expr::col((table, key)).eq(record)).limit(1).offset(0);
    Expr::exists(select)
}

/// The rows of a table of words that begin so.
pub(super) fn begins(table: &'static str, word: &str, shown: bool) -> SelectStatement {
    let column = || Expr::col((table, "word"));
    let mut select = Query::select();
    select.from(table).and_where(column().gte(word)).and_where(column().lt(format!("{word}{LAST}")));
    if shown {
        select.and_where(Expr::col((table, "shown")).eq(true));
    }
    select
}

/// The few records that a query is driven by.
#[derive(Clone, Debug)]
pub(super) struct Drive {
    ids: SelectStatement,
    backend: DbBackend,
}

impl Drive {
    /// Those whose `id` a query finds.
    pub(super) const fn of(ids: SelectStatement, backend: DbBackend) -> Self {
        Self { ids, backend }
    }

    /// Puts the table of what is listed into FROM, behind what drives the query, if anything does.
    pub(super) fn from(drive: Option<Self>, table: &DynIden, select: &mut SelectStatement) {
        let id = Expr::col((table.clone(), "id"));
        match drive {
            None => {
                select.from(table.clone());
            }
            Some(Self { ids, backend: DbBackend::Postgres }) => {
                // As an array it is settled before the rest, whatever the planner thinks of it.
                let ids = Expr::SubQuery(None, Box::new(ids.into()));
                let among = Expr::cust_with_exprs("$1 = ANY(ARRAY $2)", [id, ids]);
                select.from(table.clone()).and_where(among);
            }
            Some(Self { ids, .. }) => {
                // SQLite never turns a cross join around.
                let ids = Query::select().distinct().column(("ids", "id")).from_subquery(ids, "ids").take();
                select
                    .from_subquery(ids, "found")
                    .cross_join(table.clone())
                    .and_where(id.equals(("found", "id")));
            }
        }
    }
}

impl Access {
    /// Keeps PostgreSQL from turning a question about each record into a join with everything, where there are only the
    /// records to ask that the viewer owns or follows.
    pub(super) fn one_by_one<R: RecordTable>(&self, question: &mut SelectStatement) {
        if self.is_driven_by_membership::<R>() {
            question.limit(1).offset(0);
        }
    }

    /// Which contacts the viewer may see, before any row is looked at.
    pub(super) fn scope_of_contacts(&self) -> Scope {
        policy::scope::<policy::Contact>(self.actor(), policy::Action::View, self.now())
    }

    /// Whether there is a record without any word, as those have none that are older than search.
    pub(in crate::domain) async fn lacks_words(&self) -> Result<bool> {
        let account = self.actor().account;
        for (table, tokens, key) in [
            ("contact", "contact_token", "contact_id"),
            ("opportunity", "opportunity_token", "opportunity_id"),
        ] {
            let words = Query::select()
                .expr(Expr::value(1))
                .from(tokens)
                .and_where(Expr::col((tokens, key)).equals((table, "id")))
                .take();
            let without = Query::select()
                .expr_as(Expr::value(1), "one")
                .from(table)
                .and_where(Expr::col((table, "account_id")).eq(account))
                .and_where(Expr::exists(words).not())
                .limit(1)
                .take();
            if self.reader().query_one(&without).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a search of this filter is best driven by: the few records that have its rarest word. None where there is no
    /// search, or where there are many of each word. One small statement for whoever searches the whole account.
    pub(super) async fn drive<R: RecordTable>(&self, filter: &impl Filter<R>) -> Result<Option<Drive>> {
        if self.is_driven_by_membership::<R>() {
            return Ok(None);
        }
        self.drive_by(&filter.searches(), |term, limit| self.rows_with::<R>(term, limit)).await
    }

    /// The same for anything of which `rows_with` finds what has a term, by `id`.
    pub(super) async fn drive_by(
        &self,
        searches: &[&Search],
        rows_with: impl Fn(&Term, Option<u64>) -> SelectStatement,
    ) -> Result<Option<Drive>> {
        let mut terms: Vec<&Term> = searches.iter().copied().flat_map(Search::terms).collect();
        if terms.is_empty() {
            return Ok(None);
        }
        terms.sort_by_key(|term| {
            std::cmp::Reverse(term.readings().iter().map(|reading| longest(reading).len()).min())
        });
        terms.truncate(COUNTED);

        let mut counts = Query::select();
        for (place, term) in terms.iter().enumerate() {
            let rows = rows_with(term, Some(FEW + 1));
            let count = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(rows, "found").take();
            counts.expr_as(Expr::SubQuery(None, Box::new(count.into())), format!("term_{place}"));
        }
        let Some(row) = self.reader().query_one(&counts).await? else { return Ok(None) };
        let mut rarest: Option<(i64, &Term)> = None;
        for (place, term) in terms.into_iter().enumerate() {
            let count: i64 = row.try_get("", &format!("term_{place}"))?;
            if rarest.is_none_or(|(least, _)| count < least) {
                rarest = Some((count, term));
            }
        }
        Ok(rarest
            .filter(|(count, _)| u64::try_from(*count).is_ok_and(|count| count <= FEW))
            .map(|(_, term)| Drive::of(rows_with(term, None), self.base().database.backend())))
    }

    /// The account's records that have the longest word of any reading of a term, by `id`, some of them twice. With a
    /// limit they are there to be counted, of each table at most so many: then a contact stands for its opportunities.
    fn rows_with<R: RecordTable>(&self, term: &Term, limit: Option<u64>) -> SelectStatement {
        let of_contacts = is_of_contacts::<R>();
        let mut parts = Vec::new();
        for word in term.readings().iter().map(|reading| longest(reading)) {
            let shown = !of_contacts && !matches!(self.scope_of_contacts(), Scope::Everything);
            let mut contacts = begins("contact_token", word, shown);
            contacts.and_where(Expr::col(("contact_token", "account_id")).eq(self.actor().account));
            if of_contacts || limit.is_some() {
                contacts.expr_as(Expr::col(("contact_token", "contact_id")), "id");
            } else {
                self.scope_from::<R>(&mut contacts);
                contacts
                    .and_where(
                        Expr::col(("opportunity", "contact_id")).equals(("contact_token", "contact_id")),
                    )
                    .expr_as(Expr::col(("opportunity", "id")), "id");
            }
            parts.push(contacts);
            if !of_contacts {
                let mut own = begins("opportunity_token", word, false);
                own.and_where(Expr::col(("opportunity_token", "account_id")).eq(self.actor().account))
                    .expr_as(Expr::col(("opportunity_token", "opportunity_id")), "id");
                parts.push(own);
            }
        }
        united(parts, limit)
    }
}

/// The `id` of what each of these parts finds, of each at most so many, in the order of the words.
pub(super) fn united(parts: Vec<SelectStatement>, limit: Option<u64>) -> SelectStatement {
    // Each part as a subquery of its own: SQLite takes no limit inside a union.
    let mut parts = parts.into_iter().map(|mut part| {
        if let Some(limit) = limit {
            // In the order of the index, so that PostgreSQL reads no more of it than that.
            part.order_by_expr(Expr::col("word"), Order::Asc).limit(limit);
        }
        Query::select().column(("part", "id")).from_subquery(part, "part").take()
    });
    let mut all = parts.next().unwrap_or_else(Query::select);
    for part in parts {
        all.union(UnionType::All, part);
    }
    all
}

fn is_of_contacts<R: RecordTable>() -> bool {
    matches!(R::reference(uuid::Uuid::nil()), RecordRef::Contact(_))
}

pub(super) fn longest(reading: &[String]) -> &str {
    reading.iter().map(String::as_str).max_by_key(|word| word.chars().count()).unwrap_or_default()
}
