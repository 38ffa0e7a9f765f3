//! Security contexts of pods and containers.

use meta::names::{group_id, user_id};
use status::{FieldError, FieldErrors};

use super::{PodRules, paths, sysctls, windows};
use crate::checks::Field;

const PROFILE_TYPES: &[&str] = &["Localhost", "RuntimeDefault", "Unconfined"];

fn id(field: &Field<'_, '_>, rule: fn(i64) -> meta::names::Messages, errors: &mut FieldErrors) {
    if field.is_present() {
        for message in rule(field.int()) {
            field.invalid(errors, message);
        }
    }
}

/// A container's.
pub(super) fn of_container(
    context: &Field<'_, '_>,
    host_users: bool,
    rules: &PodRules<'_>,
    errors: &mut FieldErrors,
) {
    if !context.is_present() {
        return;
    }
    id(&context.child("runAsUser"), user_id, errors);
    id(&context.child("runAsGroup"), group_id, errors);
    let mount = context.child("procMount");
    if mount.is_present() {
        mount.one_of(errors, &["Default", "Unmasked"]);
        if host_users && mount.text() == "Unmasked" {
            mount.invalid_text(errors, "`hostUsers` must be false to use `Unmasked`");
        }
    }
    seccomp(&context.child("seccompProfile"), rules, errors);
    escalation(context, rules, errors);
    windows::options(&context.child("windowsOptions"), errors);
    app_armor(&context.child("appArmorProfile"), errors);
}

fn escalation(context: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    let allowed = context.child("allowPrivilegeEscalation");
    if !allowed.is_present() || allowed.flag() {
        return;
    }
    let mut refuse = |what: &str| {
        let value = rules.shown("SecurityContext", context.value);
        let detail = format!("cannot set `allowPrivilegeEscalation` to false and {what}");
        errors.push(FieldError::invalid(&context.path, value, detail));
    };
    if context.child("privileged").flag() {
        refuse("`privileged` to true");
    }
    if context.child("capabilities").child("add").texts().any(|one| one == "CAP_SYS_ADMIN") {
        refuse("`capabilities.Add` CAP_SYS_ADMIN");
    }
}

fn seccomp(profile: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    if !profile.is_present() {
        return;
    }
    let (kind, local) = (profile.child("type"), profile.child("localhostProfile"));
    if kind.is_empty() {
        kind.missing(errors, "type is required when seccompProfile is set");
    } else {
        kind.one_of(errors, PROFILE_TYPES);
    }
    if kind.text() != "Localhost" {
        if local.is_present() {
            let value = rules.shown("SeccompProfile", profile.value);
            let detail = "can only be set when seccomp type is Localhost";
            errors.push(FieldError::invalid(&local.path, value, detail));
        }
    } else if local.is_present() {
        paths::descending(&local, errors);
    } else {
        local.missing(errors, "must be set when seccomp type is Localhost");
    }
}

fn app_armor(profile: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_LENGTH: usize = 4095;
    const MISSING: &str = "must be set when AppArmor type is Localhost";
    if !profile.is_present() {
        return;
    }
    let (kind, local) = (profile.child("type"), profile.child("localhostProfile"));
    match kind.text() {
        "Localhost" if !local.is_present() => local.missing(errors, MISSING),
        "Localhost" => {
            if local.text().trim() != local.text() {
                local.invalid_text(errors, "must not be padded with whitespace");
            } else if local.is_empty() {
                local.missing(errors, MISSING);
            }
            if local.text().len() > MAX_LENGTH {
                errors.push(FieldError::too_long(&local.path, MAX_LENGTH as i64));
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if local.is_present() {
                local.invalid_text(errors, "can only be set when AppArmor type is Localhost");
            }
        }
        "" => kind.missing(errors, "type is required when appArmorProfile is set"),
        _ => kind.unsupported(errors, PROFILE_TYPES),
    }
}

/// A pod's.
pub(super) fn of_pod(spec: &Field<'_, '_>, rules: &PodRules<'_>, errors: &mut FieldErrors) {
    if spec.child("hostNetwork").flag() {
        host_network_ports(&spec.child("containers"), errors);
    }
    let context = spec.child("securityContext");
    if !context.is_present() {
        return;
    }
    id(&context.child("fsGroup"), group_id, errors);
    id(&context.child("runAsUser"), user_id, errors);
    id(&context.child("runAsGroup"), group_id, errors);
    for group in context.child("supplementalGroups").items() {
        id(&group, group_id, errors);
    }
    let shares = spec.child("shareProcessNamespace").flag();
    if shares && spec.child("hostPID").flag() {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        let path = context.path.child("shareProcessNamespace");
        errors.push(FieldError::invalid(&path, shares, detail));
    }
    sysctls::validate(&context.child("sysctls"), spec, errors);
    let policy = context.child("fsGroupChangePolicy");
    if policy.is_present() {
        policy.one_of(errors, &["Always", "OnRootMismatch"]);
    }
    seccomp(&context.child("seccompProfile"), rules, errors);
    windows::options(&context.child("windowsOptions"), errors);
    app_armor(&context.child("appArmorProfile"), errors);
    let policy = context.child("supplementalGroupsPolicy");
    if policy.is_present() {
        policy.one_of(errors, &["Merge", "Strict"]);
    }
    let policy = context.child("seLinuxChangePolicy");
    if policy.is_present() {
        policy.one_of(errors, &["Recursive"]);
    }
}

fn host_network_ports(containers: &Field<'_, '_>, errors: &mut FieldErrors) {
    for container in containers.items() {
        for port in container.child("ports").items() {
            let number = port.child("hostPort");
            if number.int() != port.child("containerPort").int() {
                let detail = "must match `containerPort` when `hostNetwork` is true";
                errors.push(FieldError::invalid(&number.path, number.int(), detail));
            }
        }
    }
}

/// A pod with users of its own shares nothing with its host that would name users.
pub(super) fn host_users(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    const DETAIL: &str = "when `hostUsers` is false";
    let users = spec.child("hostUsers");
    if !users.is_present() || users.flag() {
        return;
    }
    for (field, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if spec.child(field).flag() {
            errors.push(FieldError::forbidden(&spec.path.child(shown), DETAIL));
        }
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for container in spec.child(list).items() {
            let devices = container.child("volumeDevices");
            if !devices.is_empty() {
                devices.forbidden(errors, DETAIL);
            }
        }
    }
}
