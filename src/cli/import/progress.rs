//! Tells whoever waits how far the import is: a bar on a terminal, else a line for each tenth.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use crate::domain::import::{Preview, Progress};

/// Tells on the standard error stream.
pub struct Teller {
    file: String,
    bar: Option<ProgressBar>,
    tenths: u64,
}

impl Teller {
    /// Of the import of this file.
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), bar: None, tenths: 0 }
    }

    /// Tells one thing.
    pub fn tell(&mut self, progress: Progress<'_>) {
        match progress {
            Progress::Begins(preview) => self.begin(preview),
            Progress::Reached { rows, of, rejected } => self.reach(rows, of, rejected),
        }
    }

    /// Clears the line of the bar.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn begin(&mut self, preview: &Preview) {
        for notice in notices(preview) {
            eprintln!("note: {notice}");
        }
        if stderr().is_terminal() {
            let bar = ProgressBar::new(preview.rows);
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows {msg} {eta} left");
            self.bar = Some(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())));
        } else {
            eprintln!("importing {} rows of `{}`", preview.rows, self.file);
        }
    }

    fn reach(&mut self, rows: u64, of: u64, rejected: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("({rejected} rejected)"));
            bar.set_position(rows);
            return;
        }
        let tenths = rows * 10 / of.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            eprintln!("{rows} of {of} rows, {rejected} rejected");
        }
    }
}

/// What one should know before it starts.
fn notices(preview: &Preview) -> Vec<String> {
    let mut notices = Vec::new();
    if !preview.absent_columns.is_empty() {
        let columns: Vec<String> = preview.absent_columns.iter().map(|name| format!("`{name}`")).collect();
        notices.push(format!("the file has no {}: nothing is taken from there", columns.join(", ")));
    }
    if preview.is_linked && preview.contested_rows > 0 {
        notices.push(format!(
            "contacts and opportunities have one owner here, and the file gives several to {} of its contacts: {} rows \
             that name another owner than their contact's first will be rejected; `--separate-owners` allows \
             different ones",
            preview.contested_contacts, preview.contested_rows
        ));
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    // O4
    #[test]
    fn several_owners_are_told_before_it_starts_where_they_will_be_refused() {
        let linked =
            Preview { is_linked: true, contested_contacts: 85, contested_rows: 6_000, ..Preview::default() };
        let [notice] = notices(&linked).try_into().unwrap();
        assert!(notice.contains("85 of its contacts"), "{notice}");
        assert!(notice.contains("`--separate-owners`"), "{notice}");

        let separate = Preview { is_linked: false, ..linked };
        assert!(notices(&separate).is_empty());
    }
}
