// Names of functions, as `wasm-opt -g` leaves them: Rust's v0 mangling, demangled.

/**
 * A name that the next compilation gives again: without `[68766f9746659fdb]`, which follows a crate's name and changes
 * with every version of the crate and of the compiler, and without the number that makes equal names different.
 */
export const plainName = (name) => name.replace(/\[[0-9a-f]{1,16}\]/g, '').replace(/_\d+$/, '');
