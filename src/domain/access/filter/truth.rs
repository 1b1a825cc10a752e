//! A condition that may already be settled without looking at a row, and is never unknown: `NOT` must not lose rows over
//! an SQL null.

use sea_orm::ExprTrait;
use sea_orm::sea_query::{Cond, Expr};

/// Whether rows pass.
#[derive(Clone, Debug)]
pub enum Truth {
    /// All of them.
    Always,
    /// None.
    Never,
    /// Those of which this holds. It must be true or false for every row.
    When(Cond),
}

impl Truth {
    /// What an expression says that is never null.
    pub fn when(expression: impl Into<Expr>) -> Self {
        Truth::When(Cond::all().add(expression.into()))
    }

    /// What an expression over a column says that may be null: then not.
    pub fn when_there_is(column: &Expr, expression: Expr) -> Self {
        Truth::When(Cond::all().add(column.clone().is_not_null()).add(expression))
    }

    /// Everything or nothing.
    pub const fn constant(value: bool) -> Self {
        if value { Truth::Always } else { Truth::Never }
    }

    /// The opposite.
    #[must_use]
    pub fn not(self) -> Self {
        match self {
            Truth::Always => Truth::Never,
            Truth::Never => Truth::Always,
            Truth::When(condition) => Truth::When(condition.not()),
        }
    }

    /// All of these; of none, everything.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut conditions = Vec::new();
        for part in parts {
            match part {
                Truth::Never => return Truth::Never,
                Truth::Always => {}
                Truth::When(condition) => conditions.push(condition),
            }
        }
        if conditions.is_empty() {
            return Truth::Always;
        }
        Truth::When(conditions.into_iter().fold(Cond::all(), Cond::add))
    }

    /// Any of these; of none, nothing.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut conditions = Vec::new();
        for part in parts {
            match part {
                Truth::Always => return Truth::Always,
                Truth::Never => {}
                Truth::When(condition) => conditions.push(condition),
            }
        }
        if conditions.is_empty() {
            return Truth::Never;
        }
        Truth::When(conditions.into_iter().fold(Cond::any(), Cond::add))
    }

    /// As a condition of a statement.
    #[must_use]
    pub fn into_condition(self) -> Cond {
        match self {
            Truth::Always => Cond::all(),
            Truth::Never => Cond::all().add(Expr::value(1).eq(0)),
            Truth::When(condition) => condition,
        }
    }
}
