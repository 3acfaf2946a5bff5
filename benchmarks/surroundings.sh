#!/bin/bash
# Tries cxr in many surroundings: little memory, few descriptors and threads, other users, locales, signals, full disks.
# Each row is one command in one surrounding. Writes a Markdown table; the exit code is 1 if a row is not as expected.
#
#   benchmarks/surroundings.sh [--launcher PATH] [--out FILE]
#
# Some rows need root or a tool; where it is missing, the table says so. All files are in a folder that is removed, and
# as root in a mount namespace with a /tmp of its own, so that mounts and planted files reach no other process.
set -u

here=$(CDPATH='' cd -P "$(dirname "$0")" && pwd)
launcher=$here/../cxr-cli/target/cxr/bin/cxr
table=$here/results/surroundings.md
while [ $# -gt 0 ]; do
  case $1 in
    --launcher) launcher=$2 ;;
    --out) table=$2 ;;
    *) sed -n '2,8s/^# \?//p' "$0" && exit 2 ;;
  esac
  shift 2
done
cxr=$(realpath "$launcher")
table=$(realpath -m "$table")
[ -x "$cxr" ] || { echo "Expected cxr, found no $launcher. Build it with: mvn -pl cxr-cli -am package" >&2 && exit 2; }
user=12345  # a user without an account
other=54321 # a user whom nobody trusts

# ---- Outside: the folder, the namespace, the table ----

clean() {
  local folder
  for folder in "$(cgroup memory)" "$(cgroup cpu)"; do
    find "$folder" -maxdepth 1 -name "surroundings.*" -newer "$work/start" -exec rmdir {} + 2>/dev/null
  done
  rm -rf "$work"
}

outside() {
  # Not in /tmp, which the namespace hides. Others cannot replace files in it: it has the sticky bit.
  work=$(mktemp -d /var/tmp/surroundings.XXXXXX)
  touch "$work/start"
  trap clean EXIT
  trap 'exit 130' INT TERM
  local isolate=()
  if [ "$(id -u)" = 0 ] && unshare -m mount --bind "$work" /mnt 2>/dev/null; then
    isolate=(unshare -m)
    case $cxr in /tmp/*) echo "Expected cxr elsewhere than in /tmp, which this script hides; found $cxr." >&2 && exit 2 ;; esac
  fi
  SURROUNDINGS_FOLDER=$work SURROUNDINGS_ISOLATED=${isolate[*]} "${isolate[@]}" bash "$0" --launcher "$cxr" &
  wait $!
  local code=$?
  [ ! -s "$work/rows.md" ] || { heading && cat "$work/rows.md"; } >"$table"
  echo "Written: $table"
  exit $code
}

heading() {
  local count bad skipped
  count=$(wc -l <"$work/rows.md")
  bad=$(grep -c '\*\*no\*\* |$' "$work/rows.md")
  skipped=$(grep -c '| skipped |$' "$work/rows.md")
  cat <<TEXT
# cxr in other surroundings

Written by \`benchmarks/surroundings.sh\`: $count rows, $bad not as expected, $skipped skipped. "Left" lists files that a
command has left in \`/tmp\` or beside its output. $(uname -s) $(uname -m), $(nproc) cores, ${SECONDS} s in all.

| surrounding | command | exit code: expected, found | last error or line | left | ok |
|---|---|---|---|---|---|
TEXT
}

# ---- Rows ----

# row SURROUNDING COMMAND EXIT_CODES PATTERN FUNCTION... where the output must match PATTERN.
# Variables before it: need="root python3", absent=PATTERN for the output, left=PATTERN for names of files that may stay.
row() {
  local surrounding=$1 command=$2 codes=$3 pattern=$4
  shift 4
  local missing found last remains ok=yes
  if missing=$(first_missing "${need:-}"); then
    found=- last="skipped: $missing" remains=- ok=skipped
  else
    rm -rf "$work/row" && mkdir "$work/row"
    (cd "$work/row" && "$@") >"$work/output" 2>&1 </dev/null
    found=$?
    last=$(last_line)
    remains=$(leftovers)
    [[ $found =~ ^($codes)$ ]] || ok='**no**'
    grep -Eq -- "$pattern" "$work/output" || ok='**no**'
    [ -z "${absent:-}" ] || ! grep -Eq -- "$absent" "$work/output" || ok='**no**'
    [[ -z $remains || $remains =~ ^(${left:-none})$ ]] || ok='**no**'
  fi
  echo "| $surrounding | \`$command\` | ${codes//|/ or }, $found | ${last//|/\\|} | ${remains:-none} | $ok |" >>"$work/rows.md"
  printf '%4d s  %-8s %s: %s (%s)\n' $SECONDS "${ok//\*/}" "$surrounding" "$command" "$found"
  if [ "$ok" = '**no**' ]; then
    failures=$((failures + 1))
    printf '  expected %s and "%s"; left: %s\n' "$codes" "$pattern" "$remains"
    tail -n 12 "$work/output" | cut -c1-400 | sed 's/^/  | /'
  fi
}

