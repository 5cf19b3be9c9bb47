# Sourced by tests/run.sh and called by tests that need a server to themselves: a MariaDB and a Redis of the tests' own, on
# loopback, with a real password, everything they keep below one directory. Nothing of the system's servers is touched.
#   start_mariadb DIR   starts it (again: with what is there already, on the same port); exports VIVA_TEST_MYSQL_URL
#                       (mysql://user:password@127.0.0.1:port/; a database named viva_... may be made by that user)
#   stop_mariadb DIR [SIGNAL]
#   start_redis DIR     likewise; exports VIVA_TEST_REDIS_URL (redis://:password@127.0.0.1:port/0)
#   stop_redis DIR [SIGNAL]
# As a command: bash tests/servers.sh start_mariadb DIR prints the URL and leaves the server running (its pid in DIR/pid).

TEST_SERVER_PASSWORD=viva-test-password
SERVER_WAIT_S=60

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for DIR COMMAND...: until it succeeds, as long as the server lives
wait_for() {
    local dir=$1 pid end=$((SECONDS + SERVER_WAIT_S))
    pid=$(cat "$1/pid")
    shift
    until "$@" >/dev/null 2>&1; do
        if ! kill -0 "$pid" 2>/dev/null || [ $SECONDS -ge $end ]; then
            echo "The server in $dir did not start:" >&2
            tail -20 "$dir/log" >&2
            return 1
        fi
        sleep 0.1
    done
}

# stop_pid DIR SIGNAL: sends it, and waits until the process has gone
stop_pid() {
    local pid end=$((SECONDS + SERVER_WAIT_S))
    pid=$(cat "$1/pid" 2>/dev/null) || return 0
    kill "-$2" "$pid" 2>/dev/null
    while kill -0 "$pid" 2>/dev/null; do
        [ $SECONDS -lt $end ] || { kill -KILL "$pid"; end=$((SECONDS + SERVER_WAIT_S)); }
        sleep 0.05
    done
    rm -f "$1/pid"
}

# Durable like a real one (innodb_flush_log_at_trx_commit=1), small in memory.
start_mariadb() {
    local dir=$1 port
    mkdir -p "$dir"
    if [ ! -f "$dir/port" ]; then
        mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$dir/data" --skip-test-db \
            --auth-root-authentication-method=socket >"$dir/install.log" 2>&1 || { tail -20 "$dir/install.log" >&2; return 1; }
        cat >"$dir/init.sql" <<SQL
CREATE USER IF NOT EXISTS 'viva'@'127.0.0.1' IDENTIFIED BY '$TEST_SERVER_PASSWORD', 'viva'@'localhost' IDENTIFIED BY '$TEST_SERVER_PASSWORD';
GRANT ALL ON \`viva\\_%\`.* TO 'viva'@'127.0.0.1', 'viva'@'localhost';
SQL
        free_port >"$dir/port"
    fi
    port=$(cat "$dir/port")
    mariadbd --no-defaults --user="$(id -un)" --datadir="$dir/data" --init-file="$dir/init.sql" --bind-address=127.0.0.1 --port="$port" \
        --socket="$dir/socket" --pid-file="$dir/server.pid" --skip-name-resolve --skip-log-bin --performance-schema=OFF \
        --innodb-buffer-pool-size=64M --innodb-log-file-size=32M --innodb-flush-log-at-trx-commit=1 --key-buffer-size=1M \
        --max-connections=200 --table-open-cache=400 --max-prepared-stmt-count=100000 >>"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    export VIVA_TEST_MYSQL_URL="mysql://viva:$TEST_SERVER_PASSWORD@127.0.0.1:$port/"
    wait_for "$dir" mariadb --no-defaults -h 127.0.0.1 -P "$port" -u viva "-p$TEST_SERVER_PASSWORD" -e 'SELECT 1'
}

stop_mariadb() { stop_pid "$1" "${2:-TERM}"; }

start_redis() {
    local dir=$1 port
    mkdir -p "$dir"
    [ -f "$dir/port" ] || free_port >"$dir/port"
    port=$(cat "$dir/port")
    redis-server --bind 127.0.0.1 --port "$port" --requirepass "$TEST_SERVER_PASSWORD" --dir "$dir" --save '' --appendonly no \
        --daemonize no >>"$dir/log" 2>&1 </dev/null &
    echo $! >"$dir/pid"
    export VIVA_TEST_REDIS_URL="redis://:$TEST_SERVER_PASSWORD@127.0.0.1:$port/0"
    wait_for "$dir" redis_answers "$port"
}

redis_answers() { [ "$(REDISCLI_AUTH=$TEST_SERVER_PASSWORD redis-cli -h 127.0.0.1 -p "$1" ping)" = PONG ]; }

stop_redis() { stop_pid "$1" "${2:-TERM}"; }

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    case ${1:-} in
    start_mariadb) start_mariadb "$2" && echo "$VIVA_TEST_MYSQL_URL" ;;
    start_redis) start_redis "$2" && echo "$VIVA_TEST_REDIS_URL" ;;
    stop_mariadb | stop_redis) "$@" ;;
    *) echo "usage: bash tests/servers.sh start_mariadb|stop_mariadb|start_redis|stop_redis DIR [SIGNAL]" >&2; exit 2 ;;
    esac
fi
