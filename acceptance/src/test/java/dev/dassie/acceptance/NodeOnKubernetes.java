package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What other tests rely on: Pods of `tools/kubernetes` are real containers with real limits, a
/// network, names and rights. A part of `make check-kubernetes`; the name keeps it out of other
/// runs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeOnKubernetes {
  private static final String CONTAINER =
      "image: localhost/busybox:1, imagePullPolicy: Never, command: [sh, -c, '%s']";

  private Cluster cluster;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    cluster = Cluster.start(Cluster.Mode.NODE, folder);
  }

  @AfterAll
  void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void aJobSharesAFolderASecretAndTheFactsOfItsPod() throws Exception {
    cluster.apply(
        """
        {apiVersion: v1, kind: Secret, metadata: {name: told}, stringData: {word: s3cret}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: shares}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              volumes: [{name: pfs, emptyDir: {}}, {name: told, secret: {secretName: told}}]
              initContainers:
                - {name: first, %s, volumeMounts: [{name: pfs, mountPath: /pfs}]}
              containers:
                - {name: main, %s,
                   env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}},
                         {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}],
                   resources: {limits: {cpu: 300m, memory: 64Mi}},
                   volumeMounts: [{name: pfs, mountPath: /pfs}, {name: told, mountPath: /told}]}
        """
            .formatted(
                CONTAINER.formatted("echo from the first > /pfs/file"),
                CONTAINER.formatted("cat /pfs/file /told/word; echo; echo on $NODE with $CPU")));

    cluster.out("kubectl wait --for=condition=complete job/shares --timeout=60s");

    assertThat(cluster.out("kubectl logs job/shares -c main"))
        .isEqualTo("from the first\ns3cret\non node-1 with 300");
  }

  @Test
  void aCommandInAPodGivesItsExitCodeAndTakesInput() throws Exception {
    pod("runs", "sleep 600", "");

    assertThat(cluster.run("echo in | kubectl exec -i runs -- sh -c 'cat; exit 7'"))
        .satisfies(result -> assertThat(result.out()).isEqualTo("in\n"))
        .satisfies(result -> assertThat(result.exit()).isEqualTo(7));
  }

  @Test
  void aLimitOfMemoryIsKept() throws Exception {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: greedy}
        spec:
          restartPolicy: Never
          containers: [{name: main, %s, resources: {limits: {memory: 32Mi}}}]
        """
            .formatted(CONTAINER.formatted("tail -c 200000000 /dev/zero")));

    cluster.out("kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/greedy --timeout=60s");

    assertThat(
            cluster.out(
                "kubectl get pod greedy -o"
                    + " jsonpath='{.status.containerStatuses[0].state.terminated.reason}'"))
        .isEqualTo("OOMKilled");
  }

  @Test
  void aServiceIsFoundByNameAndTheMachineIsNotReached() throws Exception {
    pod("answers", "while :; do echo hello | nc -l -p 8080; done", "labels: {app: answers}");
    cluster.out("kubectl expose pod answers --port 80 --target-port 8080");
    pod("asks", "sleep 600", "");

    assertThat(
            cluster.out(
                "for i in $(seq 100); do kubectl exec asks -- sh -c 'nc answers 80 < /dev/null'"
                    + " && exit; sleep 0.1; done; exit 1"))
        .isEqualTo("hello");
    assertThat(cluster.run("kubectl exec asks -- nc -w 2 192.0.2.1 80").exit())
        .as("there is no way out")
        .isNotZero();
  }

  @Test
  void anAccountWithoutRightsIsRefused() throws Exception {
    cluster.out("kubectl create serviceaccount weak");

    String token = cluster.out("kubectl create token weak");

    assertThat(
            cluster.run(
                "kubectl --kubeconfig /dev/null --server $(kubectl config view --minify -o"
                    + " jsonpath='{.clusters[0].cluster.server}') --insecure-skip-tls-verify --token "
                    + token
                    + " get pods"))
        .satisfies(result -> assertThat(result.exit()).isEqualTo(1))
        .satisfies(result ->
            assertThat(result.err()).contains("Forbidden", "system:serviceaccount:default:weak"));
  }

  private void pod(String name, String command, String metadata)
      throws IOException, InterruptedException {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          %s
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: main, %s}]
        """
            .formatted(name, metadata, CONTAINER.formatted(command)));
    cluster.out("kubectl wait --for=condition=Ready pod/%s --timeout=60s".formatted(name));
  }
}