# Prints the first thing of a list that this machine lacks; fails if it has all.
first_missing() {
  local thing
  for thing in $1; do
    case $thing in
      root) [ "$(id -u)" = 0 ] ;;
      mount) [ -n "$SURROUNDINGS_ISOLATED" ] ;;
      cgroup) [ -w "$(cgroup memory)" ] ;;
      user) [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && setpriv --reuid=$user --clear-groups test -x "$cxr" ;;
      *) command -v "$thing" >/dev/null ;;
    esac || { echo "no $thing" && return 0; }
  done
  return 1
}

# The last error or, without one, the last line that says something, without what differs between machines.
last_line() {
  { grep -a '^cxr: ' "$work/output" || grep -av '^ *$\|^Research software' "$work/output"; } | tail -n 1 | tr -d '\000-\010\013-\037' | iconv -c -t UTF-8 |
    sed "s#$work/##g; s#$cxr#cxr#g; s# (cgroup [^)]*)# (cgroup)#g; s#\(127.0.0.1\):[0-9]*#\1:PORT#g" | cut -c1-240
}

# What a command has left in /tmp, and beside outputs, which are called out...; Java leaves an empty hsperfdata folder.
leftovers() {
  {
    find "$work/row" -mindepth 1 -maxdepth 1 ! -name 'out*'
    find "$work/row" -mindepth 1 -name '*.unfinished'
    find "$work/tmp" -mindepth 1 -maxdepth 1 ! -name 'hsperfdata_*'
  } | sed 's#.*/##' | sort -u | paste -sd ' '
  find "$work/tmp" -mindepth 1 -delete
}

# ---- Surroundings: each adds to the prefix of `run` and goes on with the command after it ----

prefix=()

run() {
  timeout -k 5 120 "${prefix[@]}" "$cxr" "$@"
}

limited() { # an option of ulimit, its value
  # shellcheck disable=SC2016 # another shell expands it
  prefix+=(bash -c 'ulimit "$1" "$2" && shift 2 && exec "$@"' bash "$1" "$2")
  "${@:3}"
}

with() { # NAME=VALUE or -uNAME
  prefix+=(env "$1")
  "${@:2}"
}

as_user() {
  chown $user .
  prefix+=(setpriv "--reuid=$user" "--regid=$user" --clear-groups env -i "PATH=$PATH")
  "$@"
}

# The folder of this process's cgroup; with version 2 the uppermost, since only those without processes have limited ones.
cgroup() { # memory or cpu
  local path
  path=$(sed -n "s/^[0-9]*:[^:]*\b$1\b[^:]*:\(.*\)/\1/p" /proc/self/cgroup | head -n 1)
  if [ -z "$path" ]; then
    echo "+$1" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control && echo /sys/fs/cgroup
  elif [ -d "/sys/fs/cgroup/$1$path" ]; then
    echo "/sys/fs/cgroup/$1$path"
  else
    echo "/sys/fs/cgroup/$1"
  fi
}

