//! What selectors and indexes need to know of an object, taken from its bytes once.

use object::{Text, scan};

/// The facts of one object, in one piece of memory.
///
/// It begins with numbers of 32 bits: how many labels there are, how many fields, how many owners, and where each
/// part of the text ends. The text follows: label names and values in turn, then the fields, then the owners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Box<[u8]>);

/// How many counts precede the ends.
const COUNTS: usize = 3;

impl Facts {
    fn number(&self, at: usize) -> usize {
        let bytes = self.0.get(4 * at..4 * at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes) as usize
    }

    fn part(&self, at: usize) -> &str {
        let [labels, fields, owners] = [0, 1, 2].map(|at| self.number(at));
        let text = 4 * (COUNTS + 2 * labels + fields + owners);
        let start = if at == 0 { 0 } else { self.number(COUNTS + at - 1) };
        let bytes = self.0.get(text + start..text + self.number(COUNTS + at)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The labels, in the order of the object.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.number(0)).map(|label| (self.part(2 * label), self.part(2 * label + 1)))
    }

    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels().find(|(label, _)| *label == name).map(|(_, value)| value)
    }

    /// The value of the field with this number in [`Extract::fields`]; empty if the object has none.
    pub fn field(&self, number: usize) -> &str {
        if number < self.number(1) { self.part(2 * self.number(0) + number) } else { "" }
    }

    /// The uids of the owners.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        let first = 2 * self.number(0) + self.number(1);
        (first..first + self.number(2)).map(|at| self.part(at))
    }
}

/// Collects facts. Labels, fields and owners may be added in any order; fields by their number.
#[derive(Default)]
pub struct FactsBuilder {
    labels: Vec<(Text, Text)>,
    fields: Vec<Text>,
    owners: Vec<Text>,
}

impl FactsBuilder {
    /// Adds a label.
    pub fn label(&mut self, name: &str, value: &str) {
        self.labels.push((name.into(), value.into()));
    }

    /// Sets the field with this number.
    pub fn field(&mut self, number: usize, value: &str) {
        if self.fields.len() <= number {
            self.fields.resize(number + 1, Text::default());
        }
        self.fields[number] = value.into();
    }

    /// Adds an owner by its uid.
    pub fn owner(&mut self, uid: &str) {
        self.owners.push(uid.into());
    }

    /// The facts.
    pub fn build(self) -> Facts {
        let labels = self.labels.iter().flat_map(|(name, value)| [name, value]);
        let parts: Vec<&Text> = labels.chain(&self.fields).chain(&self.owners).collect();
        if parts.is_empty() {
            return Facts::default();
        }
        let text: usize = parts.iter().map(|part| part.len()).sum();
        let mut bytes = Vec::with_capacity(4 * (COUNTS + parts.len()) + text);
        let mut number = |number: usize| bytes.extend_from_slice(&(number as u32).to_le_bytes());
        [self.labels.len(), self.fields.len(), self.owners.len()].into_iter().for_each(&mut number);
        let mut end = 0;
        for part in &parts {
            end += part.len();
            number(end);
        }
        parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        Facts(bytes.into())
    }
}

/// How the facts of a resource's objects are found.
pub trait Extract: Send + Sync + 'static {
    /// The fields that selectors and indexes may name, besides `metadata.name` and `metadata.namespace`.
    fn fields(&self) -> &[Text];

    /// Takes the facts out of an object's JSON (as it was sealed: well formed, without a resource version).
    fn extract(&self, json: &[u8], facts: &mut FactsBuilder);
}

/// Finds labels and owners where all objects have them, and each field at a path of its own.
pub struct Paths {
    names: Vec<Text>,
    paths: Vec<Vec<Text>>,
}

impl Paths {
    /// Of names, such as `spec.nodeName`, and the keys that lead to the value.
    pub fn new(fields: impl IntoIterator<Item = (Text, Vec<Text>)>) -> Paths {
        let (names, paths) = fields.into_iter().unzip();
        Paths { names, paths }
    }
}

impl Extract for Paths {
    fn fields(&self) -> &[Text] {
        &self.names
    }

    fn extract(&self, json: &[u8], facts: &mut FactsBuilder) {
        metadata(json, facts);
        for (number, path) in self.paths.iter().enumerate() {
            let keys: Vec<&str> = path.iter().map(Text::as_str).collect();
            if let Some(value) = scan::find(json, &keys) {
                match scan::text(value) {
                    Some(text) => facts.field(number, &text),
                    // Numbers and booleans select by their JSON.
                    None => facts.field(number, std::str::from_utf8(value).unwrap_or_default()),
                }
            }
        }
    }
}

/// Takes labels and owners out of an object's JSON.
pub fn metadata(json: &[u8], facts: &mut FactsBuilder) {
    let [labels, owners] = scan::find_all(json, [&["metadata", "labels"], &["metadata", "ownerReferences"]]);
    for (name, value) in labels.into_iter().flat_map(scan::members) {
        let name = std::str::from_utf8(name).unwrap_or_default();
        facts.label(name, &scan::text(value).unwrap_or_default());
    }
    for owner in owners.into_iter().flat_map(scan::elements) {
        if let Some(uid) = scan::find(owner, &["uid"]).and_then(scan::text) {
            facts.owner(&uid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_a_pod() {
        let json = br#"{"metadata":{"name":"a","labels":{"app":"web","x/y":""},
            "ownerReferences":[{"kind":"A","uid":"u1"},{"uid":"u2"},{"kind":"C"}]},
            "spec":{"nodeName":"n\"1","hostNetwork":true},"status":{}}"#;
        let path = |text: &str| text.split('.').map(Text::from).collect();
        let names = ["spec.nodeName", "status.phase", "spec.hostNetwork"];
        let paths = Paths::new(names.map(|name| (name.into(), path(name))));
        let mut builder = FactsBuilder::default();
        paths.extract(json, &mut builder);
        let facts = builder.build();
        assert_eq!(facts.labels().collect::<Vec<_>>(), [("app", "web"), ("x/y", "")]);
        assert_eq!((facts.label("app"), facts.label("b")), (Some("web"), None));
        assert_eq!([0, 1, 2, 3].map(|number| facts.field(number)), ["n\"1", "", "true", ""]);
        assert_eq!(facts.owners().collect::<Vec<_>>(), ["u1", "u2"]);
        let empty = FactsBuilder::default().build();
        assert_eq!((empty.labels().count(), empty.field(0), empty.owners().count()), (0, "", 0));
    }
}
