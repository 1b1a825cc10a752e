//! Filters over one value: a text, an instant, an amount.

use entity::Timestamp;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, LikeExpr};

use super::truth::Truth;

/// A filter over a text. Everything that is given must hold. The texts are folded as the column is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct TextFilter {
    /// The text is this one.
    pub is: Option<String>,
    /// The text is another one, or there is none.
    pub is_not: Option<String>,
    /// The text is one of these.
    pub any_of: Option<Vec<String>>,
    /// The text is none of these, or there is none.
    pub none_of: Option<Vec<String>>,
    /// The text begins so.
    pub starts_with: Option<String>,
    /// This stands somewhere in the text.
    pub contains: Option<String>,
    /// There is no text, or there is one.
    pub is_null: Option<bool>,
}

impl TextFilter {
    /// The same with every text changed, as a column's own way of writing needs.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let one = |text: &Option<String>| text.as_deref().map(&change);
        let many = |texts: &Option<Vec<String>>| {
            texts.as_ref().map(|texts| texts.iter().map(|text| change(text)).collect())
        };
        Self {
            is: one(&self.is),
            is_not: one(&self.is_not),
            any_of: many(&self.any_of),
            none_of: many(&self.none_of),
            starts_with: one(&self.starts_with),
            contains: one(&self.contains),
            is_null: self.is_null,
        }
    }

    /// Over a column that may be null.
    pub(super) fn of_column(&self, column: &Expr) -> Truth {
        let there = || Truth::when(column.clone().is_not_null());
        self.of(there, |condition| Truth::when_there_is(column, condition(column)))
    }

    /// Over what is absent.
    pub(super) fn of_nothing(&self) -> Truth {
        self.of(|| Truth::Never, |_| Truth::Never)
    }

    /// Over whatever has texts: `there` says that there is one at all, `has` that there is one like that.
    pub(super) fn of(
        &self,
        there: impl Fn() -> Truth,
        has: impl Fn(&dyn Fn(&Expr) -> Expr) -> Truth,
    ) -> Truth {
        let is = |text: &String| has(&|column| column.clone().eq(text.as_str()));
        let is_in = |texts: &Vec<String>| match texts.is_empty() {
            true => Truth::Never,
            false => has(&|column| column.clone().is_in(texts.iter().map(String::as_str))),
        };
        let like =
            |pattern: String| has(&|column| column.clone().like(LikeExpr::new(pattern.clone()).escape('\\')));
        Truth::all(
            [
                self.is.as_ref().map(is),
                self.is_not.as_ref().map(|text| is(text).not()),
                self.any_of.as_ref().map(is_in),
                self.none_of.as_ref().map(|texts| is_in(texts).not()),
                self.starts_with.as_deref().map(|text| like(format!("{}%", escaped(text)))),
                self.contains.as_deref().map(|text| like(format!("%{}%", escaped(text)))),
                self.is_null.map(|wanted| if wanted { there().not() } else { there() }),
            ]
            .into_iter()
            .flatten(),
        )
    }
}

/// Nothing in a text that callers give is a pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A filter over an instant. Everything that is given must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TimeFilter {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub before: Option<Timestamp>,
}

impl TimeFilter {
    /// Over a column that is never null.
    pub(super) fn of_column(self, column: &Expr) -> Truth {
        Truth::all(
            [
                self.from.map(|from| Truth::when(column.clone().gte(from))),
                self.before.map(|before| Truth::when(column.clone().lt(before))),
            ]
            .into_iter()
            .flatten(),
        )
    }

    /// Over what is absent.
    pub(super) const fn of_nothing(self) -> Truth {
        Truth::constant(self.from.is_none() && self.before.is_none())
    }
}

/// A filter over an amount in minor units. Everything that is given must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct AmountFilter {
    /// Not less than this.
    pub at_least: Option<i64>,
    /// Not more than this.
    pub at_most: Option<i64>,
    /// It is not known, or it is.
    pub is_null: Option<bool>,
}

impl AmountFilter {
    /// Over a column that may be null.
    pub(super) fn of_column(self, column: &Expr) -> Truth {
        let unknown = |wanted: bool| {
            Truth::when(if wanted { column.clone().is_null() } else { column.clone().is_not_null() })
        };
        Truth::all(
            [
                self.at_least.map(|least| Truth::when_there_is(column, column.clone().gte(least))),
                self.at_most.map(|most| Truth::when_there_is(column, column.clone().lte(most))),
                self.is_null.map(unknown),
            ]
            .into_iter()
            .flatten(),
        )
    }
}
