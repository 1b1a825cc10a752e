//! `retinue import opportunities`: what it prints, what it exits with, and the way of a rejected row through the rejects
//! file back into the account.

use std::fs;
use std::path::{Path, PathBuf};

use entity::{account, opportunity, user};
use rstest::rstest;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Ended, fails, run};
use super::serve::{acme, with};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::databases::Place;

/// Two rows that can be taken, and two that cannot: one has no number for a value, one no contact.
const DEALS: &str = "\
Opportunity name,Contact Name,pipeline,stage,Lead Value,assigned,Created on,Followers,status
First,Acme,Sales,New,10.50,,2020-01-01T09:00:00Z,,open
Second,Globex,Sales,Won,\"1,5\",,2020-01-02T09:00:00Z,,won
Third,,Sales,New,7,,2020-01-03T09:00:00Z,,open
Fourth,Acme,Sales,New,,,2020-01-04T09:00:00Z,,lost
";

/// A database with an account, and a folder for files.
struct Desk {
    place: Place,
    folder: TempDir,
}

impl Desk {
    fn on(kind: Kind) -> Option<Self> {
        let (place, folder) = acme(kind)?;
        Some(Self { place, folder })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn arguments<'a>(&'a self, file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let database = ["--database", self.place.address.as_str(), "--secrets", "secrets"];
        [&["import", "opportunities", file], more, &database[..]].concat()
    }

    fn imports(&self, file: &str, more: &[&str]) -> Ended {
        run(self.folder.path(), self.arguments(file, more))
    }

    /// Imports a file of which every row is taken.
    fn takes(&self, file: &str, more: &[&str]) -> Ended {
        let ended = self.imports(file, more);
        assert_eq!(ended.code, Some(0), "{ended:#?}");
        ended
    }

    /// Imports a file with rejected rows, and answers the last line of what it complains of.
    fn rejects(&self, file: &str, more: &[&str]) -> (Ended, String) {
        let ended = self.imports(file, more);
        assert_eq!(ended.code, Some(2), "{ended:#?}");
        let last = ended.err.lines().last().unwrap_or_default().to_owned();
        (ended, last)
    }

    /// Does not import, and says why. Nothing is changed.
    async fn refuses(&self, file: &str, more: &[&str]) -> String {
        let before = self.deals().await;
        let error = fails(self.folder.path(), self.arguments(file, more));
        assert_eq!(self.deals().await, before, "{error}");
        error
    }

    /// Name and value of every opportunity, by name.
    async fn deals(&self) -> Vec<(String, Option<i64>)> {
        let select = opportunity::Entity::find().order_by_asc(opportunity::Column::NameKey);
        let rows = select.all(&self.place.connect().await).await.expect("the deals are read");
        rows.into_iter().map(|row| (row.name, row.value_minor)).collect()
    }
}

fn deal(name: &str, value: Option<i64>) -> (String, Option<i64>) {
    (name.to_owned(), value)
}

/// The number after a word at the beginning of a line of the summary.
fn count(ended: &Ended, what: &str) -> u64 {
    let line = ended.out.lines().find(|line| line.trim_start().starts_with(what));
    let number = line.and_then(|line| line.split_whitespace().last()?.parse().ok());
    number.unwrap_or_else(|| panic!("no `{what}` in {}", ended.out))
}

/// Read, created, unchanged, updated, rejected.
fn counts(ended: &Ended) -> [u64; 5] {
    ["rows read", "created", "unchanged", "updated", "rejected"].map(|what| count(ended, what))
}

