//! Names of pipelines and stages: no two of a list are called the same.

use crate::domain::text;
use crate::domain::validate::Problems;

/// A name that none of `others` has, whatever its case.
pub(super) fn unique<'a>(
    problems: &mut Problems,
    field: &str,
    what: &str,
    name: &str,
    mut others: impl Iterator<Item = &'a str>,
) -> String {
    let name = problems.required_line(field, name);
    let key = text::fold(&name);
    if !name.is_empty() && others.any(|other| other == key) {
        problems.add(field, format!("there is a {what} `{name}` already"));
    }
    name
}

/// Names in an order, each only once.
pub(super) fn distinct(problems: &mut Problems, field: &str, what: &str, names: &[String]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::with_capacity(names.len());
    let mut distinct = Vec::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        let field = format!("{field}.{place}");
        let name = unique(problems, &field, what, name, keys.iter().map(String::as_str));
        keys.push(text::fold(&name));
        distinct.push(name);
    }
    distinct
}
