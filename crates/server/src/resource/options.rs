//! The options of a request's query, read and checked as the original's `ListOptions`, `CreateOptions` and so on.

use std::time::Duration;

use meta::FieldSelector;
use registry::{FieldValidation, ListOptions, PatchType, WriteOptions};
use status::{BadValue, ErrorType, FieldError, FieldErrors, Path, Result, Status};

use crate::url::Query;

/// 422 for options that do not fit together; `kind` is theirs, such as `ListOptions`.
pub(super) fn check(kind: &str, errors: FieldErrors) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Status::invalid("meta.k8s.io", kind, "", &errors)) }
}

/// A number, which must be one if it is given (`strconv.ParseInt`).
pub(super) fn number(query: &Query, name: &str) -> Result<Option<i64>> {
    let Some(text) = query.get(name) else { return Ok(None) };
    text.parse().map(Some).map_err(|error: std::num::ParseIntError| {
        use std::num::IntErrorKind::{NegOverflow, PosOverflow};
        let why = match error.kind() {
            PosOverflow | NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        Status::bad_request(format!("strconv.ParseInt: parsing {}: {why}", status::go_quote(text)))
    })
}

fn text(query: &Query, name: &str) -> String {
    query.get(name).unwrap_or("").to_owned()
}

/// The options of a list.
pub(super) fn list(query: &Query) -> Result<ListOptions> {
    let options = read_list(query)?;
    let mut errors = FieldErrors::new();
    check_version_match(&options, &mut errors);
    if options.send_initial_events.is_some() {
        let path = Path::new("sendInitialEvents");
        errors.push(FieldError::forbidden(&path, "sendInitialEvents is forbidden for list"));
    }
    check("ListOptions", errors)?;
    Ok(options)
}

/// The options of a watch.
pub(super) fn watch(query: &Query) -> Result<ListOptions> {
    let options = read_list(query)?;
    let mut errors = FieldErrors::new();
    let path = Path::new("resourceVersionMatch");
    let given = options.resource_version_match.as_str();
    if options.send_initial_events.is_some() {
        if given != "NotOlderThan" {
            let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            errors.push(FieldError::forbidden(&path, why));
        }
    } else if !given.is_empty() {
        let why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
        errors.push(FieldError::forbidden(&path, why));
    }
    if !matches!(given, "" | "NotOlderThan") {
        errors.push(FieldError::not_supported(&path, given, ["NotOlderThan"]));
    }
    if !options.continue_token.is_empty() {
        let why = "resourceVersionMatch is forbidden when continue is provided";
        errors.push(FieldError::forbidden(&path, why));
    }
    check("ListOptions", errors)?;
    Ok(options)
}

/// Narrows a selection down to one name; 400 if it selects another.
pub(super) fn select_name(options: &mut ListOptions, name: &str) -> Result<()> {
    if options.field_selector.is_empty() {
        let escaped = name.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=");
        options.field_selector = format!("metadata.name={escaped}");
        return Ok(());
    }
    let selector = FieldSelector::parse(&options.field_selector);
    if selector.is_ok_and(|selector| selector.exact_value("metadata.name") != Some(name)) {
        return Err(Status::bad_request("fieldSelector metadata.name doesn't match requested name"));
    }
    Ok(())
}

fn read_list(query: &Query) -> Result<ListOptions> {
    let seconds = number(query, "timeoutSeconds")?;
    Ok(ListOptions {
        label_selector: text(query, "labelSelector"),
        field_selector: text(query, "fieldSelector"),
        resource_version: text(query, "resourceVersion"),
        resource_version_match: text(query, "resourceVersionMatch"),
        limit: number(query, "limit")?.unwrap_or(0),
        continue_token: text(query, "continue"),
        timeout: seconds
            .and_then(|seconds| u64::try_from(seconds).ok())
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs),
        allow_watch_bookmarks: query.flag("allowWatchBookmarks"),
        send_initial_events: query.get("sendInitialEvents").map(|_| query.flag("sendInitialEvents")),
    })
}

fn check_version_match(options: &ListOptions, errors: &mut FieldErrors) {
    let given = options.resource_version_match.as_str();
    if given.is_empty() {
        return;
    }
    let path = Path::new("resourceVersionMatch");
    if options.resource_version.is_empty() {
        let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
        errors.push(FieldError::forbidden(&path, why));
    }
    if !options.continue_token.is_empty() {
        let why = "resourceVersionMatch is forbidden when continue is provided";
        errors.push(FieldError::forbidden(&path, why));
    }
    if !matches!(given, "Exact" | "NotOlderThan") {
        errors.push(FieldError::not_supported(&path, given, ["Exact", "NotOlderThan", ""]));
    }
    if given == "Exact" && options.resource_version == "0" {
        let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
        errors.push(FieldError::forbidden(&path, why));
    }
}

