//! `retinue doctor`.

use rstest::rstest;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tempfile::tempdir;

use super::program::{fails, prints, run};
use crate::databases::Kind::{self, Postgres, Sqlite};

const EXPORT: &str = "\
Opportunity name,Contact Name,phone,email,pipeline,stage,Lead Value,source,assigned,Created on,Updated on,lost reason ID,lost reason name,Followers,Notes,tags,Engagement score,status
Lamp,Cancity,,sales@cancity.example,Sales,Won,1054,,Ada Byron,2016-10-20T09:00:00.000Z,2017-03-01T09:00:00.000Z,,,Bo Ek,,retail,0,won
";

#[rstest]
#[tokio::test]
async fn the_doctor_says_what_differs_and_mends_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let folder = tempdir().expect("a folder");
    let folder = folder.path();
    let with = |arguments: &[&str]| -> Vec<String> {
        let all = arguments.iter().copied().chain(["--database", place.address.as_str()]);
        all.map(str::to_owned).collect()
    };
    prints(folder, with(&["migrate", "up"]));
    for name in ["Acme", "Beta"] {
        prints(folder, with(&["account", "create", name, "--country", "DE", "--currency", "EUR"]));
    }
    std::fs::write(folder.join("deals.csv"), EXPORT).expect("written");
    let import =
        ["import", "opportunities", "deals.csv", "--account", "Acme", "--create-users", "--separate-owners"];
    prints(folder, with(&import));

    let fine = "contact-owners: fine\nopportunity-owners: fine\ncontact-memberships: fine\n\
                opportunity-memberships: fine\nstage-totals: fine\npeople-totals: fine\n";
    let acme = |more: &str| format!("account Acme\n{more}");
    assert_eq!(prints(folder, with(&["doctor"])), format!("{}account Beta\n{fine}", acme(fine)));

    let sql = place.connect().await;
    sql.execute_unprepared("UPDATE stage_total SET opportunities = 7").await.expect("damaged");
    let ended = run(folder, with(&["doctor", "--account", "Acme"]));
    assert_eq!(ended.code, Some(1));
    let line = ended.out.lines().find(|line| line.starts_with("  total of stage_")).expect("the difference");
    assert!(line.ends_with(" WON: kept 7 worth 105400 minor units, is 1 worth 105400 minor units"), "{line}");
    assert!(ended.out.contains("stage-totals: 1 differ\n"), "{}", ended.out);
    let error = fails(folder, with(&["doctor"]));
    assert_eq!(error, "retinue: differences remain (1): `retinue doctor --repair` mends them");

    // For programs.
    let ended = run(folder, with(&["doctor", "--json", "--account", "Acme"]));
    let told: Value = serde_json::from_str(&ended.out).expect("one line of JSON");
    assert_eq!((ended.code, &told["remaining"]), (Some(1), &json!(1)));
    let checks = told["accounts"][0]["checks"].as_array().expect("checks");
    let totals = checks.iter().find(|check| check["check"] == "stage-totals").expect("that check");
    assert_eq!((&totals["differences"], &totals["remaining"]), (&json!(1), &json!(1)));
    assert_eq!(totals["examples"][0]["truth"], "1 worth 105400 minor units");

    // Another account does not mend it.
    prints(folder, with(&["doctor", "--repair", "--account", "Beta"]));
    let mended = prints(folder, with(&["doctor", "--repair"]));
    assert!(mended.contains("stage-totals: 1 repaired\n"), "{mended}");
    assert_eq!(prints(folder, with(&["doctor", "--repair", "--account", "Acme"])), acme(fine));
    assert_eq!(prints(folder, with(&["doctor", "--account", "Acme"])), acme(fine));
    let error = fails(folder, with(&["doctor", "--account", "Nobody"]));
    assert!(error.contains("there is no account `Nobody`"), "{error}");
}
