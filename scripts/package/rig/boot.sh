#!/bin/sh
# Boots this machine's own Debian once more, in namespaces: its disk is under an overlay in memory, so that whatever is installed and
# written there is gone with it. Needs root. boot.sh <name of its control group> <folder that both see as /shared>
set -e
group=$1 shared=$2
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then groups=/sys/fs/cgroup; else groups=$(ls -d /sys/fs/cgroup/*/); fi
for controller in $groups; do
  mkdir -p "$controller/$group" 2>/dev/null || continue
  # A controller that takes no process yet (cpuset without its settings) is left out.
  echo $$ >"$controller/$group/cgroup.procs" 2>/dev/null || rmdir "$controller/$group"
done
# Whoever started it goes: so does it.
exec setpriv --pdeathsig KILL unshare --cgroup --mount --uts --ipc --pid --fork --kill-child --propagation private sh "$(dirname "$0")/machine.sh" "$group" "$shared"
