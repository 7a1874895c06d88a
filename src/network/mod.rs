//! The network that the resources describe, whatever language described them.
//!
//! Here, and nowhere above, a resource's type and attributes are read: from here on a route's target is a next hop.
//! Every noun has a file of its own with its type and how it is read.

pub mod arena;
