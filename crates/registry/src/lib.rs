//! The verbs, written once, over any description of a kind.
//!
//! A [`Resource`] describes what is served at one group, version and plural: its type, its rules (a [`Strategy`]),
//! its subresources, its selectable fields, where it is stored. The registry runs create, get, list, watch, update,
//! patch, apply, delete and deletecollection over it. It knows neither HTTP nor which kinds there are: built-in
//! descriptions come from `kinds`, those of custom resources arrive at run time.
//!
//! Invariants: a write passes decode, default, mutating admission, prepare, validate, validating admission and one
//! encoding, in this order, whatever its verb; a read returns stored bytes and decodes nothing.

mod admission;
mod before;
mod columns;
mod commit;
mod connect;
mod create;
mod custom;
mod decode;
mod delete;
mod delete_collection;
mod ensure;
mod facts;
mod jsonpath;
pub mod metadata;
mod metadata_rules;
mod modify;
mod ownership;
mod patching;
mod protobuf;
mod read;
mod registry;
mod request;
mod resource;
mod response;
mod scale;
mod settle;
mod strategy;
mod table;
mod token;
mod update;
mod virtuals;

pub use admission::{Admission, AdmitAll, Attributes, BoxFuture, Operation};
pub use columns::{Column, ColumnType, Columns, CustomColumn, NONE, Row, UNKNOWN, UNSET};
pub use custom::CustomVersion;
pub use ensure::Given;
pub use metadata_rules::check_embedded as check_embedded_metadata;
pub use modify::Modify;
pub use read::Watch;
pub use registry::Registry;
pub use request::{
    Body, BodyFormat, DeleteOptions, FieldValidation, ListOptions, PatchType, Preconditions, Propagation,
    Request, User, Verb, VersionMatch, Warnings, WriteOptions,
};
pub use resource::{
    Conversion, FieldLabels, Resource, ScalePaths, SelectableField, Storage, Subresource, SubresourceAction,
    Verbs,
};
pub use response::{Item, ListMeta, ObjectBytes, Response};
pub use scale::selector_text;
pub use settle::Settle;
pub use strategy::{
    Context, DeleteAnswer, Dependents, Lookup, NameRule, SideWrite, Strategy, StrategyOptions,
};
pub use table::Resources;
pub use virtuals::Creator;
