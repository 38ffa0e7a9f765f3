//! What is special about pods of Windows and of Linux.

use status::{FieldError, FieldErrors};

use crate::checks::Field;

const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];
const NOT_ON_WINDOWS: &str = "cannot be set for a windows pod";
const NOT_ON_LINUX: &str = "windows options cannot be set for a linux pod";
const BAD_USER_CHARACTERS: &[char] =
    &['"', '/', '\\', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '@', '[', ']'];

/// `windowsOptions` of a security context.
pub(super) fn options(options: &Field<'_, '_>, errors: &mut FieldErrors) {
    const MAX_SPEC: usize = 64 * 1024;
    let name = options.child("gmsaCredentialSpecName");
    if name.is_present() {
        name.name(errors, meta::names::dns1123_subdomain);
    }
    let spec = options.child("gmsaCredentialSpec");
    match spec.text().len() {
        _ if !spec.is_present() => {}
        0 => spec.invalid_text(errors, "gmsaCredentialSpec cannot be an empty string"),
        length if length > MAX_SPEC => {
            spec.invalid_text(errors, "gmsaCredentialSpec size must be under 64 KiB");
        }
        _ => {}
    }
    let user = options.child("runAsUserName");
    if user.is_present() {
        user_name(&user, errors);
    }
}

fn user_name(field: &Field<'_, '_>, errors: &mut FieldErrors) {
    let name = field.text();
    let mut say = |detail: &str| field.invalid_text(errors, format!("runAsUserName{detail}"));
    let parts: Vec<&str> = name.split('\\').collect();
    if name.is_empty() {
        return say(" cannot be an empty string");
    }
    if name.chars().any(char::is_control) {
        return say(" cannot contain control characters");
    }
    if parts.len() > 2 {
        return say(" cannot contain more than one backslash");
    }
    if let [domain, _] = parts[..]
        && !is_domain(domain)
    {
        say("'s Domain doesn't match the NetBIOS nor the DNS format");
    }
    let user = parts.last().copied().unwrap_or("");
    match user.len() {
        0 => say("'s User cannot be empty"),
        length if length > 104 => say("'s User length must not be longer than 104 characters"),
        _ => {}
    }
    if !user.is_empty() && user.chars().all(|c| matches!(c, '.' | ' ')) {
        say("'s User cannot contain only periods or spaces");
    }
    if user.contains(BAD_USER_CHARACTERS) {
        say("'s User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
    }
}

fn is_domain(domain: &str) -> bool {
    let net_bios = (1..=15).contains(&domain.len())
        && !domain.starts_with('.')
        && !domain.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|']);
    let label = |label: &str| {
        let bytes = label.as_bytes();
        !label.is_empty()
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-')
    };
    net_bios || (domain.len() < 256 && domain.split('.').all(label))
}

/// Either all containers run as processes of the host or none does.
pub(super) fn host_process(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let own = |holder: &Field<'_, '_>| {
        let context = holder.child("securityContext");
        let options = context.child("windowsOptions");
        let process = options.child("hostProcess");
        process.is_present().then(|| process.flag())
    };
    let of_pod = own(spec);
    let (mut containers, mut processes) = (0, 0);
    for list in CONTAINER_LISTS {
        for container in spec.child(list).items() {
            containers += 1;
            let of_container = own(&container);
            if let (Some(pod), Some(container_says)) = (of_pod, of_container)
                && pod != container_says
            {
                let context = container.child("securityContext");
                let options = context.child("windowsOptions");
                let detail =
                    format!("pod hostProcess value must be identical if both are specified, was {pod}");
                errors.push(FieldError::invalid(&options.path.child("hostProcess"), container_says, detail));
            }
            processes += usize::from(of_container == Some(true) || of_pod == Some(true));
        }
    }
    if processes == 0 {
        return;
    }
    if processes != containers {
        let detail =
            "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        errors.push(FieldError::invalid(&spec.path, "", detail));
    }
    let network = spec.child("hostNetwork");
    if !network.flag() {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.push(FieldError::invalid(&network.path, false, detail));
    }
}

/// What a pod may not have on its operating system.
pub(super) fn operating_system(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let os = spec.child("os");
    if !os.is_present() {
        return;
    }
    let name = os.child("name");
    match name.text() {
        "" => name.missing(errors, ""),
        "linux" => on_linux(spec, errors),
        "windows" => on_windows(spec, errors),
        other => errors.push(FieldError::not_supported(&os.path, other, ["linux", "windows"])),
    }
}

fn on_linux(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let mut check = |holder: &Field<'_, '_>| {
        let context = holder.child("securityContext");
        let options = context.child("windowsOptions");
        if options.is_present() {
            options.forbidden(errors, NOT_ON_LINUX);
        }
    };
    check(spec);
    for list in CONTAINER_LISTS {
        for container in spec.child(list).items() {
            check(&container);
        }
    }
}

/// Fields of a pod that only Linux has: whether they stand in the security context, and their names.
const LINUX_FIELDS: &[(bool, &str)] = &[
    (true, "appArmorProfile"),
    (true, "seLinuxOptions"),
    (false, "hostUsers"),
    (false, "hostPID"),
    (false, "hostIPC"),
    (true, "seccompProfile"),
    (true, "fsGroup"),
    (true, "fsGroupChangePolicy"),
    (true, "sysctls"),
    (false, "shareProcessNamespace"),
    (true, "runAsUser"),
    (true, "runAsGroup"),
    (true, "supplementalGroups"),
    (true, "supplementalGroupsPolicy"),
];
const LINUX_CONTAINER_FIELDS: &[&str] = &[
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
];

fn on_windows(spec: &Field<'_, '_>, errors: &mut FieldErrors) {
    let context = spec.child("securityContext");
    for (in_context, name) in LINUX_FIELDS {
        let field = if *in_context { context.child(name) } else { spec.child(name) };
        let always_false = matches!(*name, "hostPID" | "hostIPC");
        if field.is_present() && (!always_false || field.flag()) {
            field.forbidden(errors, NOT_ON_WINDOWS);
        }
    }
    for list in CONTAINER_LISTS {
        for container in spec.child(list).items() {
            let context = container.child("securityContext");
            for field in LINUX_CONTAINER_FIELDS {
                let field = context.child(field);
                if field.is_present() {
                    field.forbidden(errors, NOT_ON_WINDOWS);
                }
            }
        }
    }
}
