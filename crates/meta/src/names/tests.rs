use status::Path;

use super::*;
use crate::GroupVersionKind;

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// Names a rule takes, and names it refuses with these messages.
fn check(rule: impl Fn(&str) -> Messages, good: &[&str], bad: &[(&str, &[&str])]) {
    for name in good {
        assert!(rule(name).is_empty(), "{name}: {:?}", rule(name));
    }
    for (name, messages) in bad {
        assert_eq!(rule(name), *messages, "{name}");
    }
}

#[test]
fn dns_names() {
    let (long, longer) = ("a".repeat(64), "a".repeat(254));
    check(
        dns1123_label,
        &["a", "a-b", "0", "a--b"],
        &[
            ("", &[LABEL]),
            ("-a", &[LABEL]),
            ("a-", &[LABEL]),
            ("A", &[LABEL]),
            ("é", &[LABEL]),
            ("a\n", &[LABEL]),
            ("a.b", &["must not contain dots"]),
            (&long, &["must be no more than 63 characters"]),
        ],
    );
    check(
        dns1123_subdomain,
        &["a", "a.b", "1.2.3.4", &long],
        &[
            ("", &[SUBDOMAIN]),
            ("a..b", &[SUBDOMAIN]),
            (".a", &[SUBDOMAIN]),
            ("a_b", &[SUBDOMAIN]),
            (&longer, &["must be no more than 253 characters"]),
        ],
    );
    check(dns1123_subdomain_with_underscore, &["_a._b", "a_b.c"], &[]);
    for bad in ["", "a_", "__a", "a.", "_"] {
        assert_eq!(dns1123_subdomain_with_underscore(bad).len(), 1, "{bad}");
    }
    let dns1035 = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
    check(dns1035_label, &["a", "a-1"], &[("1a", &[dns1035]), ("", &[dns1035]), ("a.b", &[dns1035])]);
    let wildcard = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    check(
        wildcard_dns1123_subdomain,
        &["*.a", "*.b.com"],
        &[("*", &[wildcard]), ("*.*.a", &[wildcard]), ("-*.a", &[wildcard])],
    );
}

#[test]
fn label_keys_and_values() {
    let (long, longer) = ("a".repeat(64), format!("{}/x", "a".repeat(254)));
    let whole = "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    check(
        qualified_name,
        &["a", "A_b.c-d", "x.io/k"],
        &[
            ("", &["name part must be non-empty", NAME_PART]),
            ("count/", &["name part must be non-empty", NAME_PART]),
            ("/x", &["prefix part must be non-empty"]),
            ("a/b/c", &[whole]),
            ("bad key", &[NAME_PART]),
            ("UPPER/x", &[&format!("prefix part {SUBDOMAIN}")]),
            (&longer, &["prefix part must be no more than 253 bytes"]),
            (&long, &["name part must be no more than 63 bytes"]),
        ],
    );
    check(
        label_value,
        &["", "a", "V_1.2-z"],
        &[
            ("-x", &[LABEL_VALUE]),
            ("a/b", &[LABEL_VALUE]),
            ("x y", &[LABEL_VALUE]),
            (&long, &["must be no more than 63 bytes"]),
        ],
    );
}

#[test]
fn path_segments() {
    check(
        path_segment_name,
        &["", "a:b", "..."],
        &[
            (".", &["may not be '.'"]),
            ("..", &["may not be '..'"]),
            ("a/b%", &["may not contain '/'", "may not contain '%'"]),
        ],
    );
    check(path_segment_prefix, &[".."], &[("/", &["may not contain '/'"])]);
}

