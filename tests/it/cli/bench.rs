//! `retinue bench`: that it measures what it says, and comes to its end. The figures themselves are nothing that a test
//! could judge.

#![cfg(target_os = "linux")]

use rstest::rstest;
use serde_json::Value;
use tempfile::tempdir;

use super::program::prints;
use crate::databases::Kind::{self, Postgres, Sqlite};

#[rstest]
#[tokio::test]
async fn the_fan_out_is_measured_to_the_last_delivery(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(place) = on.empty_place() else { return };
    let folder = tempdir().expect("a folder");
    let sizes = ["--sockets", "60", "--changes", "3", "--json"];
    let arguments = ["bench", "fanout", "--database", place.address.as_str()].into_iter().chain(sizes);
    let printed = prints(folder.path(), arguments);
    let figures: Value = serde_json::from_str(&printed).expect("one line of JSON");
    assert_eq!(figures["deliveries"], 60 * 3, "{figures}");
    for measured in
        ["delayP50Ms", "delayP99Ms", "cpuPerDeliveryUs", "cpuPerBareWriteUs", "ratio", "bytesPerDelivery"]
    {
        assert!(figures[measured].as_f64().is_some_and(|value| value > 0.0), "{measured}: {figures}");
    }
    assert!(figures["delayP50Ms"].as_f64() <= figures["delayP99Ms"].as_f64(), "{figures}");
}
