//! Writes by the server itself, outside of the rules that clients' writes pass: a binding puts a node's name into a
//! pod, which no update may.

use object::Value;
use status::Result;
use storage::Txn;

use crate::commit::{Current, encode};
use crate::registry::{Registry, not_found};
use crate::update::goes_now;
use crate::{Request, WriteOptions, ownership};

/// What changes an object; it may be asked again if somebody else wrote meanwhile.
pub type Modify<'m> = &'m (dyn Fn(&mut Value) -> Result<()> + Sync);

impl Registry {
    /// Changes the stored object that `request` names by `change`, which sees it anew whenever somebody else wrote
    /// it meanwhile. No rules, no admission; on dry run nothing is persisted.
    ///
    /// Fails with 404 if there is none, or as `change` does.
    pub async fn modify(&self, request: &Request, dry_run: bool, change: Modify<'_>) -> Result<()> {
        let stored = self.stored_resource(&request.resource)?;
        loop {
            let current = self
                .current(&stored, &request.namespace, &request.name)?
                .ok_or_else(|| not_found(request))?;
            let mut object = current.value;
            change(&mut object)?;
            let encoded = encode(&stored, &mut object)?;
            let txn = Txn::update(current.key, current.revision, encoded.value().clone());
            if dry_run || self.commit(txn).await?.is_some() {
                return Ok(());
            }
        }
    }

    /// As [`Registry::modify`] for the server's own controllers: what changes is recorded as owned by `request`'s
    /// manager, an object under deletion goes when its last finalizer does, and nothing waits for what follows from
    /// the write. Writes nothing if nothing changes.
    pub async fn modify_and_record(&self, request: &Request, change: Modify<'_>) -> Result<()> {
        let stored = self.stored_resource(&request.resource)?;
        loop {
            let Current { key, revision, object: was, value: old } = self
                .current(&stored, &request.namespace, &request.name)?
                .ok_or_else(|| not_found(request))?;
            let mut object = old.clone();
            change(&mut object)?;
            ownership::update(request, &WriteOptions::default(), &self.now(), Some(&old), &mut object);
            patch::apply::keep_times(&old, &mut object);
            let encoded = encode(&stored, &mut object)?;
            if encoded.bare() == was.encoded().bare() {
                return Ok(());
            }
            let txn = match goes_now(&object) {
                true => Txn::remove(key, revision),
                false => Txn::update(key, revision, encoded.value().clone()),
            };
            if self.commit_only(txn).await?.is_some() {
                return Ok(());
            }
        }
    }
}