#[test]
fn identifiers_and_keys() {
    let identifier = "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
    check(
        c_identifier,
        &["a", "_", "A1"],
        &[("1", &[identifier]), ("", &[identifier]), ("a-b", &[identifier])],
    );
    let reason = "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
    check(condition_reason, &["A", "A,b_"], &[("", &[reason]), ("1", &[reason]), ("A,", &[reason])]);
    let strict = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    check(
        env_var_name,
        &["a.b", "-x"],
        &[("1a", &[strict]), ("..", &["must not be '..'"]), ("a=b", &[strict])],
    );
    let relaxed =
        "a valid environment variable name must consist only of printable ASCII characters other than '='";
    check(
        relaxed_env_var_name,
        &["1 a", "~"],
        &[("", &["environment variable name must be non-empty"]), ("a=b", &[relaxed]), ("é", &[relaxed])],
    );
    let key = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    check(
        config_map_key,
        &["a", ".a", "A_-."],
        &[
            ("", &[key]),
            (".", &["must not be '.'"]),
            ("..", &["must not be '..'"]),
            ("..x", &["must not start with '..'"]),
            ("a b", &[key]),
        ],
    );
    let header = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
    check(http_header_name, &["X-A"], &[("Bad Header", &[header]), ("", &[header])]);
    let percentage = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
    check(percent, &["0%", "200%"], &[("0", &[percentage]), ("%", &[percentage]), ("1.5%", &[percentage])]);
}

#[test]
fn ports_and_ids() {
    check(
        port_name,
        &["http", "a-1"],
        &[
            (
                "",
                &[
                    "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                    "must contain at least one letter (a-z)",
                ],
            ),
            ("toolongportname1", &["must be no more than 15 characters"]),
            ("1", &["must contain at least one letter (a-z)"]),
            ("a--b", &["must not contain consecutive hyphens"]),
            ("-a", &["must not begin or end with a hyphen"]),
        ],
    );
    assert_eq!(port_number(0), ["must be between 1 and 65535, inclusive"]);
    assert!(port_number(65535).is_empty());
    assert_eq!(user_id(-1), ["must be between 0 and 2147483647, inclusive"]);
    assert!(group_id(2147483647).is_empty());
}

#[test]
fn generated_names_may_end_with_a_dash() {
    for (prefix, masked) in [("abc-", "aba"), ("-", "-"), ("abc", "abc"), ("é-", "a"), ("a-", "a")] {
        assert_eq!(mask_trailing_dash(prefix), masked);
    }
}

#[test]
fn addresses() {
    let bad = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    check(
        ip,
        &["10.0.0.1", "::1", "2001:db8::1"],
        &[
            ("x", &[bad]),
            ("", &[bad]),
            ("1.2.3", &[bad]),
            ("1.2.3.256", &[bad]),
            ("fe80::1%eth0", &[bad]),
            ("010.1.1.1", &["must not have leading 0s"]),
            ("::ffff:1.2.3.4", &["must not be an IPv4-mapped IPv6 address"]),
            ("2001:DB8:0::1", &["must be in canonical form (\"2001:db8::1\")"]),
        ],
    );
    check(legacy_ip, &["FD00::0001"], &[("1:2", &[bad])]);
    let path = Path::new("ip");
    for (address, warning) in [
        (
            "FD00::0001",
            Some("ip: IPv6 address \"FD00::0001\" should be in RFC 5952 canonical format (\"fd00::1\")"),
        ),
        (
            "01.2.3.4",
            Some(
                "ip: non-standard IP address \"01.2.3.4\" will be considered invalid in a future Kubernetes release: use \"1.2.3.4\"",
            ),
        ),
        ("1.2.3.4", None),
    ] {
        assert_eq!(ip_warning(&path, address).as_deref(), warning);
    }
}

#[test]
fn networks() {
    let bad = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    check(
        cidr,
        &["10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/108", "1.2.3.4/32"],
        &[
            ("10.0.0.0", &[bad]),
            ("10.0.0.0/33", &[bad]),
            ("10.0.0.0/", &[bad]),
            ("10.0.0.0/+8", &[bad]),
            ("1.2.3.4/24", &["must not have bits set beyond the prefix length"]),
            ("010.0.0.0/8", &["must not have leading 0s in IP or prefix length"]),
            ("10.0.0.0/08", &["must not have leading 0s in IP or prefix length"]),
            ("::ffff:1.2.3.0/120", &["must not have an IPv4-mapped IPv6 address"]),
            ("2001:DB8::/64", &["must be in canonical form (\"2001:db8::/64\")"]),
        ],
    );
    check(
        interface_address,
        &["192.0.2.5/24"],
        &[
            ("192.0.2.5", &["must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"]),
            ("192.0.2.05/24", &["must be in canonical form (\"192.0.2.5/24\")"]),
        ],
    );
    let warnings = cidr_warnings(&Path::new("c"), "1.2.3.4/24");
    assert_eq!(
        warnings,
        [
            "c: CIDR value \"1.2.3.4/24\" is ambiguous in this context (should be \"1.2.3.0/24\" or \"1.2.3.4/32\"?)"
        ]
    );
    let network = parse_cidr("10.1.0.0/16").unwrap();
    assert!(network.contains("10.1.255.255".parse().unwrap()));
    assert!(!network.contains("10.2.0.0".parse().unwrap()));
    assert!(!network.contains("::1".parse().unwrap()));
}