in_cgroup() { # memory MIB or cpu PERCENT
  local group code
  group=$(cgroup "$1")/surroundings.$BASHPID
  mkdir "$group" || return 99
  case $1:$(find "$group" -name memory.max -o -name cpu.max) in
    memory:) echo $(($2 << 20)) >"$group/memory.limit_in_bytes" ;;
    memory:*) echo $(($2 << 20)) >"$group/memory.max" ;;
    cpu:) echo $(($2 * 1000)) >"$group/cpu.cfs_quota_us" ;;
    cpu:*) echo "$(($2 * 1000)) 100000" >"$group/cpu.max" ;;
  esac
  # shellcheck disable=SC2016 # another shell expands it
  prefix+=(bash -c 'echo $$ >"$1" && shift && exec "$@"' bash "$group/cgroup.procs")
  "${@:3}"
  code=$?
  for _ in {1..50}; do # until the kernel has noticed the last exit
    if rmdir "$group" 2>/dev/null; then break; fi
    sleep 0.1
  done
  return $code
}

on_tmpfs() { # options of mount; the file system is at $work/disk
  mkdir -p "$work/disk"
  mount -t tmpfs -o "$1" tmpfs "$work/disk"
  "${@:2}"
  local code=$?
  umount "$work/disk"
  return $code
}

# ---- Commands ----

predict() { # further options
  predict_to out.csv "$@"
}

predict_to() { # a file, further options
  run predict --bundle "$work/bundle" --input "$work/images" --out "$@"
}

train() {
  train_to out
}

train_to() { # a folder
  run train --data "$work/data" --recipe quick --set epochs=2 --out "$1"
}

evaluate() {
  run evaluate --bundle "$work/bundle" --data "$work/data" --out out "$@"
}

engine() { # a folder for predict
  prefix+=(env -u ENGINE_CACHE_DIR -u CXR_CACHE_DIR)
  predict --cache-dir "$1"
}

start_server() { # further options; sets server and port
  rm -f "$work/server.log" # of the row before
  "${prefix[@]}" "$cxr" serve --bundle "$work/bundle" --port 0 "$@" >"$work/server.log" 2>&1 &
  server=$!
  for _ in {1..600}; do
    port=$(sed -n 's#^Page: *http://[^:]*:\([0-9]*\)/.*#\1#p' "$work/server.log")
    [ -z "$port" ] || return 0
    kill -0 $server 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/server.log"
  stop_server
  exit 98
}

stop_server() { # a signal; the exit code is the server's
  kill "-${1:-TERM}" "$server" 2>/dev/null
  gone "$server" 60 || kill -KILL "$server"
  wait "$server" 2>/dev/null
}

status() { # a path, options of curl
  curl --noproxy '*' -s -m 30 -o /dev/null -w 'status %{http_code}\n' "http://127.0.0.1:$port$1" "${@:2}"
}

serve_one() {
  start_server
  status /predictions/quick -T "$image" -X POST
  stop_server
}

serve_host() { # a Host, options of serve
  start_server "${@:2}"
  status /ping -H "Host: $1"
  stop_server
}

serve_until() { # a signal
  start_server
  stop_server "$1"
  local code=$?
  cat "$work/server.log"
  return $code
}

# Connections that begin a request and never end it keep nobody out, and cost one line of log, not thousands.
serve_flood() {
  start_server
  python3 - "$port" "$image" <<'PYTHON'
import http.client, socket, sys, time
port, image = int(sys.argv[1]), open(sys.argv[2], "rb").read()
def status(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body)
    return connection.getresponse().status
begun = b"POST /predictions/quick HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nabc"
held = []
for _ in range(800):
    try:
        held.append(socket.create_connection(("127.0.0.1", port), timeout=2))
        held[-1].sendall(begun)
    except OSError:
        pass  # closed by the server
print("during: prediction", status("POST", "/predictions/quick", image))
time.sleep(5)
print("during: prediction", status("POST", "/predictions/quick", image))
for connection in held:
    connection.close()
time.sleep(1)
print("after: ping", status("GET", "/ping"), "prediction", status("POST", "/predictions/quick", image))
PYTHON
  [ "$(wc -l <"$work/server.log")" -lt 50 ] && echo "log is short"
  stop_server
}

java_of() { # a launcher
  pgrep -P "$1" -x java
}

gone() { # a process, seconds
  [ -n "$1" ] || return 1
  for _ in $(seq $(($2 * 10))); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  return 1
}

kill_launcher() {
  start_server
  local java
  java=$(java_of $server)
  stop_server KILL
  gone "$java" 5 && echo "Java has ended"
}

