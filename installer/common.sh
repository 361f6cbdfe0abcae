# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# What installer/setup, installer/run and tests/run share. To be sourced; $here is the folder of this file.

say() { echo "torchdesk: $*" >&2; }
fail() { echo "torchdesk: $*" >&2; exit 1; }

# The value of KEY in installer/versions.
version_of() { sed -n "s/^$1=//p" "$here/versions"; }
# The lines "name==version sha256" of a set of wheels.
wheel_lines() { sed -n "s/^WHEEL_$1_[0-9]*=//p" "$here/versions"; }

has_driver() { [ -e /proc/driver/nvidia/version ] || ldconfig -p 2>/dev/null | grep -q 'libcuda\.so\.1'; }

LIBTORCH_VERSION=$(version_of LIBTORCH_VERSION)
LIBTORCH_WHEEL_PYTHON=$(version_of LIBTORCH_WHEEL_PYTHON)
cache_home=${XDG_CACHE_HOME:-$HOME/.cache}/torchdesk
libtorch_home=$cache_home/libtorch-$LIBTORCH_VERSION

# python_environment FOLDER KEY: a Python in the cache folder with the packages that `versions` has under a key.
python_environment() {
    local home=$cache_home/$1 wanted
    wanted=$(version_of "$2")
    [ "$(cat "$home/complete" 2>/dev/null)" = "$wanted" ] && return 0
    say "setting up Python: $wanted"
    python3 -m venv "$home" || fail "python3 -m venv did not work. Is the package python3-venv installed?"
    "$home/bin/pip" install --quiet --disable-pip-version-check $wanted ||
        fail "the Python packages could not be installed: check the network. Without them, leave out what needs $1."
    echo "$wanted" >"$home/complete"
}

# build PRESET [TARGET …]: configures and builds; says where the log is when it fails.
build() {
    local preset=$1 log targets=()
    shift
    [ $# = 0 ] || targets=(--target "$@")
    log=$here/../build/$preset.log
    mkdir -p "$here/../build"
    say "building ($preset)"
    (cd "$here/.." && cmake --preset "$preset" && cmake --build --preset "$preset" "${targets[@]}") >"$log" 2>&1 || {
        grep -E 'error|Error|FAILED' -A3 "$log" | head -40 >&2
        fail "the build failed; all of it is in ${log#"$here/../"}. If a header or library is missing, run installer/setup."
    }
}
