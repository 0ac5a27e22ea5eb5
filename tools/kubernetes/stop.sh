#!/usr/bin/env bash
# stop.sh: ends what start.sh started, each process by its number, with all that Pods left: containers, mounts, network
# namespaces, control groups; and removes what was written, but for the logs. Fine to run twice, and after a crash.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
cd "$state" 2> /dev/null || exit 0
state=$PWD
shopt -s nullglob

# Whether the number is still that of the process that was started: numbers are given anew.
lives() {
  local number
  number=$(cat "pid/$1" 2> /dev/null) && grep -qaF -e "$bin/kubetest" -e "$state" "/proc/$number/cmdline" 2> /dev/null
}
ask() { ! lives "$1" || kill "$(cat "pid/$1")" 2> /dev/null; }
end() { # NAME: two seconds to go, then at once
  ask "$1"
  for _ in $(seq 20); do
    lives "$1" || break
    sleep 0.1
  done
  ! lives "$1" || kill -KILL "$(cat "pid/$1")" 2> /dev/null
  rm -f "pid/$1"
}

# The kubelet first, which would start again what ends; the database last.
for name in kube-scheduler kube-controller-manager kube-apiserver kube-proxy names kwok relay; do ask "$name"; done
end kubelet
if lives containerd; then
  # Containers outlive containerd, so they end while it can still be asked.
  c=(timeout 20 ctr --address "$state/containerd/sock" --namespace k8s.io)
  for task in $("${c[@]}" tasks ls -q 2> /dev/null); do "${c[@]}" tasks kill -s KILL -a "$task" > /dev/null 2>&1; done
  for task in $("${c[@]}" tasks ls -q 2> /dev/null); do
    for _ in $(seq 20); do
      ! "${c[@]}" tasks rm -f "$task" > /dev/null 2>&1 || break
      sleep 0.1
    done
  done
  for container in $("${c[@]}" containers ls -q 2> /dev/null); do "${c[@]}" containers rm "$container" > /dev/null 2>&1; done
fi
for file in pid/*; do
  [ "${file#pid/}" = etcd ] || end "${file#pid/}"
done
end etcd

# What containerd lost, where it was killed before: shims, which name its socket, and containers, which stand in groups of ours.
for folder in /proc/[0-9]*; do
  line=$({ tr '\0' ' ' < "$folder/cmdline"; } 2> /dev/null) || continue
  case $line in *containerd-shim*"$state/containerd/sock"*) kill -KILL "${folder#/proc/}" 2> /dev/null ;; esac
done
for _ in $(seq 50); do
  mapfile -t groups < <(find /sys/fs/cgroup -depth -type d \( -name "$network" -o -path "*/$network/*" \) 2> /dev/null)
  [ ${#groups[@]} -gt 0 ] || break
  for group in "${groups[@]}"; do
    for number in $(cat "$group/cgroup.procs" 2> /dev/null); do kill -KILL "$number" 2> /dev/null; done
    rmdir "$group" 2> /dev/null
  done
  sleep 0.05
done
awk -v below="$state/" 'index($2, below) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r mount; do
  umount -l "$mount"
done
# A Pod that was killed has left its address, and the namespace that the file names.
for file in /var/lib/cni/results/"$network"-*; do
  for namespace in $(grep -aoE '/netns/cni-[0-9a-f-]+' "$file" | sort -u); do
    ip netns del "${namespace#/netns/}" 2> /dev/null
  done
  rm -f "$file"
done
[ ! -e "/run/netns/$network" ] || ip netns del "$network"
rm -rf --one-file-system cni containerd etcd kubelet pid pki containerd.toml kubelet.yaml stages.yaml
