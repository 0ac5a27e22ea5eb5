package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What other tests rely on: many nodes and Pods that exist for the API alone, with the scheduler,
/// the quotas and the controllers of a real Kubernetes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FakeOnKubernetes {
  private Cluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(Cluster.Mode.FAKE, folder);
  }

  @AfterAll
  void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aJobOfHundredsOfPodsCompletes() throws Exception {
    cluster.apply(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: many}
        spec:
          completions: 300
          parallelism: 100
          completionMode: Indexed
          template:
            spec: {restartPolicy: Never, containers: [{name: main, image: "no/such:1"}]}
        """);

    cluster.out("kubectl wait --for=condition=complete job/many --timeout=120s");

    assertThat(cluster.out("kubectl get job many -o jsonpath='{.status.succeeded}'"))
        .isEqualTo("300");
  }

  @Test
  void aPodThatFitsNowhereSaysSo() throws Exception {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: large}
        spec: {containers: [{name: main, image: "no/such:1", resources: {requests: {cpu: "2000"}}}]}
        """);

    cluster.out("kubectl wait --for=condition=PodScheduled=false pod/large --timeout=60s");

    assertThat(cluster.out("kubectl get pod large -o jsonpath='{.status.conditions[0].message}'"))
        .startsWith("0/10 nodes are available")
        .contains("Insufficient cpu");
  }

  @Test
  void aQuotaIsCounted() throws Exception {
    cluster.out("kubectl create namespace small");
    cluster.out("kubectl -n small create quota few --hard pods=1");
    cluster.out("kubectl -n small wait --for=jsonpath='{.status.hard.pods}'=1 quota/few");
    cluster.out(
        "for i in $(seq 100); do kubectl -n small get serviceaccount default && exit; sleep 0.1;"
            + " done; exit 1");
    cluster.out("kubectl -n small run one --image no/such:1");

    assertThat(cluster.run("kubectl -n small run two --image no/such:1"))
        .satisfies(result -> assertThat(result.exit()).isEqualTo(1))
        .satisfies(result -> assertThat(result.err()).contains("exceeded quota: few"));
  }
}
