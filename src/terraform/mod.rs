//! Terraform's language: its values, its operators, its functions.

pub mod access;
pub mod convert;
pub mod cty;
mod decimal;
pub mod equality;
pub mod functions;
mod mismatch;
pub mod number;
pub mod operators;
pub mod types;
