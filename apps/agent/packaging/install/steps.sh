# What is done to a host beside putting the files there: part of the package's maintainer scripts and of install.sh.

# started at boot; the watcher and the guard are started by others
moru_units='moru-agent.service moru-agent-restore.service moru-guard.path moru-files.socket'

systemd_runs() {
  [ -d /run/systemd/system ]
}

# The files are there: $1 is `first`, or `again` for an upgrade, which leaves what the administrator switched off.
moru_set_up() {
  systemd-sysusers /usr/lib/sysusers.d/moru-agent.conf > /dev/null
  mkdir -p /var/lib/moru /var/lib/moru-kept
  chown -h moru-agent:moru-agent /var/lib/moru
  chmod 0700 /var/lib/moru
  # shellcheck disable=SC2086
  [ "$1" != first ] || systemctl enable --quiet $moru_units
  systemd_runs || return 0
  systemctl daemon-reload
  if [ "$1" = first ]; then
    systemctl start moru-files.socket moru-guard.path
    systemctl start moru-agent.service
  else
    moru_say_pending
    # the guard is not among them: it goes on with what it watches
    systemctl try-restart moru-files.socket moru-guard.path
    # with another version the watcher begins anew
    systemctl stop moru-agent-watch.service
    if systemctl is-enabled --quiet moru-agent.service; then
      systemctl restart moru-agent.service
    else
      systemctl try-restart moru-agent.service
    fi
  fi
  moru_say_next
}

moru_say_pending() {
  for folder in /var/lib/moru/trial/pending/*.*.*; do
    [ -d "$folder" ] || continue
    echo 'moru-agent: a change of rules waits to be confirmed. Since the agent starts anew nobody can confirm it any more:'
    echo 'moru-agent: the guard puts the old rules back at its deadline.'
  done
}

moru_say_next() {
  if ! /usr/lib/moru-agent/start --version > /dev/null; then
    echo 'moru-agent: nothing runs until there is a Node 18 or later.' >&2
  elif [ ! -e /var/lib/moru/tls/agent.pem ]; then
    echo 'moru-agent: installed. To connect this host to a console: moru-agent enrol --help'
  fi
}

# The files are about to go. No change may be left without anybody who could take it back.
moru_stop() {
  ! systemd_runs || systemctl stop moru-agent.service
  if ! /usr/sbin/moru-agent rollback > /dev/null; then
    ! systemd_runs || systemctl start moru-agent.service
    echo 'moru-agent: a change of rules waits to be confirmed and could not be taken back. Nothing was removed.' >&2
    return 1
  fi
  # shellcheck disable=SC2086
  systemctl disable --quiet $moru_units
  # shellcheck disable=SC2086
  ! systemd_runs || systemctl stop $moru_units moru-agent-watch.service moru-guard.service
  echo 'moru-agent: the rules that run stay as they are. Nothing loads the saved ones at boot any more.'
}

# The files are gone.
moru_forget_units() {
  systemd_runs || return 0
  systemctl daemon-reload
  # a unit that was killed, or told of an alarm, would be remembered
  systemctl reset-failed 'moru-*' 2> /dev/null || :
}

# Everything that was written since the installation, but for the rules and routes of the host itself.
moru_purge() {
  rm -rf /var/lib/moru /var/lib/moru-kept /etc/moru
  ! getent passwd moru-agent > /dev/null || userdel moru-agent 2> /dev/null || :
}
