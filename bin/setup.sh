# shellcheck shell=bash
# What bin/run, bin/test and bin/check share: Debian packages, a Python that is new enough, .venv with pinned versions.
# Sourced, never run. Messages are for the operator, hence in Russian.
# shellcheck disable=SC2034  # the lists are used by the scripts that source this

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=$ROOT/.venv
PY=$VENV/bin/python

# The only list of system packages: «command, file or library that proves it=packages that bring it»; a leading ? marks what
# the site can do without: without Pango and the fonts of ParaType documents wait, without the engine of GOST signatures by
# certificate do, and the pages say so. Python itself is proved apart,
# see python_lacks_venv.
NEEDS_RUN=("?nginx=nginx-light libnginx-mod-http-brotli-filter"
    "?libpangoft2-1.0.so.0=libpango-1.0-0 libpangoft2-1.0-0" "?libharfbuzz-subset.so.0=libharfbuzz-subset0"
    "?/usr/share/fonts/truetype/paratype/PTF55F.ttf=fonts-paratype"
    "?/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf=fonts-dejavu-core"
    "?openssl=openssl" "?gost.so=libengine-gost-openssl")
NEEDS_REDIS=("redis-server=redis-server")
NEEDS_TEST=("/usr/bin/chromium=chromium" "/usr/lib/postgresql=postgresql"
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf=fonts-noto-core")

# nginx and others live in sbin, which Debian leaves out of an ordinary user's PATH.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 DEBIAN_FRONTEND=noninteractive

say() { printf '%s\n' "$*" || true; } # the terminal may be gone already
die() {
    printf 'Ошибка: %s\n' "$1" >&2
    shift
    if (($#)); then printf '%s\n' "$@" >&2; fi
    exit 1
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# Root, sudo without a password, or sudo and a person at the terminal who can type it.
may_install() {
    command -v apt-get >/dev/null || return 1
    ((EUID == 0)) && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || { [[ -t 0 && -t 2 ]] && sudo -v; }
}

# Debian starts and enables a service as soon as its package is unpacked. The site runs its own private nginx and
# Redis, so the guard below refuses the start (an existing policy-rc.d is the machine's own and stays as it is) and
# the services that came with our packages are switched off for the next boot too. Services that were there before
# are not touched: their packages are not installed again.
POLICY=/usr/sbin/policy-rc.d
remove_policy_guard() { as_root rm -f "$POLICY"; }

install_packages() {
    local packages=("$@") log status=0 service
    log=$(mktemp)
    say "Устанавливаю системные пакеты: ${packages[*]} …"
    if [[ ! -e $POLICY ]]; then
        trap remove_policy_guard EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
        as_root chmod 755 "$POLICY"
    fi
    {
        as_root apt-get -qq update &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
                install --no-install-recommends "${packages[@]}"
    } >"$log" 2>&1 </dev/null || status=$?
    if [[ -n $(trap -p EXIT) ]]; then
        remove_policy_guard
        trap - EXIT
    fi
    if ((status)); then tail -n 20 "$log" >&2; fi
    rm -f "$log"
    ((status == 0)) || return "$status"
    command -v systemctl >/dev/null || return 0
    for service in nginx redis-server postgresql; do
        if [[ " ${packages[*]} " == *" $service"* ]]; then
            as_root systemctl --quiet disable "$service" >/dev/null 2>&1 || true
            as_root systemctl --quiet stop "$service" >/dev/null 2>&1 || true
        fi
    done
}

# The newest names first would surprise: python3 is what the person means, the others only stand in for an old one.
find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

python_lacks_venv() {
    local python
    python=$(find_python) || return 0
    ! "$python" -c 'import ensurepip, venv' 2>/dev/null
}

has_library() { [[ $1 == *.so.* ]] && grep -q "[[:space:]]$1 " <<<"$(ldconfig -p 2>/dev/null)"; }

has_engine() { [[ $1 == *.so ]] && compgen -G "/usr/lib/*/engines-3/$1" >/dev/null; }

# Print the packages that are missing for the given needs, one per line.
missing_packages() {
    local need proof
    if [[ ! -x $PY ]] && python_lacks_venv; then printf '%s\n' python3 python3-venv; fi
    for need in "$@"; do
        proof=${need%%=*}
        proof=${proof#\?}
        if ! { [[ $proof == /* && -e $proof ]] || command -v "$proof" >/dev/null || has_library "$proof" ||
            has_engine "$proof"; }; then
            tr ' ' '\n' <<<"${need#*=}"
        fi
    done
}

how_to_install() {
    if command -v apt-get >/dev/null; then
        printf '    apt-get update && apt-get install -y --no-install-recommends %s' "$*"
    else
        printf '    (не Debian) поставьте средствами своей системы то же, что в Debian дают пакеты: %s' "$*"
    fi
}

# Install what is missing for the needs, or stop with the command to type. Only optional things missing: go on.
require_packages() {
    local missing vital need
    if [[ ! -x $PY ]] && command -v python3 >/dev/null && ! find_python >/dev/null; then
        die "нужен Python 3.11 или новее, найден $(python3 --version 2>&1)." \
            "Он есть в Debian 12 и новее; на старой системе поставьте его рядом под именем python3.11 и повторите."
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    mapfile -t vital < <(for need in "$@"; do [[ $need == \?* ]] || printf '%s\n' "$need"; done)
    mapfile -t vital < <(missing_packages "${vital[@]}")
    if may_install; then
        install_packages "${missing[@]}" || ((${#vital[@]} == 0)) ||
            die "системные пакеты не установились (причина выше)." "Поставить их вручную:" \
                "$(how_to_install "${missing[@]}")"
    elif ((${#vital[@]})); then
        die "не хватает системных пакетов, а установить их отсюда нельзя: нет прав root и sudo." \
            "Выполните от имени администратора и запустите команду ещё раз:" "$(how_to_install "${missing[@]}")"
    fi
}

# Names and ranges stand in setup.cfg, exact versions in constraints.txt; the project itself is run from the checkout
# and never installed, so only its requirements are handed to pip.
print_requirements() {
    "$PY" - "$ROOT/setup.cfg" "$@" <<'PYTHON'
import configparser
import sys

config = configparser.ConfigParser()
config.read(sys.argv[1], encoding="utf-8")
for name in sys.argv[2:]:
    wanted = config["options"]["install_requires"] if name == "run" else config["options.extras_require"][name]
    print("\n".join(line for line in wanted.splitlines() if line.strip()))
PYTHON
}

# require_venv SET…  (run, test, check): a set whose stamp holds the present hash is not looked at again, which is what
# makes a second start quick.
require_venv() {
    local python hash set wanted=()
    mkdir -p "$VENV"
    exec 8>"$VENV/.lock"
    flock 8
    if ! "$PY" -c 'import sys, importlib.util as i; sys.exit(sys.version_info < (3, 11) or not i.find_spec("pip"))' \
        2>/dev/null; then
        python=$(find_python)
        say "Создаю .venv …"
        rm -f "$VENV"/.stamp-*
        "$python" -m venv --clear "$VENV" || die "не удалось создать $VENV (причина выше)."
    fi
    hash=$({ cat "$ROOT/constraints.txt" "$ROOT/setup.cfg" && "$PY" -V; } | sha256sum)
    for set in "$@"; do
        [[ -r $VENV/.stamp-$set && $(<"$VENV/.stamp-$set") == "$hash" ]] || wanted+=("$set")
    done
    if ((${#wanted[@]})); then
        say "Устанавливаю библиотеки Python (${wanted[*]}) в .venv …"
        print_requirements "${wanted[@]}" >"$VENV/.wanted"
        "$PY" -m pip install --quiet --prefer-binary --constraint "$ROOT/constraints.txt" \
            --requirement "$VENV/.wanted" 8>&- ||
            die "библиотеки Python не установились (причина выше). Проверьте связь с интернетом и повторите."
        for set in "${wanted[@]}"; do printf '%s' "$hash" >"$VENV/.stamp-$set"; done
    fi
    exec 8>&-
}
