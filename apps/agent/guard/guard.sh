#!/bin/sh
# Puts the old rules and routes of a host back when nobody confirms the new ones in time (design/safe-change.md, steps 3 and 7).
#
# Arguments: the agent's state folder, and `now` for whoever does not want to wait for the deadline. Watches the one
# trial that is pending there and ends with it. It is no child of the agent and needs nothing of it: started by
# setsid(1) or by systemd, it outlives the agent, its session and its pipes. POSIX sh, no wall clock; names of folders
# as in src/trial/arbiter.ts, the plan as in src/trial/guard-plan.ts.
#
# The functions are read before anything runs, so that replacing this file meanwhile does no harm. There is no
# `set -e`: whatever fails on the way (a full disk, for one), the rules are what counts.

trap '' HUP INT QUIT TERM PIPE
umask 077
PATH=/usr/sbin:/sbin:/usr/bin:/bin
export PATH

# Hundredths of a second since boot, in $now.
clock() {
  read -r up idle < /proc/uptime
  now=${up%.*}${up#*.}
}

# Whether this is another boot than the trial's. Where that cannot be told it is the same: the old rules are the
# safer ones.
other_boot() {
  boot=
  read -r boot 2> /dev/null < "$bootidfile"
  [ -n "$boot" ] && [ "$boot" != "$bootid" ]
}

# The start time of process $1, in $began; false when it is gone or only waits to be reaped.
start_of() {
  began=
  read -r stat 2> /dev/null < "/proc/$1/stat" || return 1
  # the name in brackets may hold blanks
  stat=${stat##*) }
  case $stat in [ZX]*) return 1 ;; esac
  # shellcheck disable=SC2086
  set -- $stat
  began=${20}
}

# Whether the process that file $1 names (PID START, a line each) still runs.
runs() {
  while read -r pid start; do
    start_of "$pid" && [ "$began" = "$start" ] && return 0
  done 2> /dev/null < "$1"
  return 1
}

# Ends what was started to change the rules: nothing may be committed once the old rules are back.
stop_appliers() {
  tries=0
  while runs "$1/applier" && [ "$tries" -lt 200 ]; do
    kill -KILL "$pid" 2> /dev/null
    sleep 0.02
    tries=$((tries + 1))
  done
}

# Reads the plan of the trial in folder $1.
read_plan() {
  id='' bootid='' bootidfile='' ipv4='' ipv6='' save4='' save6='' steps=''
  while IFS='=' read -r key value; do
    case $key in
      id) id=$value ;;
      bootid) bootid=$value ;;
      bootidfile) bootidfile=$value ;;
      command.ipv4) ipv4=$value ;;
      command.ipv6) ipv6=$value ;;
      save.ipv4) save4=$value ;;
      save.ipv6) save6=$value ;;
      step) steps="$steps $value" ;;
    esac
  done 2> /dev/null < "$1/plan"
  [ -n "$id" ]
}

# The folder of the pending trial ($id, or any while that is empty), in $pending; empty when there is none.
find_pending() {
  pending=
  for each in pending/${id:-*}.*.*; do
    [ -d "$each" ] && pending=$each
  done
}

# The folder of the trial while its rules are put back, in $work; empty when they are not.
find_reverting() {
  work=
  for each in reverting-${id:-*}.*; do
    [ -d "$each" ] && work=$each
  done
}

# Runs one restore: command of family $1 with file $2. Its words are in $words, its exit code is returned.
restore() {
  if [ "$1" = ipv4 ]; then program=$ipv4; else program=$ipv6; fi
  # a full disk has no room for the words, so they go into a variable
  # shellcheck disable=SC2086
  words=$(timeout -s KILL 30 $program 2>&1 < "$2")
}

# Dumps what runs, so that what others have put into our chains can be told once it is gone (src/trial/undone.ts). It
# takes no lock and may not keep the old rules waiting: two seconds, and without the account they are put back all the
# same. Who comes after a guard that was killed finds its dump, for by then part of the rules may be back.
note_found() {
  for family in ipv4 ipv6; do
    save=$save4
    [ "$family" = ipv4 ] || save=$save6
    [ -n "$save" ] && [ ! -e "$work/found.$family" ] || continue
    # not by way of the disk, which may take half of it and say nothing
    dump=$(timeout -s KILL 2 "$save" 2> /dev/null) || continue
    { printf '%s\n' "$dump" > "$work/found.new" && mv -T "$work/found.new" "$work/found.$family"; } 2> /dev/null
  done
  dump=
}

