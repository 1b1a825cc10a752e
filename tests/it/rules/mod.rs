//! One test per rule of the specification, at the door of the domain. Each names its rule.

mod auto_follow;
mod changing_owner;
mod creating_contacts;
mod creating_opportunities;
mod deals;
mod editing;
mod ends;
mod filter_trees;
mod followers;
mod hanging;
mod history;
mod linked;
mod managing_followers;
mod muting;
mod permissions;
mod search_words;
mod settings;
mod versions;
mod viewing;
