#!/bin/sh
# Makes the Debian tree that every machine starts from, in a mount and process namespace of its own: whatever
# becomes of it, no mount and no process of the installation is left outside.
# Arguments: TARGET DEBOOTSTRAP SUITE MIRROR COMPONENTS PACKAGES [OPTION OF DEBOOTSTRAP …]
set -eu
umask 022

target=$1 debootstrap=$2 suite=$3 mirror=$4 components=$5 packages=$6
shift 6

rm -rf "$target.new"
# nothing is lost when a crash spoils a tree that is not done: no file waits for the disk
mkdir -p "$target.new/etc/dpkg/dpkg.cfg.d"
echo force-unsafe-io > "$target.new/etc/dpkg/dpkg.cfg.d/image"
"$debootstrap" --variant=minbase --components="$components" --include="$packages" "$@" \
  "$suite" "$target.new" "$mirror"
cd "$target.new"

# the switch in /etc/alternatives is each host's own; both back ends are there
for program in iptables-legacy iptables-nft ip6tables-legacy netplan sshd sshguard; do
  [ -x "usr/sbin/$program" ] || { echo "the image has no $program" >&2; exit 1; }
done

# what must differ between machines is made at their first start
: > etc/machine-id
rm -f var/lib/dbus/machine-id etc/ssh/ssh_host_* etc/hostname etc/resolv.conf

# timers that reach for a mirror or for disks: their failure some morning would be nobody's fault; a console
# that nobody can type at
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
  console-getty.service; do
  ln -sf /dev/null "etc/systemd/system/$unit"
done

# the mirror's name is this computer's affair, and downloads are not needed again
: > etc/apt/sources.list
rm -rf etc/dpkg/dpkg.cfg.d/image debootstrap var/cache/apt/archives/*.deb var/lib/apt/lists/* var/log/bootstrap.log var/log/dpkg.log \
  var/log/apt usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/*

cd /
mv "$target.new" "$target"
