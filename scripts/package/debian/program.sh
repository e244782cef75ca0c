#!/bin/sh
# Runs window-host on the Node that came with it, wherever this folder lies and whatever Node the system has.
here=$(dirname "$(readlink -f "$0")")
# One pool for all threads: 2 to 3 MB less, and threads here hardly ask for memory.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
exec "$here/../runtime/node" "$here/../app/host-app/src/core/main.js" "$@"