kill_java() {
  start_server
  kill -KILL "$(java_of $server)" || { stop_server KILL; return 97; }
  gone $server 60 || stop_server KILL
  wait $server
  local code=$?
  cat "$work/server.log"
  return $code
}

# Starts a command, kills it when a file matches a pattern, and waits for Java's end.
kill_when() { # file, pattern, command
  "$cxr" "${@:3}" >/dev/null 2>&1 &
  local started=$! java
  for _ in {1..600}; do
    if grep -qs "$2" "$1"; then break; fi
    sleep 0.1
  done
  java=$(java_of $started)
  kill -KILL $started
  wait $started
  gone "$java" 5 || { echo "nothing was killed, or Java goes on" && return 1; }
}

train_resumed() {
  kill_when out/run.log saved train --data "$work/data" --recipe quick --set epochs=2 --out out || return 97
  run train --resume out
}

predict_twice() {
  predict >/dev/null && mv out.csv out1.csv && predict && cmp out.csv out1.csv
}

# More images than in other rows, so that it is interrupted while it predicts.
predict_resumed() {
  local command=(predict --bundle "$work/bundle" --input "$work/data/train" --out out.csv)
  kill_when out.csv.unfinished NORMAL "${command[@]}" || return 97
  [ ! -e out.csv ] || echo "not interrupted"
  run "${command[@]}" && mv out.csv out1.csv && run "${command[@]}" && cmp out.csv out1.csv
}

predict_names() { # names in the CSV file, options
  prefix+=(env "LC_ALL=$1")
  "${@:2}" || return
  grep -q 'Müller_1.png' out.csv && grep -q '肺炎_2.png' out.csv && echo "names as on the disk"
}

predict_arguments() {
  run predict --bundle "$work/Bündel_肺" --input "$work/names/Müller_1.png" --input "$work/names/肺炎_2.png" --out out.csv
}

predict_folder() {
  run predict --bundle "$work/bundle" --input "${1:-$work/names}" --out out.csv
}

# The printed line must run as it is, and nothing in it.
train_next() {
  # shellcheck disable=SC2016 # the name of a folder
  local odd='out a b$(touch run);c'
  cp -r "$work/data" "$odd"
  run train --data "$odd" --recipe quick --set epochs=1 --out 'out t b' >out.log 2>&1 || { cat out.log && return 97; }
  sh -c "$(sed -n 's/^Next: *//p' out.log)"
}

plant_engine() { # an owner: libraries that another user has put where the command looks
  mkdir -p "$1"
  cp -r "$ENGINE_CACHE_DIR/pytorch" "$1/"
  chown -R $other "${1%/engine}"
  "${@:2}"
}

# The libraries in the server's memory are its own.
serve_maps() {
  local java
  start_server
  java=$(java_of $server)
  grep -o '/[^ ]*libtorch_cpu.so' "/proc/$java/maps" | sort -u
  stop_server
}

group_writable() {
  mkdir -m 775 out-engine
  ENGINE_CACHE_DIR=$PWD/out-engine predict
}

two_starts() {
  prefix+=(env -u ENGINE_CACHE_DIR)
  run predict --bundle "$work/bundle" --input "$work/images" --out out1.csv --cache-dir out-cache &
  local first=$!
  predict --cache-dir out-cache
  local code=$?
  wait $first && cmp out.csv out1.csv && return $code
}

full_disk() { # a command whose output goes there
  dd if=/dev/zero of="$work/disk/fill" bs=4k 2>/dev/null
  "$@"
}

read_only_tmp() {
  mount -t tmpfs -o ro tmpfs /tmp
  predict
  local code=$?
  umount /tmp
  return $code
}

closed_output() {
  predict >&- && [ -s out.csv ] && echo "out.csv is written"
}

closed_input() {
  predict <&-
}

# ---- All rows ----

