//! The query string of a request: page, filters, sort, includes. Reads everything, judges nothing.

use serde_json::Value;

/// The default page size, and the maximum.
const DEFAULT_PAGE_SIZE: usize = 50;
const MAX_PAGE_SIZE: usize = 1000;

/// How a filter compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Comparison {
    /// `filter[x]=a,b`: one of them
    Is,
    /// `filter[exclude][x]=a,b`, `filter[x][ne]=a`: none of them
    IsNot,
    /// `filter[range][x]=a,b`: between, `*` for an open side
    Range,
}

/// One filter of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Filter {
    /// The attribute, in kebab case
    pub key: String,
    /// How it compares
    pub comparison: Comparison,
    /// What it compares with
    pub values: Vec<String>,
}

/// A query string, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// From 1
    pub page: usize,
    /// From 1 to 1000
    pub size: usize,
    /// In the order of the request
    pub filters: Vec<Filter>,
    /// The fields in kebab case, and whether each goes downwards
    pub sort: Vec<(String, bool)>,
    /// In kebab case, each once
    pub includes: Vec<String>,
    /// `show_password`, if it was said
    pub show_password: Option<bool>,
    /// `version_id`
    pub version: Option<u64>,
    /// Everything but the page, for the links
    pub others: Vec<(String, String)>,
}

/// A name in kebab case. Square brackets and blanks around it are none of its business.
pub(super) fn kebab(name: &str) -> String {
    name.trim().replace('_', "-").to_ascii_lowercase()
}

/// `a,b` is two values, `a\,b` is one.
fn split_values(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        let last = values.last_mut().expect("there is one from the start");
        match c {
            ',' if escaped => last.push(','),
            ',' => values.push(String::new()),
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            _ => {
                if escaped {
                    last.push('\\');
                }
                last.push(c);
            }
        }
        escaped = false;
    }
    if escaped {
        values.last_mut().expect("there is one from the start").push('\\');
    }
    values
}

/// Whether a word switches something on.
pub(super) fn is_on(word: &str) -> bool {
    !matches!(word.trim().to_ascii_lowercase().as_str(), "false" | "0")
}

impl Query {
    /// Takes a query string apart. Whatever makes no sense is left out.
    pub(super) fn parse(text: &str) -> Self {
        let mut query = Self {
            page: 1,
            size: DEFAULT_PAGE_SIZE,
            filters: Vec::new(),
            sort: Vec::new(),
            includes: Vec::new(),
            show_password: None,
            version: None,
            others: Vec::new(),
        };
        for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let parts: Vec<&str> = key.split('[').map(|part| part.trim_end_matches(']')).collect();
            match parts.as_slice() {
                ["page", "number"] => {
                    query.page = value.trim().parse().ok().filter(|&n| n > 0).unwrap_or(1);
                    continue;
                }
                ["page", "size"] => {
                    query.size =
                        value.trim().parse().ok().filter(|&n| n > 0).unwrap_or(DEFAULT_PAGE_SIZE).min(MAX_PAGE_SIZE);
                    continue;
                }
                ["filter", "range", field] => query.filter(field, Comparison::Range, &value),
                ["filter", "exclude", field] | ["filter", field, "ne"] => {
                    query.filter(field, Comparison::IsNot, &value);
                }
                ["filter", field] => query.filter(field, Comparison::Is, &value),
                // `filter[x][]=a&filter[x][]=b` is how Ruby clients write arrays: one of them.
                ["filter", field, ""] => query.filter_more(field, &value),
                ["sort"] => {
                    let fields = value.split(',').map(str::trim).filter(|field| !field.is_empty());
                    query.sort = fields
                        .map(|field| field.strip_prefix('-').map_or((field, false), |field| (field, true)))
                        .map(|(field, down)| (kebab(field), down))
                        .collect();
                }
                ["include"] => {
                    for name in value.split(',').map(kebab).filter(|name| !name.is_empty()) {
                        if !query.includes.contains(&name) {
                            query.includes.push(name);
                        }
                    }
                }
                ["show_password"] => query.show_password = Some(is_on(&value)),
                ["version_id"] => query.version = value.parse().ok(),
                _ => {}
            }
            query.others.push((key.into_owned(), value.into_owned()));
        }
        query
    }

    /// Of the same parameter written twice the last counts, as in the framework the real service is written in.
    fn filter(&mut self, field: &str, comparison: Comparison, value: &str) {
        let filter = Filter { key: kebab(field), comparison, values: split_values(value) };
        match self.filters.iter_mut().find(|known| known.key == filter.key && known.comparison == comparison) {
            Some(known) => *known = filter,
            None => self.filters.push(filter),
        }
    }

    fn filter_more(&mut self, field: &str, value: &str) {
        let key = kebab(field);
        match self.filters.iter_mut().find(|filter| filter.key == key && filter.comparison == Comparison::Is) {
            Some(filter) => filter.values.extend(split_values(value)),
            None => self.filter(field, Comparison::Is, value),
        }
    }

    /// The filter of an attribute, if there is one that says what it must be.
    pub(super) fn is(&self, key: &str) -> Option<&Filter> {
        self.filters
            .iter()
            .find(|filter| filter.key == key && filter.comparison == Comparison::Is && !filter.is_blank())
    }
}

