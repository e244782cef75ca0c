#!/bin/sh
# Inside the namespaces that boot.sh makes: mounts the disk, then becomes systemd.
set -e
group=$1 shared=$2
base=$shared/machine
mkdir "$base"
mount -t tmpfs tmpfs "$base"
mkdir "$base/upper" "$base/work" "$base/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root"
root=$base/root
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,gid=5,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for folder in dev/shm run tmp; do mount -t tmpfs tmpfs "$root/$folder"; done
mkdir "$root/run/lock" "$root/shared"
mount --bind "$shared" "$root/shared"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
  for controller in /sys/fs/cgroup/*/; do
    name=$(basename "$controller")
    [ -d "$controller/$group" ] || continue
    mkdir "$root/sys/fs/cgroup/$name"
    case $name in
      unified) mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/$name" ;;
      systemd) mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/$name" ;;
      *) mount -t cgroup -o "$name" cgroup "$root/sys/fs/cgroup/$name" ;;
    esac
  done
fi
hostname window-12
# Images of machines are often told to start no service that is installed.
rm -f "$root/usr/sbin/policy-rc.d"
# Nothing of what this machine starts, only what makes a system and what the tests install.
printf '[Unit]\nRequires=basic.target\nWants=systemd-journald.service\nAllowIsolate=yes\n' >"$root/etc/systemd/system/trial.target"
exec chroot "$root" env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=trial.target --log-target=null --show-status=no
