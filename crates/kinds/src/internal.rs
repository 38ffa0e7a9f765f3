//! Objects as some messages print them: the original's internal structs encoded as JSON, which have Go's field names
//! and write everything that is unset.

use object::{Value, json};
use schema::{Field, Scalar, Shape, TypeRef};
use status::BadValue;

use crate::diff;

/// Go's names of JSON names that are not merely capitalized, by the beginning that differs.
const INITIALISMS: &[(&str, &str)] = &[
    ("apiGroup", "APIGroup"),
    ("apiVersion", "APIVersion"),
    ("aws", "AWS"),
    ("cel", "CEL"),
    ("cephfs", "CephFS"),
    ("cidr", "CIDR"),
    ("csi", "CSI"),
    ("dns", "DNS"),
    ("fc", "FC"),
    ("fsGroup", "FSGroup"),
    ("fsType", "FSType"),
    ("gce", "GCE"),
    ("gid", "GID"),
    ("gmsa", "GMSA"),
    ("grpc", "GRPC"),
    ("hostIP", "HostIP"),
    ("http", "HTTP"),
    ("ip", "IP"),
    ("iqn", "IQN"),
    ("iscsi", "ISCSI"),
    ("nfs", "NFS"),
    ("os", "OS"),
    ("pd", "PD"),
    ("pid", "PID"),
    ("rbd", "RBD"),
    ("seLinux", "SELinux"),
    ("storageos", "StorageOS"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
    ("tty", "TTY"),
    ("uid", "UID"),
    ("url", "URL"),
];

/// Go's names where they have nothing to do with the JSON name: the end of the type's name, both names.
const RENAMED: &[(&str, &str, &str)] = &[
    ("DeviceAttribute", "int", "IntValue"),
    ("DeviceAttribute", "ints", "IntValues"),
    ("DeviceAttribute", "bool", "BoolValue"),
    ("DeviceAttribute", "bools", "BoolValues"),
    ("DeviceAttribute", "string", "StringValue"),
    ("DeviceAttribute", "strings", "StringValues"),
    ("DeviceAttribute", "version", "VersionValue"),
    ("DeviceAttribute", "versions", "VersionValues"),
    ("ISCSIVolumeSource", "chapAuthDiscovery", "DiscoveryCHAPAuth"),
    ("ISCSIVolumeSource", "chapAuthSession", "SessionCHAPAuth"),
    ("RBDVolumeSource", "image", "RBDImage"),
    ("RBDVolumeSource", "monitors", "CephMonitors"),
    ("RBDVolumeSource", "pool", "RBDPool"),
    ("RBDVolumeSource", "user", "RadosUser"),
];

/// Fields that stand elsewhere than in v1: the end of the type's name, the field, and the one it follows.
const MOVED: &[(&str, &str, &str)] = &[
    (".PersistentVolumeSource", "flexVolume", "iscsi"),
    (".PersistentVolumeSource", "quobyte", "rbd"),
    (".PodSecurityContext", "fsGroupChangePolicy", "fsGroup"),
    (".PodSpec", "overhead", "runtimeClassName"),
    (".PodSpec", "preemptionPolicy", "priority"),
    (".PodSpec", "setHostnameAsFQDN", "subdomain"),
    (".Volume", "quobyte", "rbd"),
];

/// Fields of a pod's spec that belong to its security context.
const HOST_FIELDS: &[&str] = &["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/// `value`, of type `ty`, as a message prints it.
pub(crate) fn bad_value(ty: Option<TypeRef<'_>>, value: &Value) -> BadValue {
    match ty {
        Some(ty) => {
            let mut out = String::new();
            write(&mut out, ty, value);
            BadValue::Bare(out)
        }
        None => BadValue::from(value),
    }
}

/// The same of a list whose elements are of type `ty`; an empty one is `null`.
pub(crate) fn bad_list(ty: Option<TypeRef<'_>>, list: &[Value]) -> BadValue {
    let Some(ty) = ty.filter(|_| !list.is_empty()) else { return BadValue::Null };
    let shown = list.iter().map(|item| {
        let mut out = String::new();
        write(&mut out, ty, item);
        out
    });
    BadValue::Bare(format!("[{}]", shown.collect::<Vec<_>>().join(",")))
}

fn write(out: &mut String, ty: TypeRef<'_>, value: &Value) {
    match (ty.shape(), value) {
        (Shape::Struct(_), Value::Object(_) | Value::Null) if !has_json_names(ty) => {
            out.push('{');
            let mut first = true;
            write_fields(out, ty, value, &mut first);
            out.push('}');
        }
        (Shape::List(list), Value::Array(items)) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, ty.schema.get(list.items), item);
            }
            out.push(']');
        }
        (Shape::Map(map), Value::Object(entries)) => {
            out.push('{');
            for (index, (key, entry)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&json::to_string(&Value::from(key)));
                out.push(':');
                write(out, ty.schema.get(map.values), entry);
            }
            out.push('}');
        }
        (Shape::Struct(_), value) => {
            let mut bytes = Vec::new();
            schema::encode(ty, value, &mut bytes);
            out.push_str(&String::from_utf8_lossy(&bytes));
        }
        _ => out.push_str(&json::to_string(value)),
    }
}

/// Types of apimachinery have JSON names in the original's internal structs too.
fn has_json_names(ty: TypeRef<'_>) -> bool {
    ty.ty().name.contains("apimachinery")
}

