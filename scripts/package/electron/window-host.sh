#!/bin/sh
# Runs window-host on the Node that came with it. Without a data folder named it means the one that the app means (owner.ts).
here=$(dirname "$(readlink -f "$0")")
if [ -z "$WINDOW_RATING_DATA" ]; then
  WINDOW_RATING_DATA=/var/lib/window-rating/window
  [ -e "$WINDOW_RATING_DATA" ] || case "$XDG_DATA_HOME" in
    /*) WINDOW_RATING_DATA=$XDG_DATA_HOME/window-rating/window ;;
    *) WINDOW_RATING_DATA=$HOME/.local/share/window-rating/window ;;
  esac
  export WINDOW_RATING_DATA
fi
exec "$here/resources/window-host/bin/window-host" "$@"
