# shellcheck shell=sh
# The steps of serving, once the packages are in place: where to listen, the database, gunicorn.

# Starts what is named, out of reach of the terminal: a Ctrl-C that gunicorn's workers get twice, from the terminal and
# from their master, now and then locks one up for half a minute.
APART='
import os, sys
os.setsid()
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
'

settle_address() { # sets $host, $port and $authority, both in one, and LOOPCARD_URL where nobody did
    host=${HOST:-127.0.0.1}
    port=${PORT:-8000}
    case $host in *:*) authority="[$host]:$port" ;; *) authority="$host:$port" ;; esac
    case $host in
        127.0.0.1 | localhost | ::1) export LOOPCARD_URL="${LOOPCARD_URL:-http://$authority}" ;;
        *) [ -n "${LOOPCARD_URL:-}" ] || fail "HOST=$host lets other machines in. Say at which https address people will find Loopcard:" \
            "    LOOPCARD_URL=https://loopcard.example.org HOST=$host ./run" ;;
    esac
}

prepare_database() { # brings it up to date, and sets $sign_in to what whoever starts Loopcard should read
    # As a module, because it imports the app. Spares the two seconds of `flask db upgrade` where nothing is to upgrade.
    state=$("$py" -m machine.database 2>/dev/null) || state=unknown
    case $state in
        current) ;;
        settings:*) ended "not opened" && fail "" "${state#settings: }" ;;
        *)
            open_log
            logged "$py" -m flask --app app db upgrade ||
                broken "The database can't be brought up to date. If a newer Loopcard has written to it, use that one or newer."
            ;;
    esac
    said=$(mktemp) # what set-up says of its work waits until the line of progress has ended
    outcome=ready
    sign_in=$("$py" -m flask --app app set-up 2>"$said") || outcome=failed
    ended "$outcome"
    [ "$outcome" = ready ] || ended ""
    cat "$said" >&2
    rm -f "$said"
    [ "$outcome" = ready ] || fail "" "The installation can't be set up; the lines above say why."
}

start_server() { # serves until it is told to stop, then exits as gunicorn did
    "$py" -c "$APART" -m gunicorn --bind "$authority" --workers 2 --worker-class gthread --threads 4 \
        --no-control-socket --log-level warning app:app &
    server=$!
    # What is being saved gets finished; whoever asks a second time is in a hurry.
    manner=TERM
    trap 'kill -$manner $server 2>/dev/null; manner=QUIT' HUP INT TERM
    (
        if "$py" machine/answers.py "$server" "$host" "$port"; then
            ended "answers at $LOOPCARD_URL (Ctrl-C stops it)"
            printf '\n%s\n' "$sign_in"
        fi
    ) &
    while :; do # a signal ends `wait` before the server has ended
        code=0
        wait "$server" || code=$?
        kill -0 "$server" 2>/dev/null || exit "$code"
    done
}