impl Filter {
    /// `filter[x]=`: filters nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.values.iter().all(String::is_empty)
    }

    /// The only value, as an id.
    pub(super) fn single_id(&self) -> Option<u64> {
        match self.values.as_slice() {
            [value] => value.parse().ok(),
            _ => None,
        }
    }

    /// Whether a value of an attribute passes.
    pub(super) fn passes(&self, value: Option<&Value>) -> bool {
        let is_date =
            self.key.ends_with("-at") || self.key.ends_with("-on") || self.key == "date" || self.key.ends_with("-date");
        match self.comparison {
            Comparison::Range => self.in_range(value),
            Comparison::Is if is_date && self.values.len() == 2 => self.in_range(value),
            Comparison::Is => self.equals_one(value),
            Comparison::IsNot => !self.equals_one(value),
        }
    }

    fn equals_one(&self, value: Option<&Value>) -> bool {
        // A flag that was never set is one that is off.
        let flag = matches!(&*self.key, "archived" | "primary" | "important" | "completed" | "enabled");
        let value = if flag && value.is_none_or(Value::is_null) { Some(&Value::Bool(false)) } else { value };
        self.values.iter().any(|wanted| equals(value, wanted))
    }

    fn in_range(&self, value: Option<&Value>) -> bool {
        let (Some(start), Some(end)) = (self.values.first(), self.values.get(1)) else { return false };
        let open = |side: &str| side.trim() == "*" || side.trim().is_empty();
        match value {
            Some(Value::String(text)) => {
                // Dates are ISO 8601 throughout, so they compare as text; a bare day as an end means all of it.
                let (start, end) = (start.trim(), end.trim());
                (open(start) || text.as_str() >= start) && (open(end) || text.as_str() <= end || text.starts_with(end))
            }
            Some(Value::Number(number)) => {
                let Some(number) = number.as_f64() else { return false };
                let side = |text: &str| text.trim().parse::<f64>().ok();
                (open(start) || side(start).is_some_and(|start| number >= start))
                    && (open(end) || side(end).is_some_and(|end| number <= end))
            }
            _ => open(start) && open(end),
        }
    }
}

