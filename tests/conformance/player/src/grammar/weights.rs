//! What each family does, and how often.

use super::Family;
use super::steps::Op::{self, *};

/// Steps with their weights. A quorum program is written by itself.
pub(super) fn weights(family: Family) -> &'static [(Op, u64)] {
    match family {
        Family::Routing => ROUTING,
        Family::Delivery => DELIVERY,
        Family::Dlx => DLX,
        Family::Limits => LIMITS,
        Family::Errors => ERRORS,
        Family::Mixed => MIXED,
        Family::Ttl => TTL,
        Family::Headers => HEADERS,
        Family::Priority => PRIORITY,
        Family::Tx => TX,
        Family::Quorum => &[],
    }
}

#[rustfmt::skip]
const ROUTING: &[(Op, u64)] = &[
    (Publish, 32), (Bind, 10), (DeclareExchange, 5), (Get, 10), (DeclareQueue, 3), (BindExchange, 6),
    (Unbind, 6), (DeleteExchange, 5), (UnbindExchange, 3), (DeleteQueue, 2), (Purge, 2), (Confirm, 1),
];

#[rustfmt::skip]
const DELIVERY: &[(Op, u64)] = &[
    (Publish, 24), (Consume, 13), (Bind, 2), (DeclareQueue, 3), (Ack, 8), (Nack, 7), (Qos, 6), (Get, 4),
    (Cancel, 4), (Reject, 4), (DeleteQueue, 2), (Purge, 2), (Recover, 2), (Drop, 2), (CloseChannel, 2),
    (Confirm, 1),
];

#[rustfmt::skip]
const DLX: &[(Op, u64)] = &[
    (Publish, 26), (Get, 12), (Bind, 4), (DeclareQueue, 3), (Ack, 8), (Consume, 8), (Nack, 9), (Qos, 4),
    (Reject, 5), (DeleteQueue, 3), (Purge, 2), (Confirm, 1),
];

#[rustfmt::skip]
const LIMITS: &[(Op, u64)] = &[
    (Publish, 48), (Bind, 3), (DeclareQueue, 3), (Consume, 9), (Get, 8), (Nack, 5), (Ack, 5), (Purge, 3),
    (Qos, 2), (Reject, 3), (Confirm, 3),
];

#[rustfmt::skip]
const ERRORS: &[(Op, u64)] = &[
    (DeclareExchange, 16), (DeclareQueue, 18), (Bind, 10), (Publish, 8), (DeleteQueue, 6), (DeleteExchange, 6),
    (Consume, 6), (Get, 5), (BindExchange, 4), (Unbind, 4), (Nack, 3), (Ack, 3), (Confirm, 4), (Recover, 3),
    (CloseChannel, 2), (Qos, 2), (Cancel, 2), (Purge, 2), (Reject, 2), (TxSelect, 1), (TxCommit, 1),
    (TxRollback, 1), (UnbindExchange, 1),
];

#[rustfmt::skip]
const MIXED: &[(Op, u64)] = &[
    (Publish, 25), (Bind, 6), (DeclareQueue, 6), (Consume, 10), (DeclareExchange, 3), (Qos, 6), (Get, 5),
    (BindExchange, 4), (Cancel, 4), (Unbind, 3), (Ack, 4), (Nack, 4), (DeleteQueue, 3), (Confirm, 3),
    (Reject, 3), (Drop, 2), (Purge, 2), (CloseChannel, 2), (Recover, 2), (DeleteExchange, 2),
];

#[rustfmt::skip]
const TTL: &[(Op, u64)] = &[
    (Publish, 30), (Get, 6), (Bind, 4), (DeclareQueue, 2), (Nack, 4), (Ack, 3), (Consume, 5), (Reject, 2),
    (Confirm, 1),
];

#[rustfmt::skip]
const HEADERS: &[(Op, u64)] = &[
    (Publish, 46), (Bind, 20), (Get, 16), (Purge, 3), (Unbind, 5), (DeclareQueue, 1), (Confirm, 1),
];

#[rustfmt::skip]
const PRIORITY: &[(Op, u64)] = &[
    (Publish, 40), (Get, 12), (Consume, 12), (Bind, 2), (Nack, 6), (Ack, 6), (Qos, 5), (Cancel, 3), (Reject, 3),
    (Confirm, 1),
];

#[rustfmt::skip]
const TX: &[(Op, u64)] = &[
    (Publish, 30), (Get, 12), (Consume, 9), (TxCommit, 10), (TxSelect, 4), (TxRollback, 5), (Nack, 6), (Ack, 6),
    (Reject, 3), (CloseChannel, 2), (Qos, 2), (Confirm, 1), (Bind, 2),
];
