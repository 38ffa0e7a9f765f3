//! Which representation a client gets: `Accept` and `Content-Type`, read as the original's two stages read them.
//!
//! First the route (go-restful there) compares media types as plain texts; then the handler parses the header
//! (goautoneg there) and looks at parameters such as `as=Table`. They differ in wildcards, case and order.

use registry::{BodyFormat, PatchType};

/// An encoding of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// `application/json`.
    #[default]
    Json,
    /// `application/yaml`.
    Yaml,
    /// `application/vnd.kubernetes.protobuf`.
    Protobuf,
}

impl Format {
    /// The encodings of API objects, in order of preference.
    pub const ALL: &'static [Format] = &[Format::Json, Format::Yaml, Format::Protobuf];

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Yaml => "application/yaml",
            Format::Protobuf => "application/vnd.kubernetes.protobuf",
        }
    }

    fn subtype(self) -> &'static str {
        self.media_type().strip_prefix("application/").unwrap_or("")
    }

    /// Whether streams can be written in it.
    fn streams(self) -> bool {
        self != Format::Yaml
    }
}

/// Another kind that objects are to be shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `Table`.
    Table,
    /// `PartialObjectMetadata`.
    PartialObjectMetadata,
    /// `PartialObjectMetadataList`.
    PartialObjectMetadataList,
    /// `APIGroupDiscoveryList` of `apidiscovery.k8s.io/v2`.
    GroupDiscovery,
}

/// What an answer is to look like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The encoding.
    pub format: Format,
    /// The kind objects are shown as, and the version of `meta.k8s.io` it is of (`v1` or `v1beta1`).
    pub shape: Option<(Shape, &'static str)>,
    /// `pretty=1` among the parameters.
    pub pretty: bool,
}

/// Which shapes an endpoint can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shapes {
    /// None: errors, discovery documents.
    None,
    /// What is made of objects.
    Objects,
    /// What is made of objects that no table can show.
    Metadata,
    /// Aggregated discovery, and nothing else.
    Discovery,
}

/// One clause of an Accept header.
struct Clause<'a> {
    main: &'a str,
    sub: &'a str,
    quality: f64,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Clause<'a> {
    fn parse(text: &'a str) -> Option<Clause<'a>> {
        let mut pieces = text.split(';');
        let media_type = pieces.next().unwrap_or("").trim();
        let (main, sub) = match media_type.split_once('/') {
            Some((main, sub)) if !sub.contains('/') => (main.trim(), sub.trim()),
            None if media_type == "*" => ("*", "*"),
            _ => return None,
        };
        let mut clause = Clause { main, sub, quality: 1.0, parameters: Vec::new() };
        for (key, value) in pieces.filter_map(|piece| piece.split_once('=')) {
            match key.trim() {
                "q" => clause.quality = value.trim().parse().unwrap_or(1.0),
                key => clause.parameters.push((key, value.trim())),
            }
        }
        Some(clause)
    }

    /// Whether this clause goes before `other` (the order is not total: it is used by insertion).
    fn before(&self, other: &Clause<'_>) -> bool {
        self.quality > other.quality
            || (self.main != "*" && other.main == "*")
            || (self.sub != "*" && other.sub == "*")
    }

    fn matches(&self, format: Format) -> bool {
        match (self.main, self.sub) {
            ("*", "*") | ("application", "*") => true,
            ("application", sub) => sub == format.subtype(),
            _ => false,
        }
    }

    /// What the clause makes of `format`, unless its parameters ask what can't be had.
    fn output(&self, format: Format, shapes: Shapes) -> Option<Output> {
        let (mut kind, mut group, mut version) = (None, "", "");
        let mut output = Output { format, ..Output::default() };
        for (key, value) in &self.parameters {
            match *key {
                "as" => kind = Some(*value),
                "g" => group = value,
                "v" => version = value,
                "stream" if !value.is_empty() && (!format.streams() || *value != "watch") => return None,
                "sv" if !value.is_empty() => return None,
                "pretty" => output.pretty = *value == "1",
                _ => {}
            }
        }
        output.shape = match kind {
            Some(kind) => Some(shape(format, shapes, group, version, kind)?),
            None if group.is_empty() && version.is_empty() && shapes != Shapes::Discovery => None,
            None => return None,
        };
        Some(output)
    }
}

