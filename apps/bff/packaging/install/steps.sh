# What is done to a machine beside putting the files there.

settings=/etc/moru-console

systemd_runs() {
  [ -d /run/systemd/system ]
}

is_set_up() {
  grep -q '^MORU_PUBLIC_URL=.' "$settings/console.env"
}

# What must differ between installations, and stay as it is: made once. Replicas share it by copies of these files.
make_identity() {
  umask 077
  if [ ! -e "$settings/secret.key" ]; then
    od -An -tx1 -N32 /dev/urandom | tr -d ' \n' > "$settings/secret.key.new"
    mv "$settings/secret.key.new" "$settings/secret.key"
  fi
  if [ ! -e "$settings/identity.env" ]; then
    echo "MORU_INSTALLATION_ID=$(od -An -tx1 -N4 /dev/urandom | tr -d ' \n')" > "$settings/identity.env.new"
    mv "$settings/identity.env.new" "$settings/identity.env"
  fi
  # DATABASE_URL may hold a password
  chown root:moru-console "$settings/secret.key" "$settings/identity.env" "$settings/console.env"
  chmod 0640 "$settings/secret.key" "$settings/identity.env" "$settings/console.env"
}

# The files are there: $1 is `first`, or `again` for an upgrade, which leaves what the administrator switched off.
set_up() {
  systemd-sysusers /usr/lib/sysusers.d/moru-console.conf > /dev/null
  make_identity
  [ "$1" != first ] || systemctl enable --quiet moru-console.service
  systemd_runs || return 0
  systemctl daemon-reload
  if [ "$1" = again ]; then
    systemctl try-restart moru-console.service
  elif is_set_up; then
    systemctl start moru-console.service
  else
    echo "moru-console: installed. Set it up in $settings/console.env, then: systemctl start moru-console"
  fi
}

stop_console() {
  ! systemd_runs || systemctl stop moru-console.service
  systemctl disable --quiet moru-console.service
}

forget_units() {
  systemd_runs || return 0
  systemctl daemon-reload
  systemctl reset-failed moru-console.service 2> /dev/null || :
}

purge() {
  rm -rf /var/lib/moru-console "$settings"
  ! getent passwd moru-console > /dev/null || userdel moru-console 2> /dev/null || :
}
