# shellcheck shell=sh
# A Python that suits, and the libraries that the system has to bring: found, or installed where that is ours to do.

# A Python that can make an environment; Debian's without python3-venv can't, nor can a shim of pyenv with nothing behind.
SUITS='
import sys
if sys.version_info < (3, 11): sys.exit(1)
import ctypes, ensurepip, sqlite3, ssl, venv, zlib
'
# An environment made earlier, whose Python may have gone with an upgrade of the system.
STILL_SUITS='
import importlib.util, sys
sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix or importlib.util.find_spec("pip") is None)
'

use_homebrew() { # it keeps its libraries where macOS does not look
    if [ "$(uname)" = Darwin ] && command -v brew >/dev/null; then
        DYLD_FALLBACK_LIBRARY_PATH=$(brew --prefix)/lib:/usr/local/lib:/usr/lib
        export DYLD_FALLBACK_LIBRARY_PATH
    fi
}

find_python() { # sets $python; to nothing where there is none
    for python in "$py" "${PYTHON:-}" python3.13 python3.12 python3.11 python3.14 python3; do
        [ -n "$python" ] || continue
        trial=$SUITS
        [ "$python" != "$py" ] || trial=$STILL_SUITS
        if "$python" -c "$trial" >/dev/null 2>&1; then return; fi
    done
    python=
}

find_missing() { # find_missing app|tests: sets $python, and $missing to Debian's names of what is not there
    find_python
    if [ -n "$python" ]; then
        missing=$("$python" machine/libraries.py "$1")
    else
        missing="python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        [ "$1" = app ] || missing="$missing libatomic1"
    fi
}

install_packages() { # takes Debian's names; answers 1 where it is not ours to install, 2 where that failed
    if command -v apt-get >/dev/null; then
        become=
        if [ "$(id -u)" -ne 0 ]; then
            command -v sudo >/dev/null || return 1
            become=sudo
            [ -t 0 ] || become="sudo -n"
            $become true 2>/dev/null || return 1
        fi
        printf 'installing %s ... ' "$*" >&2
        logged $become apt-get update || : # a stranger's list may fail; what counts is whether our packages are found
        logged $become env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=120 "$@" || return 2
    elif [ "$(uname)" = Darwin ] && command -v brew >/dev/null; then
        case "$*" in python3*) set -- python@3.13 pango ;; *) set -- pango ;; esac
        printf 'installing %s ... ' "$*" >&2
        logged brew install "$@" || return 2
    else
        return 1
    fi
}

how_to_install() { # the one line to type
    if command -v apt-get >/dev/null; then
        echo "apt-get update && apt-get install --no-install-recommends $*"
    elif command -v dnf >/dev/null; then
        echo "dnf install python3 pango harfbuzz"
    elif command -v zypper >/dev/null; then
        echo "zypper install python313 libpango-1_0-0 libharfbuzz-subset0"
    elif command -v pacman >/dev/null; then
        echo "pacman -S python pango"
    elif [ "$(uname)" = Darwin ]; then
        echo "brew install python@3.13 pango"
    else
        echo "(your system's packages of Python 3.11 or newer, Pango, Fontconfig, HarfBuzz and HarfBuzz-Subset)"
    fi
}

is_ubuntu() { # there the package chromium is only a door to snap
    grep -qs '^ID=ubuntu' /etc/os-release
}

prepare_system() { # prepare_system app|tests: the libraries; for the tests a browser too, though they run without
    find_missing "$1"
    wanted=$missing
    for_whom=$1
    shift
    if [ "$for_whom" = tests ] && command -v apt-get >/dev/null && ! is_ubuntu; then
        find_browser
        [ -n "$browser" ] || wanted="${wanted:+$wanted }chromium"
    fi
    if [ -n "$wanted" ]; then
        open_log
        answer=0
        install_packages $wanted || answer=$?
        find_missing app
        case "$answer,${missing:+yes}" in
            1,) printf '(only root can install %s) ' "$wanted" >&2 ;;
            1,yes)
                ended "missing"
                [ -n "$python" ] || set -- "(Python 3.11 or newer; to name one off the PATH: PYTHON=/path/to/python3 ./run)"
                fail "" "Something is missing that only root can install. Type this line as root, then start again:" "" \
                    "    $(how_to_install $wanted)" "" "$@"
                ;;
            2,yes) broken "The system's packages can't be installed. By hand, as root:" "" "    $(how_to_install $wanted)" ;;
            0,yes)
                ended "too old"
                fail "" "Loopcard needs Python 3.11 or newer, with Pango and HarfBuzz, and this system's own packages are older." \
                    "Install such a Python beside it, and name it: PYTHON=/path/to/python3 ./run"
                ;;
        esac
    fi
    ended "found ($("$python" --version))"
}

compiles() {
    echo '#include <unistd.h>' | cc -E - >/dev/null 2>&1
}

prepare_compiler() { # for ./run reliability, which puts a shim of its own before the server's disk; what needs it says so
    if [ "$(uname)" != Linux ] || compiles; then return; fi
    step "C compiler"
    open_log
    install_packages gcc libc6-dev || :
    if compiles; then ended "installed"; else ended "missing, so two parts can't be measured (Debian: gcc, libc6-dev)"; fi
}