fn shape(
    format: Format,
    shapes: Shapes,
    group: &str,
    version: &str,
    kind: &str,
) -> Option<(Shape, &'static str)> {
    if shapes == Shapes::Discovery {
        let wanted = (group, version, kind) == ("apidiscovery.k8s.io", "v2", "APIGroupDiscoveryList");
        return wanted.then_some((Shape::GroupDiscovery, "v2"));
    }
    if shapes == Shapes::None || group != "meta.k8s.io" {
        return None;
    }
    let version = ["v1", "v1beta1"].into_iter().find(|known| *known == version)?;
    match kind {
        "Table" if format != Format::Protobuf && shapes == Shapes::Objects => Some((Shape::Table, version)),
        "PartialObjectMetadata" => Some((Shape::PartialObjectMetadata, version)),
        "PartialObjectMetadataList" => Some((Shape::PartialObjectMetadataList, version)),
        _ => None,
    }
}

/// The handler's stage: the best of `formats` for `accept`, or nothing if none will do.
pub fn negotiate(accept: Option<&str>, formats: &[Format], shapes: Shapes) -> Option<Output> {
    negotiate_where(accept, formats, shapes, |_| true)
}

/// The same for custom objects, which in protobuf are to be had as their metadata only.
pub fn negotiate_custom(accept: Option<&str>, shapes: Shapes) -> Option<Output> {
    let possible = |output: &Output| output.format != Format::Protobuf || output.shape.is_some();
    negotiate_where(accept, Format::ALL, shapes, possible)
}

fn negotiate_where(
    accept: Option<&str>,
    formats: &[Format],
    shapes: Shapes,
    possible: impl Fn(&Output) -> bool,
) -> Option<Output> {
    let accept = accept.unwrap_or("");
    if accept.is_empty() {
        return (shapes != Shapes::Discovery).then(Output::default);
    }
    let clauses = clauses(accept);
    clauses.iter().find_map(|clause| {
        formats
            .iter()
            .filter(|format| clause.matches(**format))
            .find_map(|format| clause.output(*format, shapes).filter(&possible))
    })
}

/// The clauses of a header, the most wanted first.
fn clauses(accept: &str) -> Vec<Clause<'_>> {
    let mut clauses: Vec<Clause<'_>> = Vec::new();
    for clause in accept.split(',').filter_map(Clause::parse) {
        let mut place = clauses.len();
        while place > 0 && clause.before(&clauses[place - 1]) {
            place -= 1;
        }
        clauses.insert(place, clause);
    }
    clauses
}

/// The one of `media_types`, all of `application`, that a page of no object is to be sent as.
pub fn choose<'t>(accept: Option<&str>, media_types: &[&'t str]) -> Option<&'t str> {
    let accept = accept.filter(|accept| !accept.is_empty()).unwrap_or("*/*");
    let takes = |clause: &Clause<'_>, media_type: &str| match (clause.main, clause.sub) {
        ("*" | "application", "*") => true,
        ("*" | "application", sub) => media_type.strip_prefix("application/") == Some(sub),
        _ => false,
    };
    let mut clauses = clauses(accept).into_iter();
    clauses.find_map(|clause| media_types.iter().find(|media_type| takes(&clause, media_type)).copied())
}

/// Whether streams can be written as `output` says.
pub fn can_stream(output: &Output) -> bool {
    output.format.streams()
}

