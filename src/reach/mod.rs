//! Where packets go.

pub mod table;
