# shellcheck shell=sh
# What a person reads while set-up works, and the log where the rest goes.

fail() { # stops, with these lines
    printf '%s\n' "$@" >&2
    exit 1
}

step() { # begins a line of progress ...
    printf '%s ... ' "$1" >&2
}

ended() { # ... and ends it
    printf '%s\n' "$1" >&2
}

broken() { # ends it badly: the end of the log, then these lines
    printf 'failed\n\n' >&2
    tail -n 25 "$log" >&2
    fail "" "(All of it is in $log.)" "" "$@"
}

open_log() { # where the talk of apt and pip goes: anew for each start that has something to install
    [ -z "${log_is_open:-}" ] || return 0
    mkdir -p "$instance"
    (umask 077 && : >"$log") 2>/dev/null ||
        fail "" "$(id -un) can't write to $instance/. Start as its owner, or give it away: chown -R $(id -un) $instance .venv"
    log_is_open=1
}

logged() { # runs a command whose talk matters only if it fails
    printf '\n$ %s\n' "$*" >>"$log"
    "$@" </dev/null >>"$log" 2>&1
}
