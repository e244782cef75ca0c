#!/bin/sh
# The command of the installed service. Without a data folder named it means the service's own, and there root becomes the service's
# user, so that what it writes can be read by the service.
set -e
program=/opt/window-host/bin/window-host
[ ! -r /etc/default/window-host ] || { set -a; . /etc/default/window-host; set +a; }
case " $* " in
  *" --data "* | *" --data="*) exec "$program" "$@" ;;
esac
[ -z "$WINDOW_RATING_DATA" ] || exec "$program" "$@"
WINDOW_RATING_DATA=/var/lib/window-rating/window
export WINDOW_RATING_DATA
[ "$(id -u)" -ne 0 ] || exec runuser -u window-rating -- "$program" "$@"
exec "$program" "$@"
