//! What a body in JSON is: an object with names. What serde derives for a struct takes a list of its fields in their order too.
use std::{fmt, marker::PhantomData, ops::Deref};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A value that came as an object.
pub(in crate::http) struct Object<T>(T);

impl<T> Object<T> {
    pub(in crate::http) fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Named(PhantomData)).map(Self)
    }
}

struct Named<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Named<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Pair {
        one: String,
        two: Option<String>,
    }

    #[test]
    fn a_list_of_the_fields_is_no_object() {
        let pair: Object<Pair> = serde_json::from_str(r#"{"one":"1","two":null,"three":[]}"#).unwrap();
        assert_eq!((pair.one.as_str(), &pair.two), ("1", &None));
        for wrong in [r#"["1","2"]"#, r#"["1",null]"#, "[]", "null", r#""1""#, "{}", r#"{"one":"1","one":"2"}"#] {
            assert!(serde_json::from_str::<Object<Pair>>(wrong).is_err(), "{wrong}");
        }
    }
}
