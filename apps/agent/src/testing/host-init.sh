#!/bin/sh
# Process 1 of a test host: private /run, /etc and /usr/sbin, the asked-for iptables, no rules.
# Argument: legacy or nft. Says "ready" and ends with its stdin; everything in the namespaces goes with it.
set -eu
mount -t tmpfs tmpfs /run
mkdir /run/disk
# small, so that a test can fill it
mount -t tmpfs -o size=2m tmpfs /run/disk
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