#[rstest]
#[tokio::test]
async fn a_file_that_is_taken_whole_exits_with_0_and_leaves_no_rejects(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(desk) = Desk::on(on) else { return };
    let good: String = DEALS
        .lines()
        .filter(|line| !line.contains("Second") && !line.contains("Third"))
        .map(|line| format!("{line}\n"))
        .collect();
    desk.write("deals.csv", &good);
    let ended = desk.takes("deals.csv", &["--account", "Acme", "--rejects", "rejected.csv"]);
    assert_eq!(counts(&ended), [2, 2, 0, 0, 0]);
    assert_eq!((count(&ended, "contacts created"), count(&ended, "stages created")), (1, 1));
    // What is told on the way goes to the other stream.
    assert!(ended.err.contains("importing 2 rows of `deals.csv`"), "{}", ended.err);
    assert!(ended.err.contains("2 of 2 rows, 0 rejected"), "{}", ended.err);
    assert!(ended.err.contains("note: the file has no `phone`"), "{}", ended.err);
    assert_eq!(desk.deals().await, [deal("First", Some(1_050)), deal("Fourth", None)]);

    // Again: nothing changes, and it says so.
    let again = desk.takes("deals.csv", &[]);
    assert_eq!(counts(&again), [2, 0, 2, 0, 0]);
    assert!(again.out.contains("nothing changed: every row was taken in before"), "{}", again.out);
    let left: Vec<String> = fs::read_dir(desk.folder.path())
        .expect("the folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("csv"))
        .collect();
    assert_eq!(left, ["deals.csv"]);
}

#[rstest]
#[tokio::test]
async fn rejected_rows_exit_with_2_and_are_taken_when_they_are_mended(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(desk) = Desk::on(on) else { return };
    desk.write("deals.csv", DEALS);
    let (ended, last) = desk.rejects("deals.csv", &["--rejects", "rejected.csv"]);
    assert_eq!(counts(&ended), [4, 2, 0, 0, 2]);
    assert!(ended.out.contains("rejected rows: rejected.csv"), "{}", ended.out);
    assert_eq!(
        last,
        "retinue: 2 of 4 rows were rejected: mend them in `rejected.csv`, then import that file"
    );
    assert_eq!(desk.deals().await, [deal("First", Some(1_050)), deal("Fourth", None)]);

    let rejected = desk.read("rejected.csv");
    let mut lines = rejected.lines();
    let header = DEALS.lines().next().expect("a header");
    assert_eq!(lines.next(), Some(format!("{header},line,column,reason,occurrence").as_str()));
    for (number, column) in [(3, "Lead Value"), (4, "Contact Name")] {
        let (line, original) = (lines.next().expect("a row"), DEALS.lines().nth(number - 1));
        let more = line.strip_prefix(original.expect("its row")).unwrap_or_else(|| panic!("{line}"));
        assert!(more.starts_with(&format!(",{number},{column},")), "{more}");
    }
    assert_eq!(lines.next(), None);

    // One of them mended, in the rejects file itself, whose rejects go to another one.
    desk.write("rejected.csv", &rejected.replace("\"1,5\"", "1.5"));
    let (ended, _) = desk.rejects("rejected.csv", &["--rejects", "still.csv"]);
    assert_eq!(counts(&ended), [2, 1, 0, 0, 1]);
    assert_eq!(desk.read("still.csv").lines().next(), rejected.lines().next());
    // The other one too.
    desk.write("still.csv", &desk.read("still.csv").replace("Third,,", "Third,Initech,"));
    let ended = desk.takes("still.csv", &[]);
    assert_eq!(counts(&ended), [1, 1, 0, 0, 0]);
    let all = [
        deal("First", Some(1_050)),
        deal("Fourth", None),
        deal("Second", Some(150)),
        deal("Third", Some(700)),
    ];
    assert_eq!(desk.deals().await, all);

    // The first file again: what it says of the mended rows can still not be taken, and the account stays as it is.
    let (ended, _) = desk.rejects("deals.csv", &["--rejects", "rejected.csv"]);
    assert_eq!(counts(&ended), [4, 0, 2, 0, 2]);
    assert!(ended.out.contains("nothing changed: every row that can be taken"), "{}", ended.out);
    assert_eq!(desk.deals().await, all);
    // Somebody's mending is not overwritten: it moves aside.
    assert!(ended.out.contains("rejected rows of an earlier run: rejected.csv.bak"), "{}", ended.out);
    assert_eq!(desk.read("rejected.csv"), rejected);
    assert_eq!(desk.read("rejected.csv.bak"), rejected.replace("\"1,5\"", "1.5"));
}

#[rstest]
#[tokio::test]
async fn the_summary_is_one_line_of_json_for_a_script(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(desk) = Desk::on(on) else { return };
    desk.write("deals.csv", DEALS);
    let path = desk.path("elsewhere/rejected.csv");
    fs::create_dir(path.parent().expect("a folder")).expect("made");
    let path = path.to_str().expect("a text");
    let (ended, _) = desk.rejects("deals.csv", &["--json", "--rejects", path]);
    let summary = of_json(&ended);
    let expected = json!({ "read": 4, "created": 2, "unchanged": 0, "updated": 0, "rejected": 2,
        "contactsCreated": 1, "pipelinesCreated": 1, "separateOwnersSwitchedOn": false, "rejectsFile": path });
    for (name, value) in expected.as_object().expect("fields") {
        assert_eq!(&summary[name], value, "{name}");
    }
    assert!(summary["seconds"].is_number());
    assert!(Path::new(path).is_file());

    desk.write("good.csv", &DEALS.lines().take(2).map(|line| format!("{line}\n")).collect::<String>());
    let summary = of_json(&desk.takes("good.csv", &["--json"]));
    assert_eq!((&summary["unchanged"], &summary["rejectsFile"]), (&json!(1), &Value::Null));
}

fn of_json(ended: &Ended) -> Value {
    assert_eq!(ended.out.lines().count(), 1, "{}", ended.out);
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
}

#[rstest]
#[tokio::test]
async fn people_stages_and_settings_are_taken_as_asked(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(desk) = Desk::on(on) else { return };
    let text = "Opportunity name,Contact Name,pipeline,stage,assigned,Created on,Followers,status\n\
        One,Acme,Sales,Won,Ann Lee,2020-01-01,Bob Ray,won\n\
        Two,Acme,Sales,New,Bob Ray,2020-01-01,,open\n";
    desk.write("deals.csv", text);
    // Nobody knows these people.
    let (ended, _) = desk.rejects("deals.csv", &["--rejects", "rejected.csv"]);
    assert_eq!(counts(&ended), [2, 0, 0, 0, 2]);
    assert!(ended.err.contains("`--separate-owners` allows different ones"), "{}", ended.err);
    assert_eq!(desk.deals().await, []);

    let options = ["--create-users", "--separate-owners", "--stages", "New,Won"];
    let ended = desk.takes("deals.csv", &options);
    assert_eq!(counts(&ended), [2, 2, 0, 0, 0]);
    assert_eq!((count(&ended, "people created"), count(&ended, "followers added")), (2, 1));
    assert!(ended.out.contains("may have different owners now"), "{}", ended.out);
    let sql = desk.place.connect().await;
    let account = account::Entity::find().one(&sql).await.expect("read").expect("an account");
    assert!(account.separate_owners);
    let users = user::Entity::find().order_by_asc(user::Column::NameKey).all(&sql).await.expect("read");
    let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["Admin", "Ann Lee", "Bob Ray"]);
    let stages = entity::stage::Entity::find().order_by_asc(entity::stage::Column::Position);
    let stages = stages.all(&sql).await.expect("read");
    assert_eq!(stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(), ["New", "Won"]);
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_imported_exits_with_1_and_changes_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(desk) = Desk::on(on) else { return };
    desk.write("deals.csv", DEALS);
    desk.write("semicolons.csv", &DEALS.replace(',', ";"));
    desk.write("empty.csv", "");
    fs::create_dir(desk.path("folder.csv")).expect("made");
    for (file, more, told) in [
        ("nothing.csv", vec![], "`nothing.csv` cannot be opened"),
        ("semicolons.csv", vec![], "the file lacks the columns `Opportunity name`"),
        ("empty.csv", vec![], "its first line has nothing"),
        ("folder.csv", vec![], "the file cannot be read"),
        ("deals.csv", vec!["--account", "Globex"], "there is no account `Globex`"),
        ("deals.csv", vec!["--rejects", "./deals.csv"], "`./deals.csv` is the file to import"),
    ] {
        let error = desk.refuses(file, &more).await;
        assert!(error.contains(told), "{error}");
    }
    assert_eq!(desk.read("deals.csv"), DEALS);

    with(
        &desk.place,
        desk.folder.path(),
        &["account", "create", "Globex", "--country", "DE", "--currency", "EUR"],
    );
    let error = desk.refuses("deals.csv", &[]).await;
    assert!(error.contains("there are 2 accounts: name one with `--account`"), "{error}");
}

#[rstest]
#[tokio::test]
async fn rejects_that_cannot_be_written_end_the_import_and_a_second_run_goes_on(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(desk) = Desk::on(on) else { return };
    desk.write("deals.csv", DEALS);
    let error = fails(desk.folder.path(), desk.arguments("deals.csv", &["--rejects", "no/such/folder.csv"]));
    assert!(error.contains("the rejects file cannot be written"), "{error}");
    // The rows that were taken in before that stay.
    let (ended, _) = desk.rejects("deals.csv", &[]);
    assert_eq!(counts(&ended), [4, 0, 2, 0, 2]);
    // Beside the file, where nobody says otherwise.
    assert_eq!(desk.read("deals.rejects.csv").lines().count(), 3);
}