prepare() {
  mkdir "$work/tmp" "$work/engine" "$work/locked" "$work/names" "$work/latin" "$work/images" "$work/cache"
  chmod 755 "$work"
  chmod 1777 "$work/tmp"
  [ -z "$SURROUNDINGS_ISOLATED" ] || mount --bind "$work/tmp" /tmp
  export ENGINE_CACHE_DIR=$work/engine CXR_CACHE_DIR=$work/cache
  unset LC_ALL JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS CXR_JAVA_OPTS
  local kind
  "$cxr" sample --out "$work/sample" || exit 3
  for kind in NORMAL PNEUMONIA; do
    mkdir -p "$work/data/train/$kind" "$work/data/test/$kind"
    find "$work/sample/train/$kind" -type f | sort | head -n 60 | xargs cp -t "$work/data/train/$kind"
    find "$work/sample/test/$kind" -type f | sort | head -n 10 | xargs cp -t "$work/data/test/$kind"
    find "$work/data/test/$kind" -type f | sort | head -n 5 | xargs cp -t "$work/images"
  done
  rm -r "$work/sample"
  image=$(find "$work/images" -type f | sort | head -n 1)
  cp "$image" "$work/names/Müller_1.png"
  cp "$image" "$work/names/肺炎_2.png"
  cp "$image" "$work/latin/A.png"
  cp "$image" "$work/latin/"$'M\xfcller.png'
  (cd "$work" && train >"$work/output" 2>&1) || { cat "$work/output" && exit 3; }
  mv "$work/out/bundle" "$work/bundle"
  rm -r "$work/out"
  cp -r "$work/bundle" "$work/Bündel_肺"
  chmod -R go+rX "$work/bundle" "$work/images" "$work/engine" "$work/locked"
  find "$work/tmp" -mindepth 1 -delete
}

memory() {
  local need=cgroup explained='Expected memory for [0-9]+ MiB.* found a limit of|was killed \(signal 9\).* limit is'
  row "cgroup of 150 MiB" predict '1|137' "$explained" in_cgroup memory 150 predict
  row "cgroup of 300 MiB" predict '1|137' "$explained" in_cgroup memory 300 predict
  row "cgroup of 440 MiB" predict 0 'Predicted 10' in_cgroup memory 440 predict
  row "cgroup of 700 MiB" "train, quick" '1|137' "$explained" in_cgroup memory 700 train
  row "cgroup of 1000 MiB" "train, quick" 0 '^Bundle: ' in_cgroup memory 1000 train
  row "cgroup of 1024 MiB" evaluate 0 'Written' in_cgroup memory 1024 evaluate
  row "cgroup of 1024 MiB" "serve, one prediction" 143 'status 200' in_cgroup memory 1024 serve_one
  need=''
  row "ulimit -v 3000000" predict 0 'Predicted 10' limited -v 3000000 predict
  row "ulimit -v 6000000" predict 0 'Predicted 10' limited -v 6000000 predict
}

limits() {
  row "64 descriptors" predict 1 'at least 128 file descriptors' limited -n 64 predict
  row "130 descriptors" predict 0 'Predicted 10' limited -n 130 predict
  row "130 descriptors" "train, quick" 0 '^Bundle: ' limited -n 130 train
  row "130 descriptors" "evaluate --quick" 0 'Written' limited -n 130 evaluate --quick
  row "130 descriptors" audit 0 'Written' limited -n 130 run audit --data "$work/data" --out out
  need=python3 row "300 descriptors, 800 connections that end no request" "serve, predictions" 143 \
    'after: ping 200 prediction 200' limited -n 300 serve_flood
  need=user left="cxr-$user|cxr-$user out.csv.unfinished" row "20 processes and threads" predict 1 'processes and threads' limited -u 20 as_user predict
  need=cgroup row "half a core" predict 0 'Predicted 10' in_cgroup cpu 50 predict
}

users() {
  local need="user mount" left="cxr-$user"
  row "user without home" predict 0 'Predicted 10' as_user predict
  row "user without home, engine folder of another" predict 1 "of the user with id $other" \
    plant_engine "/tmp/cxr-$user/engine" as_user predict
  left=".djl.ai cxr-$user" row "user without home, libraries of another in /tmp/.djl.ai" "serve" 143 \
    "^/tmp/cxr-$user/engine/.*libtorch" plant_djl as_user serve_maps
  left='' row "engine folder that root has filled" doctor 0 'ok  .*Engine' run doctor
  row "... used by a user who cannot write it" predict 0 'Predicted 10' as_user with "ENGINE_CACHE_DIR=$work/engine" predict
  row "cache folder of root" "predict --cache-dir" 1 'not writable' as_user engine "$work/locked"
  row "home that cannot be written" predict 0 'Predicted 10' as_user with "HOME=$work/locked" \
    with "ENGINE_CACHE_DIR=$work/engine" predict
  row "output folder of root" "predict --out" 1 'locked' as_user with "ENGINE_CACHE_DIR=$work/engine" \
    predict_to "$work/locked/out.csv"
  row "TMPDIR of root" predict 0 'Predicted 10' as_user with "TMPDIR=$work/locked" with "ENGINE_CACHE_DIR=$work/engine" predict
  need='' left=''
  row "engine folder that a group can write" predict 1 'others can write' group_writable
  row "HOME not set" predict 0 'Predicted 10' with -uHOME predict
  row "TMPDIR that does not exist" predict 0 'Predicted 10' with TMPDIR=/nonexistent predict
  row "two first starts at once" "predict --cache-dir" 0 'Predicted 10' two_starts
}

