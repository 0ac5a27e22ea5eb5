#!/usr/bin/env bash
# build.sh: packs the built server as an image, target/image/dassie-VERSION.tar, as `docker save` would write it.
#   docker load -i FILE · podman load -i FILE · ctr -n k8s.io images import FILE
# No container engine is needed: Debian's packages are unpacked, a Java runtime is cut out of the JDK, and tar does the rest.
# Of this machine it takes the JDK, the package sources of apt, and mmdebstrap, bubblewrap and zstd. Root is not needed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$here/../.." && pwd)
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' "$project/pom.xml")
name=${DASSIE_IMAGE_NAME:-localhost/dassie}:$version
out=$project/target/image
export SOURCE_DATE_EPOCH=0

# What the image holds of Debian: a shell with its tools for the launcher, and Python for pipelines of the executor `process`.
packages=base-files,base-passwd,coreutils,dash,libc6,python3,zlib1g
# What the server and the command line need of Java, as `jdeps --print-module-deps` finds; and file systems in archives.
modules=java.base,java.desktop,java.naming,java.net.http,java.security.jgss,java.sql,jdk.management,jdk.unsupported,jdk.zipfs

for program in mmdebstrap bwrap; do
  command -v $program > /dev/null || { echo "image: needs the Debian packages mmdebstrap and bubblewrap" >&2; exit 1; }
done
[ -e "$project/target/dassie/build-id" ] || "$project/dassie" --build
java=$("$project/dassie" --java-home)
mkdir -p "$out"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The machine's own sources, so that mirrors and proxies are those that it has.
debian() {
  local sources=/etc/apt/sources.list.d/debian.sources
  [ -e $sources ] || sources=/etc/apt/sources.list
  mmdebstrap --quiet --variant=extract --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --include=$packages \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" - $sources 2> "$folder/debian.log" || { cat "$folder/debian.log" >&2; return 1; }
}

echo "image: Debian's packages" >&2
cache=$out/debian-$(printf '%s' "$packages $(sha256sum "$here/build.sh")" | sha256sum | cut -c1-16).tar
if [ ! -e "$cache" ]; then
  debian > "$cache.new"
  mv "$cache.new" "$cache"
fi
root=$folder/root
mkdir "$root"
tar -C "$root" -xf "$cache" --no-same-owner --exclude=./dev --exclude=./var/cache/apt --exclude=./var/lib/apt/lists
mkdir -p "$root"/{dev,proc,tmp,var/lib/dassie,etc}
printf 'root:x:0:0:root:/root:/bin/sh\ndassie:x:10001:10001:Dassie:/var/lib/dassie:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\ndassie:x:10001:\nnogroup:x:65534:\n' > "$root/etc/group"
chmod 1777 "$root/tmp"
# Group 0 may write here, whatever the user's number: some clusters choose it.
chmod 0775 "$root/var/lib/dassie"

layers=()
layer() { # FOLDER…: a layer of these folders of the root
  local file=layer$((${#layers[@]} + 1)).tar
  tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$folder/$file" "$@"
  layers+=("$file")
}
layer .

echo 'image: a Java runtime' >&2
mkdir -p "$root/opt"
"$java/bin/jlink" --add-modules $modules --strip-java-debug-attributes --no-man-pages --no-header-files --output "$root/opt/java"
layer opt/java

echo 'image: Dassie, with its start-up caches' >&2
mkdir -p "$root/opt/dassie/target/dassie"
cp "$project/dassie" "$project/LICENSE" "$root/opt/dassie/"
cp -r "$project/quickstart" "$root/opt/dassie/"
cp -r --preserve=timestamps "$project/target/dassie/lib" "$root/opt/dassie/target/dassie/"
# The start-up caches know jars by their times, and layers have one time for all.
find "$root/opt" -exec touch -h -d @0 {} +
cp "$project/.build/caches" "$folder/caches"
bwrap --bind "$root" / --ro-bind "$folder/caches" /tmp/caches --proc /proc --dev /dev --unshare-pid --die-with-parent --clearenv --setenv PATH /usr/bin:/bin \
  --setenv LC_ALL C.UTF-8 /bin/sh /tmp/caches /opt/dassie /opt/java > "$folder/caches.log" 2>&1 || { cat "$folder/caches.log" >&2; exit 1; }
ls "$root"/opt/dassie/target/dassie/server-*.aot > /dev/null || { cat "$folder/caches.log" >&2; exit 1; }
layer opt/dassie

cd "$folder"
list() { # FORMAT: the layers, as JSON
  local file all=()
  for file in "${layers[@]}"; do
    # shellcheck disable=SC2059 # the format is ours
    all+=("$(printf "$1" "$([ "$1" = '"%s"' ] && echo "$file" || sha256sum "$file" | cut -d' ' -f1)")")
  done
  (IFS=, && echo "${all[*]}")
}
cat > config.json << JSON
{"architecture": "$(dpkg --print-architecture)", "os": "linux", "created": "1970-01-01T00:00:00Z",
 "config": {"User": "10001:10001", "WorkingDir": "/var/lib/dassie", "Entrypoint": ["/opt/dassie/dassie"], "Cmd": ["server"],
  "Env": ["PATH=/opt/dassie:/usr/bin:/bin", "LC_ALL=C.UTF-8", "JAVA_HOME=/opt/java", "HOME=/var/lib/dassie", "DASSIE_HOME=/var/lib/dassie/home", "DASSIE_BIND=0.0.0.0"],
  "ExposedPorts": {"7340/tcp": {}, "7341/tcp": {}}, "Volumes": {"/var/lib/dassie": {}},
  "Labels": {"org.opencontainers.image.title": "Dassie", "org.opencontainers.image.version": "$version", "org.opencontainers.image.licenses": "Apache-2.0"}},
 "rootfs": {"type": "layers", "diff_ids": [$(list '"sha256:%s"')]},
 "history": [{"created_by": "Debian"}, {"created_by": "Java"}, {"created_by": "Dassie"}]}
JSON
echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$name\"], \"Layers\": [$(list '"%s"')]}]" > manifest.json
tar -cf "$out/dassie-$version.tar.new" manifest.json config.json "${layers[@]}"
mv "$out/dassie-$version.tar.new" "$out/dassie-$version.tar"
echo "$out/dassie-$version.tar holds $name" >&2
