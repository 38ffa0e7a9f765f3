//! iSCSI volumes and their qualified names (RFC 3720).

use status::FieldErrors;

use super::sources::byte;
use crate::checks::Field;

pub(super) fn validate(source: &Field<'_, '_>, errors: &mut FieldErrors) {
    source.child("targetPortal").required(errors);
    let name = source.child("iqn");
    if name.required(errors) {
        qualified_name(&name, errors);
    }
    byte(&source.child("lun"), errors);
    let secret = source.child("secretRef");
    if (source.child("chapAuthDiscovery").flag() || source.child("chapAuthSession").flag())
        && !secret.is_present()
    {
        secret.missing(errors, "");
    }
    let initiator = source.child("initiatorName");
    if initiator.is_present() {
        let shown = Field { value: initiator.value, path: source.path.child("initiatorname") };
        qualified_name(&shown, errors);
    }
}

fn qualified_name(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    let name = field.text();
    let alphanumeric = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let good = match name.get(..3) {
        Some("iqn") => is_iqn(name),
        Some("eui") => name.get(4..).is_some_and(|rest| alphanumeric(rest, 16)),
        Some("naa") => name.get(4..).is_some_and(|rest| alphanumeric(rest, 32)),
        _ => return field.invalid_text(errors, "must be valid format starting with iqn, eui, or naa"),
    };
    if !good {
        field.invalid_text(errors, "must be valid format");
    }
}

/// `iqn.YYYY-MM.AUTHORITY:NAME`.
fn is_iqn(name: &str) -> bool {
    let Some((head, unique)) = name.strip_prefix("iqn.").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let Some((date, authority)) = head.split_at_checked(7) else { return false };
    let date_good = date.bytes().enumerate().all(|(index, byte)| match index {
        4 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let authority_good = authority.strip_prefix('.').is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    });
    let unique_good = !unique.is_empty()
        && !unique.contains([',', ';', '*', '&', '$', '|'])
        && !unique.contains(char::is_whitespace);
    date_good && authority_good && unique_good
}
