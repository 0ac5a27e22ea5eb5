#!/usr/bin/env bash
# images.sh SOCKET: gives containerd two images made of this machine's busybox, which is one static program:
# localhost/pause:1, which holds a Pod's namespaces, and localhost/busybox:1 for tests.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

root=$folder/root
mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $(busybox --list); do
  [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
done
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n' > "$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' > "$root/etc/group"

mkdir "$folder/archive"
cd "$folder/archive"
tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf layer.tar .
layer=$(sha256sum layer.tar | cut -d' ' -f1)
image() { # NAME COMMAND: one more image of the same layer, as `docker save` would write it
  cat > config.json << JSON
{"architecture": "$(dpkg --print-architecture)", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": $2},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]}, "history": [{}]}
JSON
  echo "[{\"Config\": \"config.json\", \"RepoTags\": [\"$1\"], \"Layers\": [\"layer.tar\"]}]" > manifest.json
  tar -cf ../image.tar manifest.json config.json layer.tar
  ctr --address "$socket" --namespace k8s.io images import ../image.tar
}
socket=$1
image localhost/busybox:1 '["/bin/sh"]'
image localhost/pause:1 '["/bin/sleep", "2147483647"]'