/// What objects can be had as, in the words of a 406.
pub const OBJECT_TYPES: &[&str] =
    &["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

/// The kinds of patch that custom resources take.
pub const CUSTOM_PATCH_TYPES: &[&str] =
    &["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

/// What streams can be had as, in the words of a 406.
pub const STREAM_TYPES: &[&str] =
    &["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];

/// What a route that lists or watches says it produces.
pub const LIST_TYPES: &[&str] = &[
    "application/json",
    "application/yaml",
    "application/vnd.kubernetes.protobuf",
    "application/json;stream=watch",
    "application/vnd.kubernetes.protobuf;stream=watch",
];

/// The route's stage: whether `accept` names `*/*` or, letter by letter, one of `produces`.
pub fn route_accepts(accept: Option<&str>, produces: &[&str]) -> bool {
    let accept = accept.filter(|accept| !accept.is_empty()).unwrap_or("*/*");
    accept
        .split(',')
        .map(without_parameters)
        .any(|media_type| media_type == "*/*" || produces.contains(&media_type))
}

fn without_parameters(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or("").trim()
}

/// The kind of patch a Content-Type names; the route compares it letter by letter. Of several, the first counts.
pub fn patch_type(content_type: Option<&str>) -> Option<PatchType> {
    const TYPES: [(&str, PatchType); 4] = [
        ("application/json-patch+json", PatchType::Json),
        ("application/merge-patch+json", PatchType::Merge),
        ("application/strategic-merge-patch+json", PatchType::Strategic),
        ("application/apply-patch+yaml", PatchType::Apply),
    ];
    content_type?.split(',').find_map(|one| {
        let media_type = without_parameters(one);
        TYPES.iter().find(|(name, _)| *name == media_type).map(|(_, patch)| *patch)
    })
}

/// The format a Content-Type names (JSON if there is none); nothing if it is malformed or none that can be read.
pub fn body_format(content_type: Option<&str>) -> Option<BodyFormat> {
    let content_type = content_type.unwrap_or("");
    if content_type.is_empty() {
        return Some(BodyFormat::Json);
    }
    let mut pieces = content_type.split(';');
    let media_type = pieces.next().unwrap_or("").trim();
    let parameters_fine = pieces.all(|piece| piece.trim().is_empty() || piece.contains('='));
    let formats = [BodyFormat::Json, BodyFormat::Yaml, BodyFormat::Protobuf];
    formats
        .into_iter()
        .zip(Format::ALL)
        .find(|(_, format)| parameters_fine && media_type.eq_ignore_ascii_case(format.media_type()))
        .map(|(format, _)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_compare_letters() {
        for (accept, fine) in [
            (None, true),
            (Some(""), true),
            (Some("*/*"), true),
            (Some("text/html, application/json"), true),
            (Some("application/json;as=Table;v=v1"), true),
            (Some("*"), false),
            (Some("application/*"), false),
            (Some("APPLICATION/JSON"), false),
            (Some(",,"), false),
            (Some("text/yaml"), false),
        ] {
            assert_eq!(route_accepts(accept, OBJECT_TYPES), fine, "{accept:?}");
        }
    }

    #[test]
    fn the_best_clause_wins() {
        let table = Some((Shape::Table, "v1"));
        let partial = Some((Shape::PartialObjectMetadata, "v1beta1"));
        let cases = [
            ("", Some((Format::Json, None))),
            ("*/*", Some((Format::Json, None))),
            ("application/json;q=0", Some((Format::Json, None))),
            ("application/json; q=abc", Some((Format::Json, None))),
            ("application/json;;", Some((Format::Json, None))),
            ("application/json;q=0.5,application/yaml;q=0.9", Some((Format::Yaml, None))),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Some((Format::Json, None))),
            ("application/vnd.kubernetes.protobuf,application/json", Some((Format::Protobuf, None))),
            ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", Some((Format::Json, table))),
            ("application/json;as=Table;v=v2;g=meta.k8s.io,application/json", Some((Format::Json, None))),
            ("application/json;as=Table;v=v2;g=meta.k8s.io", None),
            ("application/json;as=Table;v=v1", None),
            ("application/json;AS=Table;v=v1;g=meta.k8s.io", None),
            ("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io", None),
            (
                "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;v=v1beta1;g=meta.k8s.io",
                Some((Format::Protobuf, partial)),
            ),
            ("application/json;stream=watch", Some((Format::Json, None))),
            ("application/json;stream=nope", None),
            ("application/yaml;stream=watch", None),
            ("text/html", None),
        ];
        for (accept, expected) in cases {
            let found = negotiate(Some(accept), Format::ALL, Shapes::Objects);
            assert_eq!(found.map(|output| (output.format, output.shape)), expected, "{accept}");
        }
    }

    #[test]
    fn discovery_is_found_wherever_it_stands() {
        let aggregated = "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io;profile=x";
        for (accept, found) in [
            (aggregated.to_owned(), true),
            (format!("application/json,{aggregated}"), true),
            (aggregated.replace("v2", "v2beta1"), false),
            ("*/*".to_owned(), false),
            (String::new(), false),
        ] {
            assert_eq!(negotiate(Some(&accept), Format::ALL, Shapes::Discovery).is_some(), found, "{accept}");
        }
    }

    #[test]
    fn content_types() {
        for (content_type, format) in [
            (None, Some(BodyFormat::Json)),
            (Some("application/json; charset=utf-8"), Some(BodyFormat::Json)),
            (Some("APPLICATION/JSON"), Some(BodyFormat::Json)),
            (Some("application/json;x"), None),
            (Some("application/json,application/yaml"), None),
            (Some("application/cbor"), None),
            (Some("*/*"), None),
        ] {
            assert_eq!(body_format(content_type), format, "{content_type:?}");
        }
        for (content_type, patch) in [
            (Some("application/merge-patch+json; charset=utf-8"), Some(PatchType::Merge)),
            (Some("APPLICATION/MERGE-PATCH+JSON"), None),
            (Some("application/json"), None),
            (None, None),
        ] {
            assert_eq!(patch_type(content_type), patch, "{content_type:?}");
        }
    }
}
