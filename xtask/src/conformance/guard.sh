# Runs one RabbitMQ until its standard input is closed, then puts everything away. Whoever holds the other end of the
# pipe may end in any way, Ctrl-C and crashes included.
#
# ROOT: "" or a folder to be the server's root. FOLDER: its own, made here. NODE, PORT, DIST_PORT, EPMD_PORT.
set -u
trap '' INT HUP

inside() {
    if [ -n "$ROOT" ]; then chroot "$ROOT" "$@"; else "$@"; fi
}

if [ -n "$ROOT" ]; then
    # In a mount namespace of our own (unshare), so these end with us.
    mount --bind /proc "$ROOT/proc" && mount --bind /dev "$ROOT/dev" || exit 1
fi
inside mkdir -p "$FOLDER" && inside chown rabbitmq "$FOLDER" || exit 1

inside env LC_ALL=C.UTF-8 \
    ERL_EPMD_PORT="$EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_NODENAME="$NODE" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
    RABBITMQ_NODE_PORT="$PORT" RABBITMQ_DIST_PORT="$DIST_PORT" \
    RABBITMQ_MNESIA_BASE="$FOLDER/data" RABBITMQ_LOG_BASE="$FOLDER/log" RABBITMQ_PID_FILE="$FOLDER/pid" \
    RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$FOLDER/none" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$FOLDER/plugins" \
    rabbitmq-server </dev/null >&2 &
server=$!

cat >/dev/null

pid=$(inside cat "$FOLDER/pid" 2>/dev/null)
kill "${pid:-$server}" 2>/dev/null
wait "$server" 2>/dev/null
inside env ERL_EPMD_PORT="$EPMD_PORT" epmd -kill >/dev/null 2>&1
inside rm -rf "$FOLDER"
