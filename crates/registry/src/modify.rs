//! Writes by the server itself, outside of the rules that clients' writes pass: a binding puts a node's name into a
//! pod, which no update may.

use object::Value;
use status::Result;
use storage::Txn;

use crate::Request;
use crate::commit::encode;
use crate::registry::{Registry, not_found};

impl Registry {
    /// Changes the stored object that `request` names by `change`, which sees it anew whenever somebody else wrote
    /// it meanwhile. No rules, no admission; on dry run nothing is persisted.
    ///
    /// Fails with 404 if there is none, or as `change` does.
    pub async fn modify(
        &self,
        request: &Request,
        dry_run: bool,
        change: &(dyn Fn(&mut Value) -> Result<()> + Sync),
    ) -> Result<()> {
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
}