/// Whether an attribute has the value a filter writes. A blank is part of it: the service does not trim.
fn equals(value: Option<&Value>, wanted: &str) -> bool {
    match value {
        None | Some(Value::Null) => wanted == "null",
        Some(Value::String(text)) => text == wanted,
        Some(Value::Bool(flag)) => matches!((flag, wanted), (true, "true" | "1") | (false, "false" | "0")),
        Some(Value::Number(number)) => {
            wanted.parse::<u64>().is_ok_and(|wanted| number.as_u64() == Some(wanted)) || number.to_string() == wanted
        }
        Some(Value::Array(values)) => values.iter().any(|value| equals(Some(value), wanted)),
        Some(Value::Object(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_read_in_both_spellings_and_both_encodings() {
        for text in [
            "filter[organization_id]=7&page[size]=10&page[number]=3&sort=-updated_at&include=related_items,attachments",
            "filter%5Borganization-id%5D=7&page%5Bsize%5D=10&page%5Bnumber%5D=3&sort=-updated-at&include=related-items%2Cattachments",
        ] {
            let query = Query::parse(text);
            assert_eq!((query.page, query.size), (3, 10));
            assert_eq!(query.is("organization-id").and_then(Filter::single_id), Some(7));
            assert_eq!(query.sort, [("updated-at".into(), true)]);
            assert_eq!(query.includes, ["related-items", "attachments"]);
        }
    }

    #[test]
    fn page_size_is_50_by_default_and_at_most_1000() {
        assert_eq!(Query::parse("").size, 50);
        assert_eq!(Query::parse("page[size]=0").size, 50);
        assert_eq!(Query::parse("page[size]=99999").size, 1000);
        assert_eq!(Query::parse("page[number]=-1").page, 1);
    }

    #[test]
    fn several_fields_sort_each_in_its_direction() {
        let sort = Query::parse("sort=name,-updated_at,,%20-id").sort;
        assert_eq!(sort, [("name".into(), false), ("updated-at".into(), true), ("id".into(), true)]);
        assert!(Query::parse("sort=,").sort.is_empty());
    }

    #[test]
    fn commas_mean_or_unless_escaped() {
        assert_eq!(split_values(r"a,b\,c,\d,"), ["a", "b,c", r"\d", ""]);
    }

    #[test]
    fn of_a_filter_written_twice_the_last_counts() {
        let query = Query::parse("filter[id]=1&filter[exclude][id]=3&filter[id]=2");
        assert_eq!(query.filters.len(), 2);
        assert_eq!(query.is("id").map(|filter| filter.values.clone()), Some(vec!["2".into()]));
    }

    #[test]
    fn an_array_in_the_way_of_ruby_means_or() {
        let query = Query::parse("filter[id][]=1&filter[id][]=2&filter%5Bname%5D%5B%5D=x");
        assert_eq!(query.filters.len(), 2);
        assert_eq!(query.is("id").map(|filter| filter.values.clone()), Some(vec!["1".into(), "2".into()]));
    }

    #[test]
    fn ranges_have_open_sides_and_whole_days() {
        let filter = |text: &str| Query::parse(text).filters.remove(0);
        let dates = filter("filter[updated_at]=2026-01-01,2026-02-01");
        assert!(dates.passes(Some(&json!("2026-02-01T23:00:00.000Z"))));
        assert!(!dates.passes(Some(&json!("2026-02-02T00:00:00.000Z"))));
        assert!(filter("filter[updated_at]=*,2026-02-01").passes(Some(&json!("2001-01-01T00:00:00.000Z"))));
        let numbers = filter("filter[range][my_glue_account_id]=5,*");
        assert!(numbers.passes(Some(&json!(5))) && !numbers.passes(Some(&json!(4))) && !numbers.passes(None));
    }

    #[test]
    fn booleans_are_words_or_digits() {
        let archived = |value: &str| Query::parse(&format!("filter[archived]={value}")).filters.remove(0);
        assert!(archived("1").passes(Some(&json!(true))) && archived("true").passes(Some(&json!(true))));
        assert!(archived("0").passes(Some(&json!(false))) && !archived("maybe").passes(Some(&json!(true))));
    }

    proptest! {
        #[test]
        fn any_text_is_a_query(text in ".*") {
            let query = Query::parse(&text);
            prop_assert!(query.page >= 1 && (1..=1000).contains(&query.size));
        }

        #[test]
        fn escaped_values_come_back(values in prop::collection::vec("[^,\\\\]{0,8}", 1..5)) {
            prop_assert_eq!(split_values(&values.join(",")), values.clone());
            prop_assert_eq!(split_values(&values.join("\\,")), vec![values.join(",")]);
        }
    }
}
