# shellcheck shell=sh
# The environment in .venv and the Python packages in it, as the locks name them.

UV_VERSION=0.13.9

make_environment() { # .venv, with uv in it
    if [ "$python" != "$py" ]; then
        logged "$python" -m venv --clear "$venv" || broken "No environment can be made in $venv with $python."
    fi
    if [ "$("$py" -m uv --version 2>/dev/null | cut -d ' ' -f 2)" != "$UV_VERSION" ]; then
        logged "$py" -m pip install --disable-pip-version-check "uv==$UV_VERSION" ||
            broken "The Python packages can't be fetched. Is the package index to be reached from this machine?"
    fi
    # What the environment tells pip, in uv's words.
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-}}" UV_INDEX="${UV_INDEX:-${PIP_EXTRA_INDEX_URL:-}}"
    UV_FIND_LINKS=${UV_FIND_LINKS:-$(echo "${PIP_FIND_LINKS:-}" | tr ' ' ',')}
    export UV_FIND_LINKS UV_PYTHON_DOWNLOADS=never
    [ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"
}

locks_for() { # locks_for app|tests: the files that name what is to be installed for it
    echo requirements.txt
    case $1:${DATABASE_URL:-} in
        tests:*) echo requirements-dev.txt ;; # which holds what PostgreSQL needs
        app:postgres*) echo requirements-postgresql.txt ;;
    esac
}

locks_of() { # locks_of app|tests: their checksum
    cat $(locks_for "$1") | cksum
}

are_installed() { # are_installed app|tests: whether .venv holds what the locks say
    [ "$python" = "$py" ] && [ "$(locks_of "$1")" = "$(cat "$venv/installed-$1" 2>/dev/null)" ]
}

install_python_packages() { # install_python_packages app|tests
    if are_installed "$1"; then
        ended "in place"
        return
    fi
    printf 'installing, a minute or so ... ' >&2
    for_whom=$1
    set -- --require-hashes
    for lock in $(locks_for "$for_whom"); do set -- "$@" -r "$lock"; done
    open_log
    make_environment
    rm -f "$venv/installed-app" "$venv/installed-tests"
    # pip is slower, but heeds what uv does not read, such as pip.conf.
    logged "$py" -m uv pip install --compile-bytecode --python "$py" "$@" || logged "$py" -m pip install --disable-pip-version-check "$@" ||
        broken "The Python packages can't be installed."
    locks_of app >"$venv/installed-app"
    [ "$for_whom" = app ] || locks_of tests >"$venv/installed-tests"
    ended "installed"
}

prepare() { # prepare app|tests: says nothing where there is nothing to do
    find_missing app
    if [ -n "$missing" ] || ! are_installed "$1"; then
        step "1/2 System libraries"
        prepare_system app
        step "2/2 Python packages"
        install_python_packages "$1"
    fi
}