# Puts back routes, which waits for nothing, and the tables in $left, each until it worked: a lock that is held, or a
# set that is missing, is no reason to give up. After a try that failed the chains of other programs that the old rules
# lead to are made, where they are not there any more.
restore_all() {
  left=$steps
  routes=
  for family in ipv6 ipv4; do
    [ ! -s "$work/revert.routes.$family" ] || routes="$routes $family"
  done
  round=0
  while [ -n "$left$routes" ] && [ -d "$work" ]; do
    round=$((round + 1))
    restore_routes
    [ "$round" -gt 1 ] || note_found
    again=
    for step in $left; do
      restore "${step%%.*}" "$work/revert.$step"
      code=$?
      if [ "$code" -eq 0 ]; then
        outcome="${outcome}step=${step%%.*} ${step#*.} 0 $round
"
        continue
      fi
      again="$again $step"
      said=$words
      printf '%s: %s\n' "$step" "$said" 2> /dev/null > "$work/trouble"
      for file in "$work/chains.$step".*; do
        [ -f "$file" ] && restore "${step%%.*}" "$file"
      done
    done
    left=$again
    [ -z "$left$routes" ] || if [ "$round" -lt 20 ]; then sleep 0.1; else sleep 1; fi
  done
  for step in $steps; do
    for file in "$work/tidy.$step".*; do
      [ -f "$file" ] && restore "${step%%.*}" "$file"
    done
  done
}

# One try at the routes of the families in $routes; those that are not back stay in it. The exit code of ip(8) says
# nothing, since a line whose work is done fails as well. After 30 tries they are left, and the record says so: routes
# that went with an interface do not come back by repetition.
restore_routes() {
  again=
  for family in $routes; do
    words=$(timeout -s KILL 30 ip "-${family#ipv}" -force -batch "$work/revert.routes.$family" 2>&1)
    if routes_back "$family"; then
      outcome="${outcome}step=$family routes 0 $round
"
      continue
    fi
    said=$words
    printf '%s routes: %s\n' "$family" "$said" 2> /dev/null > "$work/trouble"
    if [ "$round" -lt 30 ]; then
      again="$again $family"
    else
      outcome="${outcome}step=$family routes 1 $round
"
    fi
  done
  routes=$again
}

# The lines of file $1 in $lines, each with a line feed before and behind.
read_lines() {
  lines='
'
  while read -r line; do
    lines="$lines$line
"
  done < "$1"
}

# Whether the kernel lists the routes of family $1 that the change touched as it did before (src/routing/kernel-lines.ts).
# Of equal IPv4 routes the first wins, so their order counts; IPv6 lists a route once for each table that has it.
routes_back() {
  read_lines "$work/want.routes.$1"
  want=$lines
  read_lines "$work/gone.routes.$1"
  gone=$lines
  seen='
'
  list=/proc/net/route
  [ "$1" = ipv4 ] || list=/proc/net/ipv6_route
  while read -r c1 c2 c3 c4 c5 c6 c7 c8 _ c10; do
    if [ "$1" = ipv4 ]; then line="$c1 $c2 $c3 $c7 $c8"; else line="$c1 $c2 $c5 $c6 $c10"; fi
    case "$want$gone" in *"
$line
"*)
      seen="$seen$line
"
      ;;
    esac
  done < "$list"
  if [ "$1" = ipv4 ]; then
    [ "$seen" = "$want" ]
    return
  fi
  ifs=$IFS
  IFS='
'
  result=0
  for line in $want; do
    case $seen in *"
$line
"*) ;; *) result=1 ;; esac
  done
  for line in $gone; do
    case "$want" in *"
$line
"*) continue ;; esac
    case $seen in *"
$line
"*) result=1 ;; esac
  done
  IFS=$ifs
  return "$result"
}

