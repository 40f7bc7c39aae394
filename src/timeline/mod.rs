//! The run as a log of inputs with snapshots: any moment can be had again.
