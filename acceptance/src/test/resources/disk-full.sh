# Fills a small disk under a server again and again: disk-full.sh SEED ROUNDS, in a mount namespace of its own.
# Each round leaves a random number of kilobytes, writes until something is refused, and then makes space again. What is
# refused must be refused as full; what was acknowledged must be there; and all must go on without a new start.
set -u
RANDOM=$1
mount -t tmpfs -o size=64m tmpfs "$DASSIE_HOME" || exit 99
dassie up || exit 98
dassie create repo data && dassie create repo feed || exit 97
cat > copy.yaml << 'YAML'
pipeline: {name: copy}
input: {pfs: {repo: feed, glob: "/*"}}
transform: {cmd: [sh], stdin: ["cp $feed /pfs/out/"]}
YAML
dassie create pipeline -f copy.yaml || exit 97
repos=$DASSIE_URL/api/v1/projects/default/repos
mkdir -p kept/data kept/feed
head -c 700000 /dev/urandom > large
: > nothing

# METHOD URL [FILE]: what must be done, or refused because this disk is full. The reply is in the file `reply`.
attempt() {
  status=$(curl -sS -o reply -w '%{http_code}' -X "$1" --data-binary "@${3:-nothing}" "$2")
  case $status in
    2*) return 0 ;;
    507)
      if grep -q "No space is left in .$DASSIE_HOME" reply; then
        full=$((full + 1))
        return 1
      fi
      ;;
  esac
  echo "round $round: $1 $2 was answered with $status: $(cat reply)"
  exit 90
}

# The same for what must be done.
must() {
  attempt "$@" || { echo "round $round: there is space again, but $*: $(cat reply)"; exit 91; }
}

put() {
  attempt PUT "$repos/$1/commits/$2/file?path=/$3" "$4" || return 1
  [ -z "${5:-}" ] || cp "$4" "kept/$5"
}

for round in $(seq "$2"); do
  full=0
  left=$((RANDOM % 1500))
  avail=$(df --output=avail -k "$DASSIE_HOME" | tail -1)
  [ "$avail" -le $left ] || fallocate -l $((avail - left))k "$DASSIE_HOME/ballast"
  echo "{\"branch\": \"open$round\"}" > start
  open=
  attempt POST "$repos/data/commits" start && open=$(sed 's/.*"id":"\([0-9a-f]*\)".*/\1/' reply)
  for i in $(seq 40); do
    [ $full -lt 4 ] || break
    echo "$round $i $RANDOM" > small
    { cat small; head -c $((RANDOM * 8)) large; } > more
    { cat small large; } > big
    case $((RANDOM % 8)) in
      0 | 1) put data master "s$round-$i" small "data/master:s$round-$i" ;;
      2) put data master "b$round-$i" big "data/master:b$round-$i" ;;
      3 | 4) [ -z "$open" ] || put data "$open" "o$i" more "data/open$round:o$i" ;;
      5) put feed master "f$round-$i" small "feed/f$round-$i" ;;
      6) put data master waste big && attempt DELETE "$repos/data/commits/master/file?path=/waste" ;;
      *) attempt POST "$DASSIE_URL/api/v1/gc?grace=0" ;;
    esac
  done
  [ -z "$open" ] || { attempt POST "$repos/data/commits/$open/finish" && open=; }
  refused=$full
  if [ $((round % 3)) -eq 0 ]; then
    kill -9 "$(cat "$DASSIE_HOME/dassie.pid")"
    rm -f "$DASSIE_HOME/ballast"
    dassie up || exit 96
  fi
  rm -f "$DASSIE_HOME/ballast"
  [ -z "$open" ] || must POST "$repos/data/commits/$open/finish"
  echo "again $round" > small
  must PUT "$repos/feed/commits/master/file?path=/again$round" small && cp small "kept/feed/again$round"
  must GET "$repos/copy/commits/master/wait?timeout=60"
  grep -q '"state":"finished"' reply || { echo "round $round: the job did not succeed: $(cat reply)"; exit 92; }
  must POST "$DASSIE_URL/api/v1/gc?grace=0"
  echo "round $round: $left KB left, $refused refused"
done

same() {
  curl -sS "$1" | cmp - "$2" || { echo "$1 is not what was acknowledged"; exit 93; }
}
for file in kept/data/*; do
  name=${file#kept/data/}
  same "$repos/data/commits/${name%%:*}/file?path=/${name#*:}" "$file"
done
for file in kept/feed/*; do
  same "$repos/feed/commits/master/file?path=/${file#kept/feed/}" "$file"
  same "$repos/copy/commits/master/file?path=/${file#kept/feed/}" "$file"
done
dassie down
echo "all there: $(find kept -type f | wc -l)"
