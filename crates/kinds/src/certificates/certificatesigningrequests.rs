//! `certificatesigningrequests` of certificates.k8s.io/v1.

use object::Value;
use registry::{Context, FieldLabels, Resource, Strategy, Verb};

use crate::{
    describe::{Describe, Types},
    rules,
};

/// The description.
pub(crate) fn describe(types: &Types) -> Resource {
    Describe::new(
        types,
        "certificates.k8s.io",
        "v1",
        "certificatesigningrequests",
        "CertificateSigningRequest",
        CertificateSigningRequest,
    )
    .cluster()
    .short_names(&["csr"])
    .selectable_fields(&[("spec.signerName", "")])
    .field_labels(FieldLabels::Label)
    .object_subresource(
        "approval",
        &[Verb::Get, Verb::Patch, Verb::Update],
        CertificateSigningRequestApproval,
    )
    .status(CertificateSigningRequestStatus)
    .finish()
}

#[derive(Debug)]
struct CertificateSigningRequest;

impl Strategy for CertificateSigningRequest {}

#[derive(Debug)]
struct CertificateSigningRequestApproval;

impl Strategy for CertificateSigningRequestApproval {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_field(object, old, "status", "conditions");
    }
}

#[derive(Debug)]
struct CertificateSigningRequestStatus;

impl Strategy for CertificateSigningRequestStatus {
    fn prepare_update(&self, _context: &mut Context<'_>, object: &mut Value, old: &Value) {
        rules::only_status(object, old);
    }
}
