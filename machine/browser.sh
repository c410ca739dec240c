# shellcheck shell=sh
# A Chromium for the tests: the system's, else the one that Playwright brings.

find_browser() { # sets $browser; to nothing where there is none that starts
    for browser in "${CHROMIUM:-}" chromium google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        browser=$(command -v "$browser") || continue
        case $browser in /snap/*) continue ;; esac # a snap can't see the folders that the tests give it
        if "$browser" --version >/dev/null 2>&1; then return; fi
    done
    browser=
}

PLAYWRIGHTS_OWN='
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright: print(playwright.chromium.executable_path)
'

fetch_playwrights_browser() { # sets CHROMIUM to it; with the libraries it needs where we know how to get them
    printf "fetching Playwright's ... " >&2
    open_log
    set -- chromium
    if is_ubuntu && { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }; then set -- --with-deps chromium; fi
    logged "$py" -m playwright install "$@" && CHROMIUM=$("$py" -c "$PLAYWRIGHTS_OWN" 2>>"$log") || CHROMIUM=
}

prepare_browser() { # sets CHROMIUM for the tests, or NO_CHROMIUM to the reason why they have none
    find_missing tests
    find_browser
    if [ -z "$browser$missing" ]; then
        fetch_playwrights_browser
        find_browser
    fi
    unset CHROMIUM NO_CHROMIUM
    if [ -n "$browser" ] && [ -z "$missing" ]; then
        export CHROMIUM="$browser"
        ended "found ($browser)"
    else
        NO_CHROMIUM="no Chromium that Playwright can drive; to have one, as root: $(how_to_install chromium libatomic1)"
        export NO_CHROMIUM
        ended "none, so the tests in a browser are skipped"
    fi
}
