//! The shape of answers: what was selected, where it was selected, and nothing else. Compared as text, since the order of
//! the keys is part of it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Post, asking};
use crate::databases::Kind::Sqlite;
use crate::world::{Contact, Person, World};

/// A user who owns one contact.
async fn ada() -> Option<(World, Person, Contact)> {
    let world = World::separate_on(Sqlite).await?;
    let ada = world.user("Ada").create().await;
    let contact = world.contact().named("Grace").owned_by(&ada).create().await;
    Some((world, ada, contact))
}

/// The answer to a document, to the letter.
async fn text(person: &Person, world: &World, document: &str) -> String {
    let answer = Post::of(person, world, asking(document)).to(world).await;
    assert_eq!(answer.status, StatusCode::OK, "{document}: {}", answer.text);
    answer.text
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_document() {
    let Some((world, ada, contact)) = ada().await else { return };
    let (user, contact) = (ada.id, contact.id);
    for (document, data) in [
        ("{ viewer { name id } account { currency name } }".to_owned(), {
            let account = world.settings().await.name;
            format!(r#"{{"viewer":{{"name":"Ada","id":"{user}"}},"account":{{"currency":"EUR","name":"{account}"}}}}"#)
        }),
        // What takes longest to find stands where it was asked all the same.
        (
            "{ contacts { nodes { followers { user { id } } displayName owner { name } id } } __typename viewer { name } }".into(),
            format!(
                r#"{{"contacts":{{"nodes":[{{"followers":[],"displayName":"Grace","owner":{{"name":"Ada"}},"id":"{contact}"}}]}},"__typename":"Query","viewer":{{"name":"Ada"}}}}"#
            ),
        ),
        // A fragment stands where it is spread.
        (
            "{ ...B viewer { ... { id } ...N role } } fragment N on User { name } fragment B on Query { account { currency } }".into(),
            format!(r#"{{"account":{{"currency":"EUR"}},"viewer":{{"id":"{user}","name":"Ada","role":"USER"}}}}"#),
        ),
        // An alias is the key.
        (
            "{ z: viewer { b: name a: id } a: viewer { z: __typename } }".into(),
            format!(r#"{{"z":{{"b":"Ada","a":"{user}"}},"a":{{"z":"User"}}}}"#),
        ),
    ] {
        assert_eq!(text(&ada, &world, &document).await, format!(r#"{{"data":{data}}}"#), "{document}");
    }
}

#[tokio::test]
async fn a_key_that_is_selected_again_stands_once_at_its_first_place() {
    let Some((world, ada, contact)) = ada().await else { return };
    let (user, contact) = (ada.id, contact.id);
    for (document, data) in [
        ("{ viewer { name name } }".to_owned(), r#"{"viewer":{"name":"Ada"}}"#.to_owned()),
        (
            "{ viewer { name } account { currency } viewer { id name } }".into(),
            format!(r#"{{"viewer":{{"name":"Ada","id":"{user}"}},"account":{{"currency":"EUR"}}}}"#),
        ),
        (
            "{ viewer { id } ...V } fragment V on Query { viewer { name ... on User { id } } }".into(),
            format!(r#"{{"viewer":{{"id":"{user}","name":"Ada"}}}}"#),
        ),
        (
            "{ contacts { nodes { owner { id } } nodes { id owner { name } } } }".into(),
            format!(
                r#"{{"contacts":{{"nodes":[{{"owner":{{"id":"{user}","name":"Ada"}},"id":"{contact}"}}]}}}}"#
            ),
        ),
    ] {
        assert_eq!(text(&ada, &world, &document).await, format!(r#"{{"data":{data}}}"#), "{document}");
    }
}

#[tokio::test]
async fn aliases_ask_one_field_several_things() {
    let Some((world, ada, contact)) = ada().await else { return };
    let id = contact.id;
    let document = format!(
        "{{ there: contact(id: \"{id}\") {{ displayName }} nowhere: contact(id: \"contact_no\") {{ displayName }}
            again: contact(id: \"{id}\") {{ displayName: id }} }}"
    );
    let data =
        format!(r#"{{"there":{{"displayName":"Grace"}},"nowhere":null,"again":{{"displayName":"{id}"}}}}"#);
    assert_eq!(text(&ada, &world, &document).await, format!(r#"{{"data":{data}}}"#));
}

#[tokio::test]
async fn what_is_skipped_or_not_included_leaves_no_key() {
    let Some((world, ada, _)) = ada().await else { return };
    let declared = "query($yes: Boolean!, $no: Boolean = false, $on: Boolean! = true)";
    let ask = async |selection: &str, variables: Value| {
        let document = format!(
            "{declared} {{ viewer {{ {selection} role }} ...U }} fragment U on Query {{
            account @include(if: $yes) {{ currency }} a: account @include(if: $no) {{ name }}
            b: account @skip(if: $on) {{ name }} }}"
        );
        let body = json!({ "query": document, "variables": variables }).to_string();
        Post::of(&ada, &world, body).to(&world).await.text
    };
    let answer = |name: &str, more: &str| format!(r#"{{"data":{{"viewer":{{{name}"role":"USER"}}{more}}}}}"#);
    let (name, account) = (r#""name":"Ada","#, r#","account":{"currency":"EUR"}"#);
    for (selection, is_there) in [
        ("name @include(if: true)", true),
        ("name @include(if: false)", false),
        ("name @skip(if: true)", false),
        ("name @skip(if: false)", true),
        ("name @include(if: $yes)", true),
        ("name @skip(if: $yes)", false),
        ("name @include(if: $no)", false),
        ("name @skip(if: $no)", true),
        ("name @include(if: $on)", true),
        ("name @skip(if: $on)", false),
        ("name @include(if: $yes) @skip(if: $no)", true),
        ("name @include(if: $yes) @skip(if: $on)", false),
        ("name @include(if: $no) @skip(if: $no)", false),
        ("... @include(if: $on) { name }", true),
        ("... on User @skip(if: $on) { name }", false),
        ("name @skip(if: $on) name", true),
    ] {
        let expected = answer(if is_there { name } else { "" }, account);
        assert_eq!(ask(selection, json!({ "yes": true })).await, expected, "{selection}");
    }
    // What is given goes before the default.
    let given = json!({ "yes": false, "no": true, "on": false });
    let seen = ask("name @skip(if: $on) id @skip(if: $no)", given).await;
    let account = world.settings().await.name;
    assert_eq!(seen, answer(name, &format!(r#","a":{{"name":"{account}"}},"b":{{"name":"{account}"}}"#)));
}

#[tokio::test]
async fn a_spread_is_left_out_with_all_that_is_in_it() {
    let Some((world, ada, _)) = ada().await else { return };
    let document =
        "query($all: Boolean! = false) { viewer { id } ...A @include(if: $all) ...B @skip(if: $all) }
        fragment A on Query { contacts(filter: { owner: { is: \"nobody\" } }) { nodes { id } } }
        fragment B on Query { account { currency } }";
    let data = format!(r#"{{"viewer":{{"id":"{}"}},"account":{{"currency":"EUR"}}}}"#, ada.id);
    assert_eq!(text(&ada, &world, document).await, format!(r#"{{"data":{data}}}"#));
    // Left out, it costs nothing either.
    let (_, statements) = ada.reads(document).counted().await;
    assert_eq!(statements.len(), 1, "{statements:#?}");
}

#[tokio::test]
async fn a_selection_of_nothing_is_an_empty_object() {
    let Some((world, ada, _)) = ada().await else { return };
    for (document, data) in [
        ("{ viewer @skip(if: true) { id } }", "{}"),
        ("{ viewer { id @include(if: false) } }", r#"{"viewer":{}}"#),
    ] {
        assert_eq!(text(&ada, &world, document).await, format!(r#"{{"data":{data}}}"#), "{document}");
    }
}

#[tokio::test]
async fn a_root_field_that_fails_is_null_and_the_others_stand() {
    let Some((world, ada, _)) = ada().await else { return };
    let document = "{
        before: viewer { name }
        wrong: contacts(filter: { owner: { is: \"nobody\" } }) { nodes { id } }
        after: account { currency }
        worse: contacts(first: 201) { nodes { id } }
    }";
    let answer = Post::of(&ada, &world, asking(document)).to(&world).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.has_errors(["BAD_USER_INPUT worse", "BAD_USER_INPUT wrong"]);
    let data = r#""data":{"before":{"name":"Ada"},"wrong":null,"after":{"currency":"EUR"},"worse":null}}"#;
    // Errors come first, so that nobody overlooks them.
    assert!(answer.text.starts_with(r#"{"errors":["#) && answer.text.ends_with(data), "{}", answer.text);
    let places: Vec<&Value> =
        answer.json["errors"].as_array().expect("errors").iter().map(|error| &error["locations"]).collect();
    assert_eq!(places, [&json!([{ "line": 5, "column": 9 }]), &json!([{ "line": 3, "column": 9 }])]);
}

#[tokio::test]
async fn a_field_of_a_list_that_fails_is_null_in_each_item_and_the_others_stand() {
    let Some((world, ada, contact)) = ada().await else { return };
    for name in ["One", "Two"] {
        world.opportunity(&contact).named(name).owned_by(&ada).create().await;
    }
    ada.loses(policy::Permission::ViewLeadValue).await;
    let document = "{ deals: opportunities(sort: { by: NAME, direction: ASC }) { nodes { name worth: monetaryValue { amount } status } } }";
    let answer = Post::of(&ada, &world, asking(document)).to(&world).await;
    answer.has_errors(["FORBIDDEN deals.nodes.0.worth"]);
    let deal = |name: &str| format!(r#"{{"name":"{name}","worth":null,"status":"OPEN"}}"#);
    let data = format!(r#""data":{{"deals":{{"nodes":[{},{}]}}}}}}"#, deal("One"), deal("Two"));
    assert!(answer.text.ends_with(&data), "{}", answer.text);
}

#[tokio::test]
async fn mutations_answer_in_their_order_and_one_that_is_refused_holds_up_no_other() {
    let Some((world, ada, contact)) = ada().await else { return };
    let id = contact.id;
    let document = format!(
        "mutation {{
            z: contactUpdate(input: {{ id: \"{id}\", company: \"Navy\" }}) {{ contact {{ version company }} }}
            m: contactUpdate(input: {{ id: \"{id}\", company: \"\" }}) {{ userErrors {{ code }} contact {{ id }} }}
            a: contactUpdate(input: {{ id: \"{id}\", company: \"Army\" }}) {{ contact {{ company version }} }}
        }}"
    );
    let data = r#"{"z":{"contact":{"version":2,"company":"Navy"}},"m":{"userErrors":[{"code":"INVALID_INPUT"}],"contact":null},"a":{"contact":{"company":"Army","version":3}}}"#;
    assert_eq!(text(&ada, &world, &document).await, format!(r#"{{"data":{data}}}"#));
}
