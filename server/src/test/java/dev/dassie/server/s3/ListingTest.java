package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// ListObjects, ListObjectsV2 and ListObjectVersions.
class ListingTest {
  private static final String B = "master.lists";
  private static final List<String> KEYS =
      List.of(
          "a",
          "a!",
          "a/1",
          "a/2/x",
          "a/2/y",
          "a0",
          "b/c/d",
          "marked/",
          "marked/in",
          "ü/1",
          "z z+&<");

  @TempDir static Path home;
  static S3Server s3;

  @BeforeAll
  static void start() {
    s3 = new S3Server(home);
    s3.bucket(B);
    KEYS.stream()
        .filter(key -> !key.equals("a"))
        .forEach(key -> {
          s3.put(B, key, key.endsWith("/") ? "" : "1");
        });
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  /// What a listing must give, by the rule itself: keys and folders of a prefix, in order.
  private static List<String> expected(String prefix, String delimiter) {
    TreeSet<String> shown = new TreeSet<>(Listings::compare);
    for (String key : KEYS) {
      if (key.startsWith(prefix) && !key.equals("a")) {
        int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        shown.add(cut < 0 ? key : key.substring(0, cut + delimiter.length()));
      }
    }
    return List.copyOf(shown);
  }

  private static List<String> shown(List<S3Object> keys, List<CommonPrefix> folders) {
    List<String> all = new ArrayList<>();
    keys.forEach(key -> all.add(key.key()));
    folders.forEach(folder -> all.add(folder.prefix()));
    all.sort(Listings::compare);
    return all;
  }

  @Test
  void everyPrefixDelimiterAndPageSizeGivesTheSame() {
    List<String> prefixes =
        List.of("", "a", "a/", "a/2", "a/2/", "m", "marked/", "nothing", "ü", "//");
    for (String prefix : prefixes) {
      for (String delimiter : List.of("", "/", "/2/", "1", "!")) {
        for (int size : new int[] {1, 2, 3, 1000}) {
          List<String> second = new ArrayList<>();
          s3.client()
              .listObjectsV2Paginator(
                  r -> r.bucket(B).prefix(prefix).delimiter(delimiter).maxKeys(size))
              .forEach(page -> {
                assertThat(page.keyCount()).isLessThanOrEqualTo(size);
                second.addAll(shown(page.contents(), page.commonPrefixes()));
              });

          assertThat(second)
              .as("%s %s %d", prefix, delimiter, size)
              .isEqualTo(expected(prefix, delimiter));
          assertThat(first(prefix, delimiter, size)).isEqualTo(second);
        }
      }
    }
  }

  private static List<String> first(String prefix, String delimiter, int size) {
    List<String> all = new ArrayList<>();
    String marker = "";
    while (true) {
      String from = marker;
      ListObjectsResponse page =
          s3.client()
              .listObjects(
                  r -> r.bucket(B).prefix(prefix).delimiter(delimiter).maxKeys(size).marker(from));
      all.addAll(shown(page.contents(), page.commonPrefixes()));
      if (!page.isTruncated()) {
        return all;
      }
      marker = page.nextMarker();
    }
  }

  @Test
  void aListingBeginsAfterWhatItIsTold() {
    ListObjectsV2Response page =
        s3.client().listObjectsV2(r -> r.bucket(B).startAfter("a/2/x").fetchOwner(true));

    assertThat(page.contents().getFirst().key()).isEqualTo("a/2/y");
    assertThat(page.contents().getFirst().owner().displayName()).isEqualTo("dassie");
    assertThat(page.startAfter()).isEqualTo("a/2/x");
  }

  @Test
  void aPageOfNothingIsEmpty() {
    ListObjectsV2Response page = s3.client().listObjectsV2(r -> r.bucket(B).maxKeys(0));

    assertThat(page.contents()).isEmpty();
    assertThat(page.isTruncated()).isFalse();
  }

  @Test
  void whatIsAskedWronglyIsRefused() throws Exception {
    for (String query :
        List.of(
            "list-type=3",
            "list-type=2&max-keys=-1",
            "list-type=2&max-keys=x",
            "encoding-type=base64",
            "continuation-token=AAAA&list-type=2",
            "versions&version-id-marker=x")) {
      assertThat(s3.send("GET", "/" + B + "?" + query))
          .satisfies(reply -> assertThat(reply.statusCode()).as(query).isEqualTo(400))
          .satisfies(reply -> assertThat(reply.body()).contains("<Code>InvalidArgument</Code>"));
    }
    assertThatThrownBy(() -> s3.client().listObjectsV2(r -> r.bucket("no.where")))
        .isInstanceOf(NoSuchBucketException.class);
  }

  @Test
  void aTokenOfAnotherListIsRefused() {
    String token = s3.client().listObjectsV2(r -> r.bucket(B).maxKeys(1)).nextContinuationToken();

    assertThatThrownBy(
            () -> s3.client().listObjectsV2(r -> r.bucket(B).prefix("a").continuationToken(token)))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(400));
  }

  @Test
  void namesAreEncodedWhereThatIsAsked() throws Exception {
    assertThat(s3.send("GET", "/" + B + "?encoding-type=url&prefix=z").body())
        .contains("<Key>z%20z%2B%26%3C</Key>");
    assertThat(s3.send("GET", "/" + B + "?prefix=z").body()).contains("<Key>z z+&amp;&lt;</Key>");
  }

  @Test
  void versionsAreTheCommitsThatChangedAKey() {
    String bucket = s3.bucket("master.history");
    s3.put(bucket, "f", "one");
    s3.put(bucket, "g", "other");
    s3.put(bucket, "f", "two!");
    s3.client().deleteObject(r -> r.bucket(bucket).key("f"));

    ListObjectVersionsResponse all = s3.client().listObjectVersions(r -> r.bucket(bucket));

    assertThat(all.versions().stream().map(v -> v.key() + " " + v.size() + " " + v.isLatest()))
        .containsExactly("f 4 false", "f 3 false", "g 5 true");
    assertThat(all.deleteMarkers())
        .singleElement()
        .satisfies(marker -> assertThat(marker.isLatest()).isTrue());
    for (ObjectVersion version : all.versions()) {
      assertThat(
              s3.client()
                  .headObject(
                      r -> r.bucket(bucket).key(version.key()).versionId(version.versionId()))
                  .eTag())
          .isEqualTo(version.eTag());
    }
  }

  @Test
  void versionsComeInPages() {
    String bucket = s3.bucket("master.pages");
    Random random = new Random(3);
    for (int i = 0; i < 25; i++) {
      s3.put(bucket, "d" + random.nextInt(3) + "/k" + random.nextInt(3), "v" + i);
    }
    List<String> whole =
        s3.client().listObjectVersions(r -> r.bucket(bucket)).versions().stream()
            .map(v -> v.key() + v.versionId() + v.isLatest())
            .toList();

    List<String> paged =
        s3
            .client()
            .listObjectVersionsPaginator(r -> r.bucket(bucket).maxKeys(2))
            .versions()
            .stream()
            .map(v -> v.key() + v.versionId() + v.isLatest())
            .toList();

    assertThat(whole).hasSize(25);
    assertThat(paged).isEqualTo(whole);
    assertThat(
            s3
                .client()
                .listObjectVersionsPaginator(r -> r.bucket(bucket).delimiter("/").maxKeys(1))
                .commonPrefixes()
                .stream()
                .map(CommonPrefix::prefix))
        .containsExactly("d0/", "d1/", "d2/");
  }
}