#[test]
fn domains() {
    let path = Path::new("f");
    let texts = |errors: status::FieldErrors| errors.iter().map(|error| error.body()).collect::<Vec<_>>();
    assert!(fully_qualified_name(&path, "a.b.c").is_empty());
    assert_eq!(texts(fully_qualified_name(&path, "")), ["Required value"]);
    assert_eq!(
        texts(fully_qualified_name(&path, "short")),
        ["Invalid value: \"short\": should be a domain with at least three segments separated by dots"]
    );
    assert!(fully_qualified_domain_name(&path, "a.b.").is_empty());
    assert_eq!(
        texts(fully_qualified_domain_name(&path, "a")),
        ["Invalid value: \"a\": should be a domain with at least two segments separated by dots"]
    );
    assert!(domain_prefixed_path(&path, "acme.io/foo/bar").is_empty());
    assert_eq!(
        texts(domain_prefixed_path(&path, "x")),
        ["Invalid value: \"x\": must be a domain-prefixed path (such as \"acme.io/foo\")"]
    );
    assert_eq!(
        texts(domain_prefixed_path(&path, "a/b c")),
        [
            "Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"
        ]
    );
    assert_eq!(
        texts(domain_prefixed_key(&path, "a")),
        ["Invalid value: \"a\": must be a domain-prefixed key (such as \"acme.io/foo\")"]
    );
}

#[test]
fn metadata_rules() {
    let metadata = Path::new("metadata");
    let texts = |errors: status::FieldErrors| errors.iter().map(|error| error.message()).collect::<Vec<_>>();
    let labels = check_labels(&metadata.child("labels"), [("a", "b"), ("a b", "-x")]);
    assert_eq!(
        texts(labels),
        [
            format!("metadata.labels: Invalid value: \"a b\": {NAME_PART}"),
            format!("metadata.labels: Invalid value: \"-x\": {LABEL_VALUE}"),
        ]
    );
    let value = "v".repeat(ANNOTATIONS_LIMIT);
    let annotations = metadata.child("annotations");
    assert!(check_annotations(&annotations, [("", &value[..0])]).len() == 2);
    assert!(check_annotations(&annotations, [("UPPER.io/K", &value[10..])]).is_empty());
    assert_eq!(
        texts(check_annotations(&annotations, [("k", value.as_str())])),
        ["metadata.annotations: Too long: may not be more than 262144 bytes"]
    );
    let finalizers = check_finalizers(&metadata.child("finalizers"), ["orphan", "foregroundDeletion"]);
    assert_eq!(
        texts(finalizers),
        [
            "metadata.finalizers: Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and foregroundDeletion cannot be both set"
        ]
    );
    check(
        standard_or_qualified_finalizer,
        &["orphan", "kubernetes", "a.io/b"],
        &[("plain", &["name is neither a standard finalizer name nor is it fully qualified"])],
    );
    let event = GroupVersionKind::new("", "v1", "Event");
    assert!(is_disallowed_owner(&event) && !is_disallowed_owner(&GroupVersionKind::new("", "v1", "Pod")));
    assert_eq!(disallowed_owner(&event), "/v1, Kind=Event is disallowed from being an owner");
    assert_eq!(
        two_controllers("A/o", "B/o2"),
        "Only one reference can have Controller set to true. Found \"true\" in references for A/o and B/o2"
    );
}
