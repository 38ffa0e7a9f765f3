//! DELETE of a collection: the objects of a list, one after the other.

use status::{Result, Status};

use crate::registry::Registry;
use crate::{DeleteOptions, ListOptions, Request, Response, Verb, Warnings};

impl Registry {
    /// Deletes what the list options select, and answers it as a list.
    pub async fn delete_collection(
        &self,
        request: &Request,
        list: &ListOptions,
        options: &DeleteOptions,
        warnings: &mut Warnings,
    ) -> Result<Response> {
        let answer = self.list(request, list).await?;
        let Response::List { items, .. } = &answer else {
            return Err(Status::internal("a list was expected"));
        };
        for item in items {
            let place = object::scan::find_all(
                item.bare(),
                [&["metadata", "name"][..], &["metadata", "namespace"][..]],
            );
            let [name, namespace] = place.map(|text| text.and_then(object::scan::text).unwrap_or_default());
            let one = Request {
                verb: Verb::Delete,
                name: name.as_ref().into(),
                namespace: namespace.as_ref().into(),
                ..request.clone()
            };
            match self.delete(&one, options, warnings).await {
                Err(gone) if gone.code == 404 => {}
                other => {
                    other?;
                }
            }
        }
        Ok(answer)
    }
}