fn write_fields(out: &mut String, ty: TypeRef<'_>, value: &Value, first: &mut bool) {
    let is_pod_spec = ty.ty().name.ends_with(".PodSpec");
    for field in fields_in_order(ty) {
        if is_pod_spec && (HOST_FIELDS.contains(&&*field.name) || field.name == "serviceAccount") {
            continue;
        }
        write_field(out, ty, field, value, first);
    }
}

/// The fields of a struct in the order of the internal one.
fn fields_in_order(ty: TypeRef<'_>) -> Vec<&Field> {
    let mut fields: Vec<&Field> = ty.as_struct().map_or_else(Vec::new, |of| of.fields.iter().collect());
    for (_, name, before) in MOVED.iter().filter(|(of, _, _)| ty.ty().name.ends_with(of)) {
        let place = |name: &str| fields.iter().position(|field| field.name == name);
        if let (Some(from), Some(after)) = (place(name), place(before)) {
            let field = fields.remove(from);
            fields.insert(if after < from { after + 1 } else { after }, field);
        }
    }
    fields
}

fn write_field(out: &mut String, ty: TypeRef<'_>, field: &Field, value: &Value, first: &mut bool) {
    let field_type = ty.schema.get(field.ty);
    let set = value.get(&field.name).filter(|value| !value.is_null());
    if field.name == "metadata" {
        // ObjectMeta is embedded: its fields, which have JSON names, stand among the others.
        let mut metadata = String::new();
        write(&mut metadata, field_type, set.unwrap_or(&Value::object()));
        let inner = metadata.trim_start_matches('{').trim_end_matches('}');
        if !inner.is_empty() {
            separate(out, first);
            out.push_str(&metadata[1..metadata.len() - 1]);
        }
        return;
    }
    separate(out, first);
    out.push_str(&json::to_string(&Value::from(go_name(ty, &field.name))));
    out.push(':');
    match set {
        _ if field.name == "securityContext" && ty.ty().name.ends_with(".PodSpec") => {
            write_pod_security(out, ty, field_type, value);
        }
        Some(set) => write(out, field_type, set),
        None if field.pointer => out.push_str("null"),
        None => write_zero(out, field_type),
    }
}

/// The security context of a pod, with what stands beside it in v1.
fn write_pod_security(out: &mut String, spec_type: TypeRef<'_>, ty: TypeRef<'_>, spec: &Value) {
    out.push('{');
    let mut first = true;
    let beside = |name: &str| spec_type.as_struct()?.fields.iter().find(|field| field.name == name);
    for field in HOST_FIELDS.iter().filter_map(|name| beside(name)) {
        write_field(out, spec_type, field, spec, &mut first);
    }
    write_fields(out, ty, spec.get("securityContext").unwrap_or(&Value::Null), &mut first);
    out.push('}');
}

/// What changed between two values of type `ty`, as a unified diff of their lines.
pub(crate) fn changes(ty: Option<TypeRef<'_>>, old: &Value, new: &Value) -> String {
    let lines = |value: &Value| match ty {
        Some(ty) => {
            let mut out = String::new();
            write(&mut out, ty, value);
            indented(&out)
        }
        None => String::new(),
    };
    let (old, new) = (lines(old), lines(new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    diff::unified(&old, &new)
}

/// Compact JSON spread over lines, one space deeper for each level.
fn indented(compact: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    let mut before = ' ';
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth));
    };
    for c in compact.chars() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
        } else {
            let opened = matches!(before, '{' | '[');
            match c {
                '}' | ']' => {
                    depth = depth.saturating_sub(1);
                    if !opened {
                        line(&mut out, depth);
                    }
                }
                _ if opened => line(&mut out, depth),
                _ => {}
            }
            out.push(c);
            match c {
                '{' | '[' => depth += 1,
                ',' => line(&mut out, depth),
                ':' => out.push(' '),
                '"' => in_text = true,
                _ => {}
            }
        }
        before = if in_text { '"' } else { c };
    }
    out
}

fn separate(out: &mut String, first: &mut bool) {
    if !*first {
        out.push(',');
    }
    *first = false;
}

fn write_zero(out: &mut String, ty: TypeRef<'_>) {
    match ty.shape() {
        Shape::Struct(_) => write(out, ty, &Value::Null),
        Shape::Scalar(scalar) => out.push_str(match scalar {
            Scalar::String => "\"\"",
            Scalar::Bool => "false",
            Scalar::Int32 | Scalar::Int64 | Scalar::IntOrString => "0",
            _ => "null",
        }),
        _ => out.push_str("null"),
    }
}

/// The name of a struct's field in Go.
fn go_name(ty: TypeRef<'_>, name: &str) -> String {
    let renamed = RENAMED.iter().find(|(of, from, _)| *from == name && ty.ty().name.ends_with(of));
    if let Some((_, _, to)) = renamed {
        return (*to).to_owned();
    }
    let ends_word = |rest: &str| rest.is_empty() || rest == "s" || rest.starts_with(char::is_uppercase);
    let found = INITIALISMS
        .iter()
        .find_map(|(from, to)| Some((to, name.strip_prefix(from)?)).filter(|(_, rest)| ends_word(rest)));
    match found {
        Some((to, rest)) => format!("{to}{rest}"),
        None => {
            let mut letters = name.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        }
    }
}
