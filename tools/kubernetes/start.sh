#!/usr/bin/env bash
# start.sh control|fake|node: starts a Kubernetes and prints the path of its administrator's kubeconfig.
#   control  the API with everything behind it, and no node: what is made stays Pending
#   fake     and nodes of kwok, on which Pods run and Jobs complete for the API alone
#   node     and one real node: kubelet, containerd and runc in a network namespace that nothing leaves; needs root
# Where something does not come up, all of it is ended; logs stay in target/kubernetes/state/log. stop.sh ends it.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
mode=${1:-}
case $mode in control | fake | node) ;; *)
  echo 'usage: start.sh control|fake|node' >&2
  exit 2
  ;;
esac
lack=$(lacking "$mode")
[ -z "$lack" ] || { echo "kubetest: $lack" >&2; exit 1; }
[ -x "$bin/kubetest" ] || { echo 'kubetest: build.sh comes first' >&2; exit 1; }
mkdir -p "$state"/{pki,log,pid,etcd}
cd "$state"
state=$PWD
[ -z "$(ls pid)" ] || { echo "kubetest: $state is in use; stop.sh ends what runs there" >&2; exit 1; }
if [ "$mode" = node ] && [ $((${#state} + 16)) -gt 100 ]; then
  echo "kubetest: the path $state is too long for a socket; set KUBETEST_STATE to a shorter one" >&2
  exit 1
fi
trap '[ $? = 0 ] || "$here/stop.sh"' EXIT
PATH=$PATH:/usr/sbin:/sbin

inside=()
ip=127.0.0.1
if [ "$mode" = node ]; then
  ip=$node_ip
  # Not `ip netns exec`, which mounts another /sys, without the control groups.
  inside=(nsenter "--net=/run/netns/$network")
fi

spawn() { # NAME COMMAND…: in the background, with a log and a number
  local name=$1
  shift
  setsid "$@" > "log/$name.log" 2>&1 < /dev/null &
  echo $! > "pid/$name"
}
part() { # NAME ARGUMENTS…: a part of kubetest, where the cluster is
  spawn "$1" "${inside[@]}" "$bin/kubetest" "$@"
}
await() { # SECONDS WHAT COMMAND…: until it succeeds, as long as everything runs
  local until=$((SECONDS + $1)) what=$2 file
  shift 2
  until "$@" > log/await.log 2>&1; do
    for file in pid/*; do
      kill -0 "$(cat "$file")" 2> /dev/null && continue
      echo "kubetest: ${file#pid/} ended; the last of $state/log/${file#pid/}.log:" >&2
      tail -n 5 "log/${file#pid/}.log" >&2
      exit 1
    done
    [ "$SECONDS" -lt "$until" ] || { echo "kubetest: $what did not come up; see $state/log" >&2; exit 1; }
    sleep 0.1
  done
}

. "$here/identities.sh"
[ -s pki/ca.crt ] || (cd pki && umask 077 && make_identities)
export KUBECONFIG=$state/pki/admin.kubeconfig

if [ "$mode" = node ]; then
  ip netns add "$network"
  "${inside[@]}" sh -c "ip link set lo up && ip address add $ip/32 dev lo && echo 1 > /proc/sys/net/ipv4/ip_forward"
fi

etcd=http://127.0.0.1:$((port + 1))
peer=http://127.0.0.1:$((port + 2))
part etcd --name kubetest --data-dir etcd --unsafe-no-fsync --log-level warn --quota-backend-bytes $((4 << 30)) \
  --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "kubetest=$peer"

# A loopback address cannot be advertised, so without a node the API has no endpoint within the cluster.
listen=(--bind-address "$ip" --endpoint-reconciler-type none)
if [ "$mode" = node ]; then
  listen=(--bind-address 0.0.0.0 --advertise-address "$ip" --allow-privileged
    --kubelet-client-certificate pki/api-to-kubelet.crt --kubelet-client-key pki/api-to-kubelet.key
    --kubelet-certificate-authority pki/ca.crt --kubelet-preferred-address-types InternalIP)
fi
# shellcheck disable=SC2086 # the options are words
part kube-apiserver "${listen[@]}" --secure-port "$port" --etcd-servers "$etcd" \
  --service-cluster-ip-range "$service_range" --profiling=false \
  --tls-cert-file pki/api.crt --tls-private-key-file pki/api.key --client-ca-file pki/ca.crt \
  --token-auth-file pki/tokens.csv --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
  --service-account-issuer https://kubernetes.default.svc \
  --service-account-key-file pki/accounts.pub --service-account-signing-key-file pki/accounts.key \
  --max-requests-inflight 2000 --max-mutating-requests-inflight 1000 ${KUBETEST_API_OPTIONS:-}

# Their usual limits, of 20 and 50 requests a second, would be what a test measures.
speed=(--kube-api-qps 500 --kube-api-burst 1000 --leader-elect=false --secure-port 0)
as() { echo "--kubeconfig pki/$1.kubeconfig --authentication-kubeconfig pki/$1.kubeconfig --authorization-kubeconfig pki/$1.kubeconfig"; }
# shellcheck disable=SC2046,SC2086
part kube-controller-manager $(as controllers) "${speed[@]}" --concurrent-job-syncs 20 --use-service-account-credentials \
  --service-account-private-key-file pki/accounts.key --root-ca-file pki/ca.crt \
  --controllers '*,-cloud-node-lifecycle-controller,-service-lb-controller,-node-route-controller' \
  ${KUBETEST_CONTROLLER_OPTIONS:-}
# shellcheck disable=SC2046
part kube-scheduler $(as scheduler) "${speed[@]}"
[ "$mode" != node ] || spawn relay "$bin/kubetest" relay "127.0.0.1:$port" "$network" "127.0.0.1:$port"
await 60 'the API' "$bin/kubectl" get --raw /readyz
await 60 'the account of the first namespace' "$bin/kubectl" get serviceaccount default

case $mode in
  fake) . "$here/fake.sh" ;;
  node) . "$here/node.sh" ;;
esac
echo "$KUBECONFIG"
