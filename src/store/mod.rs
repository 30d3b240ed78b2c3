//! Everything known so far, by id: the only owner of fetched data.
