//! The columns of the file: which there are, and where.

use csv::ByteRecord;

use crate::domain::error::{Refusal, Result};
use crate::domain::text;

/// The columns that the import reads. The rest of an export (`lost reason ID`, `Engagement score`) has no place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    OpportunityName,
    ContactName,
    Phone,
    Email,
    Pipeline,
    Stage,
    LeadValue,
    Source,
    Assigned,
    CreatedOn,
    UpdatedOn,
    LostReason,
    Followers,
    Notes,
    Tags,
    Status,
    /// Of a rejects file: which row it was.
    Occurrence,
}

/// What a rejects file adds to the input's columns, in this order.
pub(super) const ADDED: [&str; 4] = ["line", "column", "reason", "occurrence"];

const ALL: [Column; 17] = [
    Column::OpportunityName,
    Column::ContactName,
    Column::Phone,
    Column::Email,
    Column::Pipeline,
    Column::Stage,
    Column::LeadValue,
    Column::Source,
    Column::Assigned,
    Column::CreatedOn,
    Column::UpdatedOn,
    Column::LostReason,
    Column::Followers,
    Column::Notes,
    Column::Tags,
    Column::Status,
    Column::Occurrence,
];

impl Column {
    /// As the export writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Column::OpportunityName => "Opportunity name",
            Column::ContactName => "Contact Name",
            Column::Phone => "phone",
            Column::Email => "email",
            Column::Pipeline => "pipeline",
            Column::Stage => "stage",
            Column::LeadValue => "Lead Value",
            Column::Source => "source",
            Column::Assigned => "assigned",
            Column::CreatedOn => "Created on",
            Column::UpdatedOn => "Updated on",
            Column::LostReason => "lost reason name",
            Column::Followers => "Followers",
            Column::Notes => "Notes",
            Column::Tags => "tags",
            Column::Status => "status",
            Column::Occurrence => "occurrence",
        }
    }

    /// Without these a row says too little to be known again, or who owns it.
    const fn is_required(self) -> bool {
        matches!(
            self,
            Column::OpportunityName
                | Column::ContactName
                | Column::Pipeline
                | Column::Stage
                | Column::Assigned
                | Column::CreatedOn
                | Column::Status
        )
    }
}

/// The header of the file.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    header: ByteRecord,
    places: [Option<usize>; ALL.len()],
    /// Whether the file began with a byte order mark, as spreadsheets want it.
    pub has_mark: bool,
}

impl Columns {
    /// Finds the columns by their names, whatever their case, order and spacing.
    ///
    /// # Errors
    /// Columns that are missing, with what was found instead; a column that stands there twice.
    pub fn of(header: &ByteRecord, has_mark: bool) -> Result<Self> {
        let names: Vec<String> =
            header.iter().map(|name| text::fold(&String::from_utf8_lossy(name))).collect();
        let place = |column: Column| names.iter().position(|name| *name == text::fold(column.name()));
        let missing: Vec<String> = ALL
            .into_iter()
            .filter(|column| column.is_required() && place(*column).is_none())
            .map(|column| format!("`{}`", column.name()))
            .collect();
        if !missing.is_empty() {
            let found: Vec<String> =
                header.iter().map(|name| format!("`{}`", String::from_utf8_lossy(name))).collect();
            let message = format!(
                "the file lacks the columns {}; its first line has {}: export it with commas between the columns, \
                 and with their names",
                missing.join(", "),
                if found.is_empty() { "nothing".to_owned() } else { found.join(", ") },
            );
            return Err(Refusal::invalid("file", message).into());
        }
        for column in ALL {
            let wanted = text::fold(column.name());
            if names.iter().filter(|name| **name == wanted).count() > 1 {
                let message = format!("the column `{}` stands twice in the file: keep one", column.name());
                return Err(Refusal::invalid("file", message).into());
            }
        }
        Ok(Self { header: header.clone(), places: ALL.map(place), has_mark })
    }

    /// Where a column is.
    pub const fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    /// How many fields a row has.
    pub fn len(&self) -> usize {
        self.header.len()
    }

    /// The header.
    pub const fn header(&self) -> &ByteRecord {
        &self.header
    }

    /// The places of the columns that a rejects file keeps: all but those that it adds itself.
    pub fn kept(&self) -> Vec<usize> {
        let is_added = |name: &[u8]| ADDED.contains(&text::fold(&String::from_utf8_lossy(name)).as_str());
        self.header.iter().enumerate().filter(|(_, name)| !is_added(name)).map(|(place, _)| place).collect()
    }

    /// Columns that the import would read, and that are not there.
    pub fn absent(&self) -> Vec<&'static str> {
        let known = ALL.into_iter().filter(|column| *column != Column::Occurrence);
        known.filter(|column| self.place(*column).is_none()).map(Column::name).collect()
    }
}
