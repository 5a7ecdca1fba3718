#!/bin/bash
# Runs one program of the site for supervisord: program.sh redis|web|worker|printer|dispatcher|nginx.
#
# It stays the parent of the program, because three things are nobody's job otherwise:
# - each line of the log gets the program's name in front;
# - a program killed with -9 leaves its own children behind (granian's and nginx's workers go on serving and hold the
#   socket), so its whole process group is ended before the restart;
# - the death signals end the program when this script or the supervisor is itself killed: nothing is left running.
set -euo pipefail

name=$1

case $name in
redis)
    cd "$INSTANCE_PATH/redis"
    command=(redis-server "$ROOT/deploy/redis.conf" --unixsocket "$RUN_DIR/redis.sock" --logfile redis.log)
    ;;
web)
    # One blocking thread: more of them gain nothing on Python and SQLite.
    command=("$PY" -m deploy.web wsgi:app --interface wsgi --http 1 --no-ws --workers "$WEB_WORKERS" --blocking-threads 1
        --respawn-failed-workers --respawn-interval 0.1 --workers-kill-timeout 10 --log-level warning --no-access-log)
    if [[ $START_NGINX == true ]]; then
        # Backpressure 1: a worker accepts the next request when it is free. With the default, half of 40 quick pages
        # waited behind one slow page while the other worker idled. nginx closes each connection, so none holds the place.
        rm -f "$RUN_DIR/web.sock" # granian refuses to bind over what a killed one left
        command+=(--uds "$RUN_DIR/web.sock" --uds-permissions 0600 --backlog 1024 --backpressure 1)
    else
        command+=(--host "$LISTEN" --port "$PORT")
    fi
    ;;
# Pages go before letters, and letters before documents, when they want the one processor.
worker) command=(nice -n 5 "$PY" -m jobs.worker letters) ;;
printer) command=(nice -n 10 "$PY" -m jobs.worker documents) ;;
dispatcher) command=(nice -n 5 "$PY" -m jobs.dispatcher) ;;
nginx)
    # A person's connection and its way to granian take a descriptor each.
    ulimit -Sn 8192 2>/dev/null || true
    command=(nginx -e stderr -p "$RUN_DIR" -c "$RUN_DIR/nginx.conf")
    ;;
*) exit 64 ;;
esac

exec > >(exec sed -u "s/^/$name | /") 2>&1

set -m # a process group of its own for the program
setpriv --pdeathsig KILL -- "${command[@]}" &
child=$!
exec 2>/dev/null # bash's own notices about its child; the program keeps its outputs
trap 'kill -TERM "$child" 2>/dev/null || true' TERM INT HUP
status=0
wait "$child" || status=$?
# A signal interrupts wait; the program's own end has not come yet then.
while kill -0 "$child" 2>/dev/null; do
    status=0
    wait "$child" || status=$?
done
kill -KILL -- "-$child" 2>/dev/null || true
if ((status != 0 && status != 143)); then echo "завершился неожиданно, код $status; запускаю снова"; fi
exit "$status"
