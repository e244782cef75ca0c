#!/bin/sh
# Runs window-host on the Node that came with it, wherever this folder lies and whatever Node the system has.
here=$(dirname "$(readlink -f "$0")")
exec "$here/../runtime/node" "$here/../app/host-app/src/core/main.js" "$@"
