# What the scripts beside this one agree on; read by them, not run. Each value may be set in the environment.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(cd "$here/../.." && pwd)/target/kubernetes
bin=${KUBETEST_BIN:-$work/bin}             # what build.sh makes: kubetest, helm, and links to it
state=${KUBETEST_STATE:-$work/state}       # all that a running cluster writes
port=${KUBETEST_PORT:-16443}               # the API on 127.0.0.1; the two after it are etcd's
network=${KUBETEST_NETWORK:-kubetest}      # the network namespace of mode node
nodes=${KUBETEST_NODES:-10}                # the number of nodes of mode fake
node=node-1                                # the node of mode node
helm_version=v3.22.0

# The one address of mode node, and where Pods and services have theirs. None of it is reachable from outside.
node_ip=10.244.255.1
pod_range=10.244.0.0/17
service_range=10.96.0.0/16
first_service=10.96.0.1

# lacking MODE: what this machine does not have, in one line; nothing where it has all.
lacking() {
  local program go packages=() said=()
  go=go$(sed -n 's/^go //p' "$here/go.mod")
  [ "$(printf '%s\n' "$go" "$(go env GOVERSION 2> /dev/null)" | sort -V | head -n 1)" = "$go" ] || said+=("Go ${go#go} or newer")
  command -v openssl > /dev/null || packages+=(openssl)
  if [ "$1" = node ]; then
    [ "$(id -u)" = 0 ] || said+=('root')
    for program in runc:runc containerd:containerd busybox:busybox-static iptables:iptables conntrack:conntrack ip:iproute2; do
      PATH=$PATH:/usr/sbin:/sbin command -v "${program%%:*}" > /dev/null || packages+=("${program##*:}")
    done
    [ -x /usr/lib/cni/ptp ] || packages+=(containernetworking-plugins)
  fi
  [ ${#packages[@]} = 0 ] || said+=("the Debian packages ${packages[*]}")
  [ ${#said[@]} = 0 ] || (IFS=';' && echo "needs ${said[*]}" | sed 's/;/, and /g')
}
