package dev.dassie.acceptance;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `tools/kubernetes/stop.sh` leaves of a node that fell over: nothing.
class StopOnKubernetes {
  @Test
  void aStopAfterACrashLeavesNothing(@TempDir Path folder) throws Exception {
    try (Cluster cluster = Cluster.start(Cluster.Mode.NODE, folder)) {
      cluster.out(
          "kubectl run left --image localhost/busybox:1 --image-pull-policy Never -- sleep 600");
      cluster.out("kubectl wait --for=condition=Ready pod/left --timeout=60s");

      cluster.out("cd $KUBETEST_STATE/pid && kill -KILL $(cat containerd kubelet kube-apiserver)");
    }
  }
}
