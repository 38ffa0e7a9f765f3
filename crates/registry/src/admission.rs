//! Where admission fits in: between decoding and rules (it may change the object), and after the rules (it may
//! only refuse).

use std::future::Future;
use std::pin::Pin;

use object::Value;
use status::Result;

use crate::{Lookup, Request, Warnings};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What admission is asked about (`admission.Operation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// An object comes to be.
    Create,
    /// An object changes.
    Update,
    /// An object goes.
    Delete,
    /// A stream or proxied request begins.
    Connect,
}

/// A request as admission sees it.
pub struct Attributes<'a> {
    /// The request.
    pub request: &'a Request,
    /// What is going to happen (a PATCH or PUT may create).
    pub operation: Operation,
    /// The object's name, which a create takes from the body.
    pub name: &'a str,
    /// Nothing will be persisted.
    pub dry_run: bool,
    /// Other objects, as of now.
    pub lookup: &'a dyn Lookup,
}

/// The chain of admission plugins.
pub trait Admission: Send + Sync {
    /// Changes the object or refuses it.
    fn mutate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: &'a mut Value,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>>;

    /// Accepts or refuses what is about to be persisted; `object` is absent for deletes.
    fn validate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: Option<&'a Value>,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>>;
}

/// Admits everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct AdmitAll;

impl Admission for AdmitAll {
    fn mutate<'a>(
        &'a self,
        _: &'a Attributes<'a>,
        _: &'a mut Value,
        _: Option<&'a Value>,
        _: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn validate<'a>(
        &'a self,
        _: &'a Attributes<'a>,
        _: Option<&'a Value>,
        _: Option<&'a Value>,
        _: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}
