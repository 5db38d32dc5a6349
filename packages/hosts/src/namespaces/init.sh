#!/bin/sh
# Process 1 of a host: what a server's boot does, in a network, mount, process and name namespace of its own.
# Arguments: HOSTNAME DISK NODE AGENT SSHD SSHD_LIBRARIES WEB_SERVER (the last three may be empty).
# Output goes to descriptors 3 (agent), 4 (sshd) and 5 (web server): logs are kept and bounded outside; the error
# output is the host's console.
# It says "mounted", waits for the network (a line on stdin), says "up", and powers off at the next line or at
# the end of stdin, which is what it sees when the installation is gone.
set -eu

hostname=$1 disk=$2 node=$3 agent=$4 sshd=$5 libraries=$6 web=$7

tell() {
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $hostname init: $*" >&2
}

echo "$hostname" > /proc/sys/kernel/hostname
tell "booting $(uname -sr)"
mount -t tmpfs -o mode=755,size=16m tmpfs /run
mkdir /run/lock /run/sshd /run/moru

# relative folders: the disk's path may hold characters that overlay takes for separators
cd "$disk"
mount -t overlay -o lowerdir=/etc,upperdir=etc,workdir=etc.work overlay /etc
mount -t overlay -o lowerdir=/var/lib,upperdir=lib,workdir=lib.work overlay /var/lib
mkdir -p sbin sbin.work
mount -t overlay -o lowerdir=/usr/sbin,upperdir=sbin,workdir=sbin.work overlay /usr/sbin
cd /
tell "disk mounted at /etc and /var/lib"

# where the agent's package would put its command; by links, since the paths may hold anything
ln -s "$node" /run/moru/node
ln -s "${agent%/*}" /run/moru/agent
cat > /usr/sbin/moru-agent << 'END'
#!/bin/sh
exec /run/moru/node /run/moru/agent/cli/main.ts "$@"
END
chmod 755 /usr/sbin/moru-agent

# each boot has an id of its own, though the kernel under all of them is the same
cat /proc/sys/kernel/random/uuid > /run/moru/boot_id
mount --bind /run/moru/boot_id /proc/sys/kernel/random/boot_id

# the unit that the agent's package enables: before the network is up. Nothing is started for a host that has nothing to
# restore, which would cost each first boot a second
if [ -L /etc/systemd/system/multi-user.target.wants/moru-agent-restore.service ] &&
  { [ -e /var/lib/moru/generations ] || [ -e /var/lib/moru/trial ]; }; then
  tell "starting moru-agent-restore"
  moru-agent restore 2>&1 | while read -r line; do tell "$line"; done
fi

echo mounted
read -r network
ip -o -4 address show scope global | while read -r _ device _ address _; do tell "$device has $address"; done

# the image's own boot, as the guide shows it: SSHGUARD's chain and the jump to it, no other rule
iptables -N sshguard 2> /dev/null || :
iptables -C INPUT -j sshguard 2> /dev/null || iptables -A INPUT -j sshguard
tell "$(iptables -V): chain sshguard"

keep() {
  log=$1
  shift
  while :; do
    "$@" >&"$log" 2>&1 < /dev/null || :
    sleep 1
  done
}

tell "starting moru-agent"
keep 3 "$node" --max-old-space-size=96 --max-semi-space-size=1 "$agent" &
if [ -n "$sshd" ]; then
  tell "starting sshd"
  keep 4 env LD_LIBRARY_PATH="$libraries" "$sshd" -D -e -f /etc/ssh/sshd_config &
fi
if [ -n "$web" ]; then
  tell "starting the web server"
  keep 5 "$node" --max-old-space-size=16 --max-semi-space-size=1 "$web" "$hostname" &
fi

tell "up"
echo up
read -r poweroff || :
tell "powering off"
kill -TERM -1
sleep 0.2