disks() {
  local need=mount
  row "/tmp read-only" predict 0 'Predicted 10' read_only_tmp
  row "disk mounted with noexec" "predict --cache-dir" 1 'mounted with noexec' on_tmpfs noexec,size=600m engine "$work/disk"
  row "disk of 50 MiB" "predict --cache-dir" 1 'MiB free' on_tmpfs size=50m engine "$work/disk"
  row "disk full" "predict --out" 1 'full' on_tmpfs size=64k full_disk predict_to "$work/disk/out.csv"
  row "disk full" "train --out" 1 'free disk' on_tmpfs size=64k full_disk train_to "$work/disk/out"
  row "disk read-only" "predict --out" 1 'Read-only file system|read-only' on_tmpfs ro,size=64k predict_to "$work/disk/out.csv"
}

locales() {
  local locale
  for locale in C xx_YY.UTF-8 C.UTF-8; do
    row "LC_ALL=$locale, Müller_1.png and 肺炎_2.png" "predict a folder" 0 'names as on the disk' predict_names $locale predict_folder
    row "LC_ALL=$locale, Müller_1.png and 肺炎_2.png" "predict files, bundle Bündel_肺" 0 'names as on the disk' \
      predict_names $locale predict_arguments
  done
  row "name in Latin-1" "predict a folder" 1 'M\\xFCller\.png' with LC_ALL=C.UTF-8 predict_folder "$work/latin"
}

interruptions() {
  row "SIGTERM" serve 143 'Serving quick' serve_until TERM
  row "SIGINT" serve 130 'Serving quick' with --default-signal=INT serve_until INT
  need=pgrep row "SIGKILL of the launcher" serve 0 'Java has ended' kill_launcher
  need=pgrep row "SIGKILL of Java" serve 137 'was killed \(signal 9\)' kill_java
  need=pgrep row "SIGKILL" "train, train --resume" 0 '^Bundle: ' train_resumed
  need=pgrep absent='not interrupted|differ' row "SIGKILL" "predict, again, anew: same bytes" 0 'Written' predict_resumed
  absent=differ row "twice" "predict: same bytes" 0 'Written' predict_twice
  row "standard output closed" predict 0 'out.csv is written' closed_output
  row "standard input closed" predict 0 'Predicted 10' closed_input
}

hosts() {
  local need=curl
  row "Host: evil.example" serve 143 'status 421' serve_host evil.example
  row "Host: localhost" serve 143 'status 200' serve_host localhost
  row "Host: xray.example" "serve --allowed-host" 143 'status 200' serve_host xray.example --allowed-host xray.example
}

javas() {
  local java
  for java in $(realpath /usr/lib/jvm/*/bin/java 2>/dev/null | sort -u); do
    java=${java%/bin/java}
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java/release")" -ge 17 ] || continue
    absent=WARNING row "JAVA_HOME=$java" predict 0 'Predicted 10' with "JAVA_HOME=$java" predict
  done
}

plant_djl() {
  plant_engine /tmp/.djl.ai "$@"
}

if [ -z "${SURROUNDINGS_FOLDER:-}" ]; then outside; fi
work=$SURROUNDINGS_FOLDER
failures=0
prepare
memory
limits
users
disks
locales
interruptions
hosts
# shellcheck disable=SC2016 # the name of a folder
left=runs row 'folders with spaces, ";" and "$(...)"' "train, then its line Next" 0 'Written' train_next
javas
[ $failures = 0 ]
