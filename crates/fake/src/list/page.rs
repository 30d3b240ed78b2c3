//! What a list says of itself and of its pages.

use serde_json::{Value, json};

use crate::call::Call;
use crate::query::Query;

/// `meta` of a list.
pub(crate) fn meta(query: &Query, total: usize) -> Value {
    let pages = total.div_ceil(query.size);
    json!({
        "current-page": query.page,
        "next-page": (query.page < pages).then_some(query.page + 1),
        "prev-page": (query.page > 1).then(|| query.page - 1),
        "total-pages": pages,
        "total-count": total,
        "filters": {},
    })
}

/// `links` of a list: absolute, with the host the client used.
pub(crate) fn links(call: &Call<'_>, total: usize) -> Value {
    let Call { base, path, query, .. } = call;
    let pages = total.div_ceil(query.size).max(1);
    if pages == 1 && call.switches.bare_links {
        return json!({});
    }
    let page = |number: usize| {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (key, value) in &query.others {
            text.append_pair(key, value);
        }
        text.append_pair("page[number]", &number.to_string());
        text.append_pair("page[size]", &query.size.to_string());
        format!("{base}{path}?{}", text.finish())
    };
    json!({
        "self": page(query.page),
        "first": page(1),
        "prev": (query.page > 1).then(|| page(query.page - 1)),
        "next": (query.page < pages).then(|| page(query.page + 1)),
        "last": page(pages),
    })
}
