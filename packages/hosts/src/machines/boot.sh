#!/bin/sh
# The hardware of a machine: process 1 of a process, mount and network namespace that ends with the installation.
# Arguments: GROUP IMAGE DISK NSPAWN LIBRARIES ARGUMENT …, where the last are systemd-nspawn's.
# It says "mounted", waits until the interfaces are plugged into its network namespace (a line on stdin) and becomes
# systemd-nspawn, which hands them to the machine. The machine's console goes to descriptor 3.
set -eu
umask 022

group=$1 image=$2 disk=$3 nspawn=$4 libraries=$5
shift 5

own=$(sed -n 's/^0:://p' /proc/self/cgroup)
# read-only: or systemd-nspawn would wait for a udev that says that the interfaces are there
mount -t sysfs -o ro sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# its locks and sockets are not this computer's affair
mount -t tmpfs -o mode=755 tmpfs /run

cd "/sys/fs/cgroup$own"
# what the boot before left; after a forced end its last processes may need a moment
tries=0
while [ -d "$group" ] && ! find "$group" -depth -type d -exec rmdir {} + 2> /dev/null && [ $tries -lt 100 ]; do
  tries=$((tries + 1))
  sleep 0.05
done
mkdir "$group"
echo 0 > "$group/cgroup.procs"

# relative folders: the paths may hold characters that overlay takes for separators
mount --bind "$image" "$disk/image"
cd "$disk"
mount -t overlay -o lowerdir=image,upperdir=upper,workdir=work overlay root
cd /

echo mounted
read -r plugged

[ -z "$libraries" ] || export LD_LIBRARY_PATH="$libraries"
exec "$nspawn" --directory="$disk/root" "$@" < /dev/null >&3 2>&3
