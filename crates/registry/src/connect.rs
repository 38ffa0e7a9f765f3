//! Streams and proxied requests: the server carries them out, admission has its say first.

use object::Value;
use status::Result;

use crate::registry::Registry;
use crate::{Attributes, Operation, Request, Warnings};

impl Registry {
    /// Asks admission whether a stream or proxied request may begin; `options` is the object that describes it, such
    /// as a PodExecOptions.
    pub async fn admit_connect(
        &self,
        request: &Request,
        mut options: Value,
        warnings: &mut Warnings,
    ) -> Result<()> {
        let attributes = Attributes {
            request,
            operation: Operation::Connect,
            name: &request.name,
            dry_run: false,
            lookup: self,
        };
        let admission = self.admission();
        admission.mutate(&attributes, &mut options, None, warnings).await?;
        admission.validate(&attributes, Some(&options), None, warnings).await
    }
}
