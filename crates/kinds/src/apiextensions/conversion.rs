//! How a definition says its versions are converted.

use status::{BadValue, FieldErrors};

use crate::admissionregistration;
use crate::checks::Field;

const STRATEGIES: &[&str] = &["None", "Webhook"];

/// The forms of conversion review that are understood.
const REVIEWS: [&str; 2] = ["v1", "v1beta1"];

/// Checks `spec.conversion`.
pub(super) fn validate(conversion: &Field<'_, '_>, errors: &mut FieldErrors) {
    if !conversion.is_present() {
        return;
    }
    let strategy = conversion.child("strategy");
    strategy.required_one_of(errors, STRATEGIES);
    let webhook = conversion.child("webhook");
    // Messages know these fields where the original's internal form has them.
    let client = Field {
        value: webhook.child("clientConfig").value,
        path: conversion.path.child("webhookClientConfig"),
    };
    let reviews = Field {
        value: webhook.child("conversionReviewVersions").value,
        path: conversion.path.child("conversionReviewVersions"),
    };
    if strategy.text() == "Webhook" {
        if client.is_present() {
            validate_client(&client, errors);
        } else {
            client.missing(errors, "required when strategy is set to Webhook");
        }
        validate_reviews(&reviews, errors);
        return;
    }
    for field in [client, reviews] {
        if !field.is_empty() {
            field.forbidden(errors, "should not be set when strategy is not set to Webhook");
        }
    }
}

fn validate_client(client: &Field<'_, '_>, errors: &mut FieldErrors) {
    let (url, service) = (client.child("url"), client.child("service"));
    match (url.is_present(), service.is_present()) {
        (true, false) => admissionregistration::validate_webhook_url(&url, errors),
        (false, true) => admissionregistration::validate_webhook_service(&service, errors),
        _ => client.missing(errors, "exactly one of url or service is required"),
    }
}

fn validate_reviews(reviews: &Field<'_, '_>, errors: &mut FieldErrors) {
    if reviews.list().is_empty() {
        return reviews.missing(errors, "");
    }
    let before = errors.len();
    let mut seen: Vec<&str> = Vec::new();
    for review in reviews.items() {
        if seen.contains(&review.text()) {
            review.invalid(errors, "duplicate version");
            continue;
        }
        seen.push(review.text());
        for message in meta::names::dns1035_label(review.text()) {
            review.invalid(errors, message.into_owned());
        }
    }
    if errors.len() == before && !seen.iter().any(|review| REVIEWS.contains(review)) {
        let value = BadValue::Bare(object::json::to_string(reviews.value));
        let detail = format!("must include at least one of {}", REVIEWS.join(", "));
        errors.push(status::FieldError::invalid(&reviews.path, value, detail));
    }
}
