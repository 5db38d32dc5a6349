#!/bin/sh
# Installs Moru's host agent where the package manager is not to be used: the same files as those of the .deb.
#
#     sh install.sh --sha256 SUM moru-agent-VERSION.tar.gz     installs, or upgrades
#     sh install.sh --remove | --purge                         takes it away; purge also what it has written
#
# SUM is that of the archive, from where you trust it: the console shows it, SHA256SUMS beside the archive has it.
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
list=/usr/lib/moru-agent/files.list

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

usage() {
  echo 'Usage: sh install.sh --sha256 SUM ARCHIVE | --remove | --purge' >&2
  exit 2
}

#STEPS#

install() {
  sum=$1 archive=$2
  [ -f "$archive" ] || fail "$archive is not there"
  echo "$sum" | grep -Eqx '[0-9a-f]{64}' || fail 'the sum is to be 64 hexadecimal digits'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # what is checked is what is unpacked, whatever becomes of the file meanwhile
  cp -- "$archive" "$work/archive"
  echo "$sum  $work/archive" | sha256sum --check --status || fail "$archive is not what SUM stands for. Nothing was installed."
  mkdir "$work/tree"
  tar -xzf "$work/archive" -C "$work/tree" --no-same-owner --no-same-permissions
  (cd "$work/tree" && find . ! -type d | sort) > "$work/list"
  [ -z "$(cd "$work/tree" && find . ! -type d ! -type f)" ] || fail 'the archive holds more than files'
  ! grep -Evq '^\./(usr/(lib|sbin|share/doc)/|etc/moru/)' "$work/list" || fail 'the archive holds files that are not the agent'\''s'
  when=again
  [ -e "$list" ] || when=first
  while IFS= read -r file; do
    put "$work/tree" "${file#./}"
  done < "$work/list"
  # what an earlier version had and this one has not
  [ "$when" = first ] || comm -23 "$list" "$work/list" | while IFS= read -r file; do
    case $file in ./etc/*) ;; *) rm -f "/${file#./}" ;; esac
  done
  cp "$work/list" "$list"
  moru_set_up "$when"
}

# Puts file $2 of tree $1 in its place, whole or not at all; settings that are there stay.
put() {
  target=/$2
  mkdir -p "${target%/*}"
  case $2 in
    etc/*) [ ! -e "$target" ] || cmp -s "$1/$2" "$target" || target=$target.new ;;
  esac
  cp -p -- "$1/$2" "$target.moru-new"
  chown 0:0 "$target.moru-new"
  mv -T "$target.moru-new" "$target"
}

remove() {
  [ -e "$list" ] || fail 'it is not installed by this script'
  moru_stop
  # the list is among what goes
  cp "$list" /run/moru-files.list
  while IFS= read -r file; do
    case $file in ./etc/*) ;; *) rm -f "/${file#./}" ;; esac
  done < /run/moru-files.list
  rm -f "$list" /run/moru-files.list
  rmdir /usr/lib/moru-agent /usr/share/doc/moru-agent 2> /dev/null || :
  moru_forget_units
}

[ "$(id -u)" -eq 0 ] || fail 'it has to be run as root'
if [ "${1:-}" != --purge ] && dpkg-query -W -f '${db:Status-Status}\n' moru-agent 2> /dev/null | grep -qx installed; then
  fail 'the .deb is installed: use apt or dpkg'
fi
case ${1:-} in
  --sha256)
    [ $# -eq 3 ] || usage
    command -v systemctl > /dev/null || fail 'this host has no systemd'
    install "$2" "$3"
    ;;
  --remove) [ $# -eq 1 ] || usage; remove ;;
  --purge) [ $# -eq 1 ] || usage; [ ! -e "$list" ] || remove; moru_purge ;;
  *) usage ;;
esac
