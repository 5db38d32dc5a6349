#!/bin/sh
# Process 1 of a test host: private /run, /etc and /usr/sbin, the asked-for iptables, no rules.
# Arguments: legacy or nft; where its disk is (a folder, an image of ext4, or empty for none that lasts).
# Says "ready" and ends with its stdin; everything in the namespaces goes with it.
set -eu
mount -t tmpfs tmpfs /run
mkdir /run/disk
if [ -f "$2" ]; then
  # nothing is written by itself, and no rename waits for the data: what was not synchronised is lost with the power
  mount -t ext4 -o loop,noauto_da_alloc,commit=300 "$2" /run/disk
elif [ -n "$2" ]; then
  mount --bind "$2" /run/disk
else
  # small, so that a test can fill it
  mount -t tmpfs -o size=2m tmpfs /run/disk
fi
for folder in /etc /usr/sbin; do
  mkdir -p "/run/disk$folder" "/run/disk/work$folder"
  mount -t overlay -o "lowerdir=$folder,upperdir=/run/disk$folder,workdir=/run/disk/work$folder" overlay "$folder"
done
for tool in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -sf "/usr/sbin/$(echo "$tool" | sed "s/tables/tables-$1/")" "/etc/alternatives/$tool"
done
ip link set lo up
echo ready
exec cat > /dev/null
