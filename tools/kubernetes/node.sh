# The one real node of mode node. Read by start.sh.
mkdir -p containerd cni kubelet
# Each Pod has a cable of its own to the node, so that every packet is routed and services work without a bridge.
cat > cni/10-pods.conflist << JSON
{"cniVersion": "1.0.0", "name": "$network", "plugins": [
  {"type": "ptp", "ipMasq": false, "ipam": {"type": "host-local", "dataDir": "$state/cni/addresses",
    "ranges": [[{"subnet": "$pod_range"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON
cat > containerd.toml << TOML
version = 2
root = "$state/containerd/root"
state = "$state/containerd/state"
[grpc]
  address = "$state/containerd/sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  disable_apparmor = true
  disable_hugetlb_controller = true
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "$state/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
TOML
spawn containerd "${inside[@]}" containerd --config "$state/containerd.toml"
await 20 containerd ctr --address containerd/sock version
"$here/images.sh" "$state/containerd/sock" > log/images.log 2>&1

# Control groups of its own: a kubelet ends what it finds in its groups and does not know.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p "/sys/fs/cgroup/$network"
else
  for controller in /sys/fs/cgroup/*/cgroup.procs; do mkdir -p "${controller%/*}/$network"; done
fi

cat > kubelet.yaml << YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $ip
healthzPort: 0
readOnlyPort: 0
tlsCertFile: $state/pki/kubelet.crt
tlsPrivateKeyFile: $state/pki/kubelet.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $state/pki/ca.crt}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix://$state/containerd/sock
podLogsDir: $state/kubelet/logs
volumePluginDir: $state/kubelet/plugins
clusterDomain: cluster.local
clusterDNS: [$ip]
resolvConf: ""
# Control groups of either version, made without systemd; a machine with swap and a nearly full disk is fine.
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /$network
enforceNodeAllocatable: []
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
maxPods: 250
syncFrequency: 10s
nodeStatusUpdateFrequency: 4s
registryPullQPS: 0
eventRecordQPS: 0
kubeAPIQPS: 200
kubeAPIBurst: 400
YAML
part kubelet --config kubelet.yaml --kubeconfig pki/kubelet.kubeconfig --hostname-override "$node" --node-ip "$ip" \
  --root-dir "$state/kubelet" --cert-dir "$state/pki"
part kube-proxy --kubeconfig pki/proxy.kubeconfig --hostname-override "$node" --proxy-mode iptables \
  --cluster-cidr "$pod_range" --conntrack-max-per-core 0
part names "$ip:53" pki/admin.kubeconfig
await 60 'the node' "$bin/kubectl" wait --for=condition=Ready "node/$node" --timeout=1s
