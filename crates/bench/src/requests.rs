//! The requests that loads consist of: config maps in one namespace, which every server takes and no controller
//! touches.

use bytes::Bytes;
use hyper::Method;

use crate::client::Call;

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// The namespace of a run.
#[derive(Clone, Debug)]
pub struct Space {
    /// Its name.
    pub name: String,
    /// How many bytes of data an object carries.
    pub data: usize,
}

impl Space {
    /// The path of all objects.
    pub fn collection(&self) -> String {
        format!("/api/v1/namespaces/{}/configmaps", self.name)
    }

    fn object(&self, number: u64) -> String {
        format!("{}/{}", self.collection(), name(number))
    }

    /// Makes the namespace.
    pub fn make(&self) -> Call {
        let body =
            format!(r#"{{"apiVersion":"v1","kind":"Namespace","metadata":{{"name":"{}"}}}}"#, self.name);
        write(Method::POST, "/api/v1/namespaces".to_owned(), JSON, body)
    }

    /// Empties it, and removes it.
    pub fn remove(&self) -> [Call; 2] {
        let delete = |path| Call { method: Method::DELETE, ..Call::get(path) };
        [delete(self.collection()), delete(format!("/api/v1/namespaces/{}", self.name))]
    }

    /// Creates an object.
    pub fn create(&self, number: u64) -> Call {
        self.create_with(number, "0")
    }

    /// Creates an object with a note.
    pub fn create_with(&self, number: u64, note: &str) -> Call {
        write(Method::POST, self.collection(), JSON, self.body(number, note))
    }

    /// Deletes one.
    pub fn remove_one(&self, number: u64) -> Call {
        Call { method: Method::DELETE, ..Call::get(self.object(number)) }
    }

    /// Reads one.
    pub fn get(&self, number: u64) -> Call {
        Call::get(self.object(number))
    }

    /// Replaces one, whatever it is now.
    pub fn update(&self, number: u64, note: &str) -> Call {
        write(Method::PUT, self.object(number), JSON, self.body(number, note))
    }

    /// Changes one value of one.
    pub fn patch(&self, number: u64, note: &str) -> Call {
        let body = format!(r#"{{"data":{{"note":"{note}"}}}}"#);
        write(Method::PATCH, self.object(number), MERGE_PATCH, body)
    }

    /// Applies one value of one, server-side.
    pub fn apply(&self, number: u64, note: &str) -> Call {
        let name = name(number);
        let body = format!(
            r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{name}"}},"data":{{"applied":"{note}"}}}}"#
        );
        write(Method::PATCH, format!("{}?fieldManager=applier&force=true", self.object(number)), APPLY, body)
    }

    fn body(&self, number: u64, note: &str) -> String {
        let (name, text) = (name(number), "0123456789abcdef".repeat(self.data.div_ceil(16)));
        format!(
            r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{name}","labels":{{"app":"bench","shard":"{}"}}}},"data":{{"note":"{note}","text":"{}"}}}}"#,
            number % 16,
            &text[..self.data]
        )
    }
}

fn name(number: u64) -> String {
    format!("object-{number:07}")
}

fn write(method: Method, path: String, content_type: &'static str, body: String) -> Call {
    Call { method, path, content_type, body: Bytes::from(body) }
}