# Puts back what the trial in $work changed, and closes it.
revert() {
  start_of $$ && echo "$$ $began" 2> /dev/null > "$work/worker.new" && mv -T "$work/worker.new" "$work/worker"
  stop_appliers "$work"
  # no file, no change: it is made before the first process that could make one is told to
  if [ -e "$work/committing" ]; then
    restore_all
  fi
  settle
  finish
}

# Where the disk took no record when the trial was claimed: waits until it does, or until the trial is gone.
settle() {
  while [ "$work" = "$pending" ] && [ -d "$pending" ]; do
    sleep 2
    mv -T "$pending" "reverting-$id.$reason" 2> /dev/null && work=reverting-$id.$reason
  done
}

# Whether the host has as many connections as it can keep ($most): then nothing new gets in, whatever the rules are.
connections_full() {
  # not by `read`, which asks for a byte at a time: these files give the first one only
  kept=$(head -n 1 /proc/sys/net/netfilter/nf_conntrack_count)
  most=$(head -n 1 /proc/sys/net/netfilter/nf_conntrack_max)
  [ -n "$kept" ] && [ -n "$most" ] && [ "$most" -gt 0 ] && [ "$kept" -ge "$most" ]
} 2> /dev/null

finish() {
  {
    echo by=guard
    echo "at=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
    ! connections_full || echo "connections-full=$most"
    printf '%s' "$outcome"
    [ -z "$said" ] || printf '%s\n' "$said" | head -c 4096 | sed 's/^/words=/'
  } 2> /dev/null > "$work/outcome.new"
  sync "$work/outcome.new" 2> /dev/null
  mv -T "$work/outcome.new" "$work/outcome" 2> /dev/null
  mv -T "$work" "reverted-${work#reverting-}" 2> /dev/null
  sync . 2> /dev/null
  return 0
}

# Decides the end of the trial in $pending for reason $1; the folder is then $work. False when another one decided it,
# or it was extended.
claim() {
  reason=$1
  work=reverting-$id.$reason
  outcome='' said=''
  mv -T "$pending" "$work" 2> /dev/null && return 0
  # still there: the disk takes no rename, of anybody's. The rules are put back all the same, and the record stays
  [ -d "$pending" ] || return 1
  stuck=$((stuck + 1))
  sleep 0.2
  [ "$stuck" -ge 20 ] || return 1
  work=$pending
}

main() {
  cd "$1/trial" || exit 1
  now_asked=${2:-}
  id=
  find_pending
  # one that a guard before this was at when it was killed
  [ -n "$pending" ] || find_reverting
  [ -n "$pending$work" ] || exit 0
  # whoever starts another guard in the place of this one does not do so without a pause
  read_plan "${pending:-$work}" || { sleep 1; exit 1; }
  # without a clock there is no deadline, and no proof of life that would promise one
  now=
  clock 2> /dev/null
  [ -n "$now" ] || exit 1

  # one write of one line: the half of it would name no process, so it needs no other file that is given its name
  [ -z "$pending" ] || { start_of $$ && echo "$$ $began" > "$pending/alive"; }
  # the last to be killed when memory runs out; not for everybody to set
  echo -1000 2> /dev/null > /proc/self/oom_score_adj

  deadline=$now stuck=0
  while :; do
    find_pending
    clock
    if [ -n "$pending" ]; then
      deadline=${pending##*.}
      if other_boot; then
        # a new boot has loaded what is to run; the deadline means nothing in it
        claim reboot && finish && exit 0
      elif [ "$now_asked" = now ]; then
        claim asked && revert && exit 0
      elif [ "$now" -ge "$deadline" ]; then
        claim expired && revert && exit 0
      elif [ "$now" -lt $((deadline - 200)) ]; then
        sleep 1
      else
        sleep 0.1
      fi
      continue
    fi
    find_reverting
    if [ -z "$work" ]; then
      # confirmed, or put back; between two names a folder is not listed
      sleep 0.1
      find_pending
      find_reverting
      [ -n "$pending$work" ] || exit 0
    elif runs "$work/worker" && [ "$now" -lt $((deadline + 1000)) ]; then
      sleep 0.2
    else
      outcome='' said=''
      if other_boot; then finish; else revert; fi
      exit 0
    fi
  done
}

main "$@"
exit
