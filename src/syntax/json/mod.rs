//! JSON with places, and Terraform's form of HCL in it.

mod cursor;
mod lower;
mod marks;
mod node;
mod schema;
mod template;

pub use self::{
    cursor::{Broken, Cursor, Passing},
    lower::{body, values},
    node::{Key, Node, NodeKind, parse},
    template::expression,
};
