# The nodes of mode fake. Read by start.sh.
for number in $(seq "$nodes"); do
  room='{"cpu": "1000", "memory": "4Ti", "ephemeral-storage": "4Ti", "pods": "2000"}'
  cat << JSON
{"apiVersion": "v1", "kind": "Node",
 "metadata": {"name": "fake-$number", "labels": {"kubernetes.io/os": "linux", "kubernetes.io/hostname": "fake-$number"}},
 "status": {"allocatable": $room, "capacity": $room}}
JSON
done | "$bin/kubectl" apply -f - > /dev/null
"$bin/kubetest" stages > stages.yaml
part kwok --config stages.yaml --kubeconfig "$KUBECONFIG" --manage-all-nodes --node-lease-duration-seconds 40
await 60 'the nodes of kwok' "$bin/kubectl" wait --for=condition=Ready nodes --all --timeout=20s
