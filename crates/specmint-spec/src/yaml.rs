//! YAML and JSON text → [`Node`](crate::node::Node): the only file naming the parsers.
