//! What authorization still has to say once an object is decoded: nobody hands on rights they do not hold, and a PUT
//! or PATCH that creates needs the right to create.

use std::sync::Arc;

use ::access::authorization::{self, Authorizer, Decision};
use ::access::rbac::{self, Escalation, Write};
use object::Value;
use registry::{Admission, Attributes, BoxFuture, Operation, Verb, Warnings};
use status::Result;

/// Checks what it says above around another admission chain.
pub(super) struct Guard {
    chain: Arc<dyn Admission>,
    escalation: Escalation,
    authorizer: Arc<dyn Authorizer>,
}

impl Guard {
    /// Around `chain`.
    pub(super) fn new(
        chain: Arc<dyn Admission>,
        escalation: Escalation,
        authorizer: Arc<dyn Authorizer>,
    ) -> Guard {
        Guard { chain, escalation, authorizer }
    }

    /// 403 for a PUT or PATCH that is about to create what its user may not create.
    async fn check_creation(&self, attributes: &Attributes<'_>) -> Result<()> {
        let request = attributes.request;
        if attributes.operation != Operation::Create || !matches!(request.verb, Verb::Update | Verb::Patch) {
            return Ok(());
        }
        let asked = authorization::Attributes {
            version: &request.resource.version,
            namespace: &request.namespace,
            name: &request.name,
            ..authorization::Attributes::resource(
                &request.user,
                "create",
                &request.resource.group,
                &request.resource.resource,
            )
        };
        match self.authorizer.authorize(&asked).await {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(reason) | Decision::NoOpinion(reason) => {
                Err(authorization::forbidden(&asked, &reason))
            }
        }
    }
}

impl Admission for Guard {
    fn mutate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: &'a mut Value,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.chain.mutate(attributes, object, old, warnings).await?;
            let request = attributes.request;
            let writes = matches!(attributes.operation, Operation::Create | Operation::Update);
            if !writes || request.resource.group != rbac::GROUP {
                return Ok(());
            }
            let write = Write {
                user: &request.user,
                resource: &request.resource.resource,
                namespace: &request.namespace,
                name: &request.name,
                object,
                old,
            };
            self.escalation.check(&write).await
        })
    }

    fn validate<'a>(
        &'a self,
        attributes: &'a Attributes<'a>,
        object: Option<&'a Value>,
        old: Option<&'a Value>,
        warnings: &'a mut Warnings,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            self.check_creation(attributes).await?;
            self.chain.validate(attributes, object, old, warnings).await
        })
    }
}
