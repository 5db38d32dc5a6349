#!/bin/sh
# Keeps the control group that the machines of one installation live in, and takes it away again: at the end of
# stdin, which is what it sees when its owner is gone, SIGKILL included. Nothing but this process can do that,
# since a control group has no owner in the kernel. It therefore outlives its owner by a moment.
# Argument: GROUP, named moru-PID-NUMBER after its owner. Says "ready".
set -eu

group=$1
# hands off what the terminal sends to everybody
trap '' INT TERM HUP
own=$(sed -n 's/^0:://p' /proc/self/cgroup)
mount -t tmpfs tmpfs /run
mkdir /run/cgroup
mount -t cgroup2 cgroup2 /run/cgroup
cd "/run/cgroup$own"

remove() {
  [ ! -e "$1/cgroup.kill" ] || echo 1 > "$1/cgroup.kill" || :
  tries=0
  while [ -d "$1" ] && [ $tries -lt 200 ]; do
    find "$1" -depth -type d -exec rmdir {} + 2> /dev/null && return
    tries=$((tries + 1))
    sleep 0.05
  done
}

# of owners whose keeper was killed as well
for left in moru-*; do
  owner=${left#moru-}
  [ ! -d "$left" ] || [ -e "/proc/${owner%-*}" ] || remove "$left"
done

mkdir "$group"
echo ready
cat > /dev/null
remove "$group"