/// The options of a create or an update.
pub(super) fn write(query: &Query, kind: &str) -> Result<WriteOptions> {
    let mut errors = FieldErrors::new();
    let options = read_write(query, &mut errors);
    check(kind, errors)?;
    Ok(options)
}

/// The options of a patch.
pub(super) fn patch(query: &Query, patch: PatchType) -> Result<WriteOptions> {
    let mut errors = FieldErrors::new();
    if patch == PatchType::Apply {
        if query.get("fieldManager").unwrap_or("").is_empty() {
            errors.push(FieldError::required(&Path::new("fieldManager"), "is required for apply patch"));
        }
    } else if query.get("force").is_some() {
        errors.push(FieldError::forbidden(&Path::new("force"), "may not be specified for non-apply patch"));
    }
    let mut options = read_write(query, &mut errors);
    options.force = query.flag("force");
    check("PatchOptions", errors)?;
    Ok(options)
}

fn read_write(query: &Query, errors: &mut FieldErrors) -> WriteOptions {
    let field_manager = query.get("fieldManager").unwrap_or("");
    errors.extend(patch::apply::validate_manager(field_manager, &Path::new("fieldManager")));
    let dry_run: Vec<&str> = query.all("dryRun").collect();
    check_dry_run(&dry_run, errors);
    let field_validation = match query.get("fieldValidation").unwrap_or("") {
        "" | "Warn" => FieldValidation::Warn,
        "Ignore" => FieldValidation::Ignore,
        "Strict" => FieldValidation::Strict,
        given => {
            let path = Path::new("fieldValidation");
            errors.push(FieldError::not_supported(&path, given, ["", "Ignore", "Strict", "Warn"]));
            FieldValidation::Warn
        }
    };
    WriteOptions {
        dry_run: !dry_run.is_empty(),
        field_manager: field_manager.into(),
        field_validation,
        force: false,
    }
}

/// Only `All` can be asked for.
pub(super) fn check_dry_run(given: &[&str], errors: &mut FieldErrors) {
    if given.iter().all(|value| *value == "All") {
        return;
    }
    let list: Vec<String> = given.iter().map(|value| status::go_quote(value)).collect();
    let mut error = FieldError::not_supported(&Path::new("dryRun"), "", ["All"]);
    debug_assert_eq!(error.error_type, ErrorType::NotSupported);
    error.bad_value = BadValue::Bare(format!("[{}]", list.join(",")));
    errors.push(error);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let lists = [
            ("resourceVersionMatch=Exact", Some(422)),
            ("resourceVersionMatch=Exact&resourceVersion=1", None),
            ("resourceVersionMatch=Bogus&resourceVersion=1", Some(422)),
            ("sendInitialEvents=true", Some(422)),
            ("limit=abc", Some(400)),
            ("limit=", Some(400)),
        ];
        for (query, code) in lists {
            assert_eq!(list(&Query::parse(query)).err().map(|status| status.code), code, "{query}");
        }
        let watches = [
            ("resourceVersionMatch=Exact&resourceVersion=1", Some(422)),
            ("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", None),
            ("continue=x", Some(422)),
            ("timeoutSeconds=", Some(400)),
        ];
        for (query, code) in watches {
            assert_eq!(watch(&Query::parse(query)).err().map(|status| status.code), code, "{query}");
        }
        let writes = [("dryRun=All", None), ("dryRun=None", Some(422)), ("fieldValidation=Foo", Some(422))];
        for (query, code) in writes {
            assert_eq!(
                write(&Query::parse(query), "CreateOptions").err().map(|status| status.code),
                code,
                "{query}"
            );
        }
    }

    #[test]
    fn an_apply_needs_a_manager_and_only_it_can_force() {
        for (query, kind, code) in [
            ("", PatchType::Apply, Some(422)),
            ("fieldManager=m&force=true", PatchType::Apply, None),
            ("force=true", PatchType::Merge, Some(422)),
        ] {
            assert_eq!(patch(&Query::parse(query), kind).err().map(|status| status.code), code, "{query}");
        }
    }
}
