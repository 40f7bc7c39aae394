//! Virtual hosts, users and what they may do (semantics 26).

use expect_test::expect;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::harness::{check, check_3_10};

/// 26.1: from the start there is guest, who may do everything, but only from the broker's own machine.
#[test]
fn guest_comes_from_the_brokers_own_machine() {
    check(
        r#"
            A: !connect user=guest password=guest
            B: !connect user=guest password=guest remote
            C: !connect user=guest password=wrong
            D: !connect user=nobody
        "#,
        expect![[r#"
            > A: !connect user=guest password=guest
            connected  connection 1 "A" as guest to /
            > B: !connect user=guest password=guest remote
            refused    connection 2: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
            > C: !connect user=guest password=wrong
            refused    connection 3: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
            > D: !connect user=nobody
            refused    connection 4: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
        "#]],
    );
}

/// 26.1: another user comes from everywhere.
#[test]
fn a_user_logs_in_from_elsewhere() {
    check(
        r#"
            operator: user alice password=secret
            operator: permissions alice / configure=.* write=.* read=.*
            ---
            A: !connect user=alice password=secret remote
            B: !connect user=alice password=guess remote
        "#,
        expect![[r#"
            > A: !connect user=alice password=secret remote
            connected  connection 1 "A" as alice to /
            > B: !connect user=alice password=guess remote
            refused    connection 2: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
        "#]],
    );
}

/// 3.5: nobody comes in with a blank password, also a user who has none (rabbit_auth_backend_internal).
#[test]
fn a_blank_password_is_no_password() {
    check(
        r#"
            operator: user alice password=
            operator: permissions alice / configure=.* write=.* read=.*
            ---
            A: !connect user=alice password=
        "#,
        expect![[r#"
            > A: !connect user=alice password=
            refused    connection 1: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
        "#]],
    );
}

/// 3.9: an unknown vhost, and one in which the user has no rights.
#[test]
fn a_connection_needs_a_vhost_and_rights_in_it() {
    check(
        r#"
            operator: vhost other
            operator: user alice
            ---
            A: !connect vhost=missing
            B: !connect user=alice
            C: !connect vhost=other
            operator: permissions guest other configure=.* write=.* read=.*
            D: !connect vhost=other
        "#,
        expect![[r#"
            > A: !connect vhost=missing
            refused    connection 1: 530 NOT_ALLOWED - vhost missing not found (0,0)
            > B: !connect user=alice
            refused    connection 2: 530 NOT_ALLOWED - access to vhost '/' refused for user 'alice' (0,0)
            > C: !connect vhost=other
            refused    connection 3: 530 NOT_ALLOWED - access to vhost 'other' refused for user 'guest' (0,0)
            > operator: permissions guest other configure=.* write=.* read=.*
            changed    permissions of guest in other
            > D: !connect vhost=other
            connected  connection 4 "D" as guest to other
        "#]],
    );
}

/// 26.1: each vhost has names and predeclared exchanges of its own (6.1).
#[test]
fn a_vhost_is_a_space_of_names_of_its_own() {
    check(
        r#"
            operator: vhost other
            operator: permissions guest other configure=.* write=.* read=.*
            A: queue work
            B: !connect vhost=other
            ---
            B: queue work passive
            B: !close-ok
            B: queue work
            B: publish amq.fanout "one"
            B: publish "" key=work "two"
            A: get work
        "#,
        expect![[r#"
            > B: queue work passive
            closed     channel 2.1: 404 NOT_FOUND - no queue 'work' in vhost 'other' (50,10)
            > B: !close-ok
            > B: queue work
            declared   queue work
            replied    2.1 queue.declare-ok work, 0 messages, 0 consumers
            > B: publish amq.fanout "one"
            published  #1 to amq.fanout "one"
            unroutable #1 at amq.fanout
            > B: publish "" key=work "two"
            published  #2 to (default) key "work" "two"
            hopped     #2 (default) -> work
            enqueued   #2 work at 0
            > A: get work
            replied    1.1 basic.get-empty
        "#]],
    );
}

/// 3.16: with all that is in it.
#[test]
fn a_deleted_vhost_closes_its_connections() {
    check(
        r#"
            operator: vhost other
            operator: permissions guest other configure=.* write=.* read=.*
            A: !connect vhost=other
            A: queue work durable
            A: publish "" key=work "one"
            B: queue work
            ---
            operator: no vhost other
            B: queue work passive
            A: !connect vhost=other
        "#,
        expect![[r#"
            > operator: no vhost other
            closed     channel 1.1: with its connection
            closed     connection 1: 320 CONNECTION_FORCED - vhost 'other' is deleted (0,0)
            dropped    #1 work: queue deleted
            deleted    queue work: vhost deleted, 1 messages
            deleted    vhost other
            > B: queue work passive
            replied    2.1 queue.declare-ok work, 0 messages, 0 consumers
            > A: !connect vhost=other
            refused    connection 3: 530 NOT_ALLOWED - vhost other not found (0,0)
        "#]],
    );
}

/// 3.16: RabbitMQ's connection tracking does it (rabbit_connection_tracking, user_deleted).
#[test]
fn a_deleted_user_is_disconnected() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=.* read=.*
            A: !connect user=alice
            A: queue work exclusive
            ---
            operator: no user alice
            operator: no user alice
            A: !connect user=alice
        "#,
        expect![[r#"
            > operator: no user alice
            closed     channel 1.1: with its connection
            deleted    queue work: exclusive, 0 messages
            closed     connection 1: 320 CONNECTION_FORCED - user 'alice' is deleted (0,0)
            deleted    user alice
            > operator: no user alice
            ignored    there is no user 'alice'
            > A: !connect user=alice
            refused    connection 2: 403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile. (0,0)
        "#]],
    );
}

/// 26.2, D2: configure is asked for declaring and deleting, nothing for a passive declare.
#[test]
fn configure_is_for_declaring_and_deleting() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=^mine write=.* read=.*
            B: exchange logs fanout
            B: queue work
            A: !connect user=alice
            ---
            A: queue mine
            A: exchange mine fanout
            A: delete queue mine
            A: delete exchange mine
            A.2: queue other
            A.3: delete queue work
            A.4: exchange other fanout
            A.5: delete exchange logs
            A.6: queue work passive
            A.6: exchange logs passive
        "#,
        expect![[r#"
            > A: queue mine
            declared   queue mine
            replied    2.1 queue.declare-ok mine, 0 messages, 0 consumers
            > A: exchange mine fanout
            declared   exchange mine fanout
            replied    2.1 exchange.declare-ok
            > A: delete queue mine
            replied    2.1 queue.delete-ok 0 messages
            deleted    queue mine: by client, 0 messages
            > A: delete exchange mine
            deleted    exchange mine: by client
            replied    2.1 exchange.delete-ok
            > A.2: queue other
            closed     channel 2.2: 403 ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'alice' (50,10)
            > A.3: delete queue work
            closed     channel 2.3: 403 ACCESS_REFUSED - configure access to queue 'work' in vhost '/' refused for user 'alice' (50,40)
            > A.4: exchange other fanout
            closed     channel 2.4: 403 ACCESS_REFUSED - configure access to exchange 'other' in vhost '/' refused for user 'alice' (40,10)
            > A.5: delete exchange logs
            closed     channel 2.5: 403 ACCESS_REFUSED - configure access to exchange 'logs' in vhost '/' refused for user 'alice' (40,20)
            > A.6: queue work passive
            replied    2.6 queue.declare-ok work, 0 messages, 0 consumers
            > A.6: exchange logs passive
            replied    2.6 exchange.declare-ok
        "#]],
    );
}

/// 26.2, D2: write is asked for publishing and for the destination of a binding.
#[test]
fn write_is_for_publishing_and_the_end_of_a_binding() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=^mine read=.*
            B: exchange logs fanout
            B: queue work
            A: !connect user=alice
            A: exchange mine fanout
            A: queue mine-queue
            ---
            A: publish mine "one"
            A: bind logs -> mine-queue
            A.2: publish logs "two"
            A.3: publish "" key=work "the default exchange has a name for this"
            A.4: bind mine -> work
            A.5: unbind mine -> work
            A.6: bind mine -> exchange logs
        "#,
        expect![[r#"
            > A: publish mine "one"
            published  #1 to mine "one"
            unroutable #1 at mine
            > A: bind logs -> mine-queue
            bound      logs -> mine-queue by ""
            replied    2.1 queue.bind-ok
            > A.2: publish logs "two"
            closed     channel 2.2: 403 ACCESS_REFUSED - write access to exchange 'logs' in vhost '/' refused for user 'alice' (60,40)
            > A.3: publish "" key=work "the default exchange has a name for this"
            closed     channel 2.3: 403 ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'alice' (60,40)
            > A.4: bind mine -> work
            closed     channel 2.4: 403 ACCESS_REFUSED - write access to queue 'work' in vhost '/' refused for user 'alice' (50,20)
            > A.5: unbind mine -> work
            closed     channel 2.5: 403 ACCESS_REFUSED - write access to queue 'work' in vhost '/' refused for user 'alice' (50,50)
            > A.6: bind mine -> exchange logs
            closed     channel 2.6: 403 ACCESS_REFUSED - write access to exchange 'logs' in vhost '/' refused for user 'alice' (40,30)
        "#]],
    );
}

/// 26.2, D2: read is asked for getting, consuming and purging, and for the source of a binding.
#[test]
fn read_is_for_taking_and_the_start_of_a_binding() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=.* read=^mine
            B: exchange logs fanout
            B: queue work
            A: !connect user=alice
            A: queue mine
            ---
            A: get mine
            A: purge mine
            A.2: get work
            A.3: consume work auto tag=c1
            A.4: purge work
            A.5: bind logs -> work
            A.6: unbind logs -> work
            A.7: bind logs -> exchange logs
        "#,
        expect![[r#"
            > A: get mine
            replied    2.1 basic.get-empty
            > A: purge mine
            replied    2.1 queue.purge-ok 0 messages
            > A.2: get work
            closed     channel 2.2: 403 ACCESS_REFUSED - read access to queue 'work' in vhost '/' refused for user 'alice' (60,70)
            > A.3: consume work auto tag=c1
            closed     channel 2.3: 403 ACCESS_REFUSED - read access to queue 'work' in vhost '/' refused for user 'alice' (60,20)
            > A.4: purge work
            closed     channel 2.4: 403 ACCESS_REFUSED - read access to queue 'work' in vhost '/' refused for user 'alice' (50,30)
            > A.5: bind logs -> work
            closed     channel 2.5: 403 ACCESS_REFUSED - read access to exchange 'logs' in vhost '/' refused for user 'alice' (50,20)
            > A.6: unbind logs -> work
            closed     channel 2.6: 403 ACCESS_REFUSED - read access to exchange 'logs' in vhost '/' refused for user 'alice' (50,50)
            > A.7: bind logs -> exchange logs
            closed     channel 2.7: 403 ACCESS_REFUSED - read access to exchange 'logs' in vhost '/' refused for user 'alice' (40,30)
        "#]],
    );
}

/// 26.2: a queue with a dead letter exchange reads itself and writes there; an exchange with an alternate likewise.
#[test]
fn who_forwards_needs_rights_on_both_ends() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=^mine read=^mine
            A: !connect user=alice
            ---
            A: queue mine dlx=mine-dead
            A: exchange mine-logs fanout ae=mine-rest
            A.2: queue mine-2 dlx=graveyard
            A.3: queue other dlx=mine-dead
            A.4: exchange mine-2 fanout ae=rest
            A.5: exchange other fanout ae=mine-rest
            A.6: queue other
        "#,
        expect![[r#"
            > A: queue mine dlx=mine-dead
            declared   queue mine
            replied    1.1 queue.declare-ok mine, 0 messages, 0 consumers
            > A: exchange mine-logs fanout ae=mine-rest
            declared   exchange mine-logs fanout
            replied    1.1 exchange.declare-ok
            > A.2: queue mine-2 dlx=graveyard
            closed     channel 1.2: 403 ACCESS_REFUSED - write access to exchange 'graveyard' in vhost '/' refused for user 'alice' (50,10)
            > A.3: queue other dlx=mine-dead
            closed     channel 1.3: 403 ACCESS_REFUSED - read access to queue 'other' in vhost '/' refused for user 'alice' (50,10)
            > A.4: exchange mine-2 fanout ae=rest
            closed     channel 1.4: 403 ACCESS_REFUSED - write access to exchange 'rest' in vhost '/' refused for user 'alice' (40,10)
            > A.5: exchange other fanout ae=mine-rest
            closed     channel 1.5: 403 ACCESS_REFUSED - read access to exchange 'other' in vhost '/' refused for user 'alice' (40,10)
            > A.6: queue other
            declared   queue other
            replied    1.6 queue.declare-ok other, 0 messages, 0 consumers
        "#]],
    );
}

/// 26.2: an empty expression matches nothing.
#[test]
fn an_empty_expression_grants_nothing() {
    check(
        r#"
            operator: user alice
            operator: permissions alice /
            A: !connect user=alice
            ---
            A: queue work
            A.2: queue ""
            A.3: publish "" key=work "one"
        "#,
        expect![[r#"
            > A: queue work
            closed     channel 1.1: 403 ACCESS_REFUSED - configure access to queue 'work' in vhost '/' refused for user 'alice' (50,10)
            > A.2: queue ""
            closed     channel 1.2: 403 ACCESS_REFUSED - configure access to queue 'amq.gen-1' in vhost '/' refused for user 'alice' (50,10)
            > A.3: publish "" key=work "one"
            closed     channel 1.3: 403 ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'alice' (60,40)
        "#]],
    );
}

/// 26.2: anywhere in the name, unless it is anchored.
#[test]
fn an_expression_matches_anywhere_in_a_name() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=or write=^$ read=^$
            A: !connect user=alice
            ---
            A: queue work
            A.2: queue other
            A.3: queue mine
        "#,
        expect![[r#"
            > A: queue work
            declared   queue work
            replied    1.1 queue.declare-ok work, 0 messages, 0 consumers
            > A.2: queue other
            closed     channel 1.2: 403 ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'alice' (50,10)
            > A.3: queue mine
            closed     channel 1.3: 403 ACCESS_REFUSED - configure access to queue 'mine' in vhost '/' refused for user 'alice' (50,10)
        "#]],
    );
}

/// 26.4
#[test]
fn rights_change_while_a_connection_is_open() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=.* read=.*
            A: !connect user=alice
            A: queue work
            ---
            operator: permissions alice / configure=^$ write=.* read=.*
            A: publish "" key=work "one"
            A.2: queue other
            operator: no permissions alice /
            A.3: publish "" key=work "two"
            operator: permissions alice / configure=( write= read=
        "#,
        expect![[r#"
            > operator: permissions alice / configure=^$ write=.* read=.*
            changed    permissions of alice in /
            > A: publish "" key=work "one"
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
            > A.2: queue other
            closed     channel 1.2: 403 ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'alice' (50,10)
            > operator: no permissions alice /
            changed    permissions of alice in /
            > A.3: publish "" key=work "two"
            closed     channel 1.3: 403 ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'alice' (60,40)
            > operator: permissions alice / configure=( write= read=
            ignored    '(' is not a regular expression
        "#]],
    );
}

/// 26.3, D2: 3.10 did not say which right is missing.
#[test]
fn a_refusal_did_not_name_the_right_in_3_10() {
    check_3_10(
        r#"
            operator: user alice
            operator: permissions alice / configure=^$ write=^$ read=^$
            B: queue work
            B: exchange logs fanout
            A: !connect user=alice
            ---
            A.1: queue other
            A.2: publish logs "one"
            A.3: publish "" key=work "one"
            A.4: get work
            A.5: bind logs -> work
        "#,
        expect![[r#"
            > A.1: queue other
            closed     channel 2.1: 403 ACCESS_REFUSED - access to queue 'other' in vhost '/' refused for user 'alice' (50,10)
            > A.2: publish logs "one"
            closed     channel 2.2: 403 ACCESS_REFUSED - access to exchange 'logs' in vhost '/' refused for user 'alice' (60,40)
            > A.3: publish "" key=work "one"
            closed     channel 2.3: 403 ACCESS_REFUSED - access to exchange 'amq.default' in vhost '/' refused for user 'alice' (60,40)
            > A.4: get work
            closed     channel 2.4: 403 ACCESS_REFUSED - access to queue 'work' in vhost '/' refused for user 'alice' (60,70)
            > A.5: bind logs -> work
            closed     channel 2.5: 403 ACCESS_REFUSED - access to queue 'work' in vhost '/' refused for user 'alice' (50,20)
        "#]],
    );
}

/// 26.2: the right on the destination is asked first, then come the default exchanges, then the right on the source.
#[test]
fn a_binding_asks_in_rabbitmqs_order() {
    check(
        r#"
            operator: user alice
            operator: permissions alice / configure=.* write=^mine read=.*
            B: queue work
            A: !connect user=alice
            A: queue mine
            ---
            A.2: bind "" -> work
            A.3: bind "" -> mine
            A.4: bind amq.fanout -> exchange ""
        "#,
        expect![[r#"
            > A.2: bind "" -> work
            closed     channel 2.2: 403 ACCESS_REFUSED - write access to queue 'work' in vhost '/' refused for user 'alice' (50,20)
            > A.3: bind "" -> mine
            closed     channel 2.3: 403 ACCESS_REFUSED - operation not permitted on the default exchange (50,20)
            > A.4: bind amq.fanout -> exchange ""
            closed     channel 2.4: 403 ACCESS_REFUSED - write access to exchange 'amq.default' in vhost '/' refused for user 'alice' (40,30)
        "#]],
    );
}

/// 9.2: the tag impersonator lifts the rule.
#[test]
fn an_impersonator_may_name_another_user() {
    check(
        r#"
            operator: user alice tag=impersonator
            operator: permissions alice / configure=.* write=.* read=.*
            A: !connect user=alice
            A: queue work
            ---
            A: publish "" key=work "one" user-id=guest
        "#,
        expect![[r#"
            > A: publish "" key=work "one" user-id=guest
            published  #1 to (default) key "work" "one"
            hopped     #1 (default) -> work
            enqueued   #1 work at 0
        "#]],
    );
}
