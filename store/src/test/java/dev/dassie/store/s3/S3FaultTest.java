package dev.dassie.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.ObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.store.backend.Buckets;
import dev.dassie.store.backend.FaultyS3;
import dev.dassie.store.backend.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/// A real S3 server behind a proxy that does what networks and busy stores do.
class S3FaultTest {
  private static final Buckets SERVER = Buckets.shared();
  private static final int TRIES = 4;
  private static final S3Limits LIMITS =
      new S3Limits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          TRIES,
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          Duration.ofSeconds(60),
          8,
          5 << 20,
          6 << 20);
  private static final FaultyS3.Fault SLOW_DOWN = new FaultyS3.Fault.Answer(503, "SlowDown");

  @TempDir Path folder;
  private final String bucket = SERVER.newBucket();
  private FaultyS3 proxy;
  private S3ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    proxy = new FaultyS3(SERVER.port());
    store = openStore("");
  }

  private S3ObjectStore openStore(String parameters) {
    return new S3ObjectStore(
        S3Address.parse(
            "s3://" + bucket + "?endpoint=http://127.0.0.1:" + proxy.port() + parameters),
        LIMITS,
        folder,
        4 << 20);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
    proxy.close();
  }

  private void publish(String key, byte[] bytes) {
    publish(store, key, bytes);
  }

  private static void publish(ObjectStore store, String key, byte[] bytes) {
    try (ObjectStore.Upload upload = store.upload()) {
      upload.write(ByteBuffer.wrap(bytes));
      upload.publish(key);
    }
  }

  private static byte[] noise(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private byte[] read(String key, long offset, int length) {
    return read(store, key, offset, length);
  }

  private static byte[] read(ObjectStore store, String key, long offset, int length) {
    ByteBuffer buffer = store.read(key, offset, length);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static void assertFault(
      Class<? extends Fault> fault, String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> {
              assertThat(e.fault()).isInstanceOf(fault);
              assertThat(e.fault().message()).contains(words);
            });
  }

  static List<FaultyS3.Fault> passing() {
    return List.of(
        SLOW_DOWN,
        new FaultyS3.Fault.Answer(500, "InternalError"),
        new FaultyS3.Fault.Answer(429, "TooManyRequests"),
        new FaultyS3.Fault.Answer(400, "RequestTimeout"),
        new FaultyS3.Fault.Answer(400, "ExpiredToken"),
        new FaultyS3.Fault.Reset(),
        new FaultyS3.Fault.LostAnswer(),
        new FaultyS3.Fault.HalfAnswer(),
        new FaultyS3.Fault.Silence(),
        new FaultyS3.Fault.HalfSilence());
  }

  @Test
  void aPutWhoseAnswerWasLostIsFoundAndNotSentAgain() {
    byte[] bytes = noise(2, 300_000);
    proxy.next(1, "PUT .*small", new FaultyS3.Fault.LostAnswer());

    publish("small", bytes);

    assertThat(proxy.count("PUT .*small")).isEqualTo(1);
    assertThat(read("small", 5, 299_000)).isEqualTo(Arrays.copyOfRange(bytes, 5, 299_005));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatPassesIsTriedAgainAndNobodyNotices(FaultyS3.Fault fault) {
    byte[] large = noise(1, 7 << 20);
    byte[] small = noise(2, 300_000);
    for (String request :
        List.of(
            "PUT .*small",
            "HEAD .*small",
            "GET .*small",
            "POST .*uploads",
            "PUT .*partNumber=2",
            "POST .*uploadId",
            "GET .*list-type",
            "DELETE .*small")) {
      proxy.next(1, request, fault);
    }

    publish("small", small);
    publish("large", large);
    assertThat(store.size("small")).isEqualTo(small.length);
    assertThat(read("small", 5, 299_000)).isEqualTo(Arrays.copyOfRange(small, 5, 299_005));
    assertThat(store.list("", "", 10)).containsExactly("large", "small");
    store.delete("small");

    assertThat(store.list("", "", 10)).containsExactly("large");
    assertThat(read("large", 0, large.length)).isEqualTo(large);
    assertThat(proxy.count("GET .*small")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatDoesNotPassIsRefusedAfterSoManyTries() {
    proxy.next(1000, "/" + bucket, SLOW_DOWN);

    assertFault(
        Fault.Unavailable.class,
        "it answered SlowDown, 4 times",
        () -> publish("key", new byte[10]));
    assertThat(proxy.count("PUT .*/key")).isEqualTo(TRIES);
    assertFault(Fault.Unavailable.class, "SlowDown", () -> store.list("", "", 1));

    proxy.heal();
    publish("key", new byte[10]);
    assertThat(store.size("key")).isEqualTo(10);
  }

  @Test
  void aStoreThatFallsSilentIsGivenUp() {
    proxy.next(1000, "GET .*", new FaultyS3.Fault.HalfSilence());
    publish("key", noise(1, 1 << 20));

    assertFault(Fault.Unavailable.class, "4 times", () -> read("key", 0, 1 << 20));

    proxy.heal();
    assertThat(read("key", 0, 1 << 20)).isEqualTo(noise(1, 1 << 20));
  }

  @Test
  void aStoreThatKnowsTheConditionForWholeObjectsAloneTakesPartsToo() {
    proxy.next(1, "POST .*uploadId", new FaultyS3.Fault.Answer(501, "NotImplemented"));

    publish("large", noise(1, 7 << 20));

    assertThat(read("large", 0, 7 << 20)).isEqualTo(noise(1, 7 << 20));
    assertFault(Fault.AlreadyExists.class, "exists", () -> publish("large", noise(2, 7 << 20)));
  }

  @Test
  void anAnswerWithAnotherRangeIsNotBelieved() {
    byte[] bytes = noise(1, 600_000);
    publish("key", bytes);
    proxy.next(
        1,
        "GET .*/key",
        new FaultyS3.Fault.Changed(
            text -> text.replace("Content-Range: bytes 262144-", "Content-Range: bytes 0-")));

    assertThat(read("key", 300_000, 100)).isEqualTo(Arrays.copyOfRange(bytes, 300_000, 300_100));
  }

  @Test
  void credentialsThatExpireInTheMiddleOfAWriteAreSaidAndNothingIsVisible() {
    proxy.next(1000, "PUT .*partNumber=2", new FaultyS3.Fault.Answer(400, "ExpiredToken"));

    assertFault(
        Fault.Unavailable.class,
        "the credentials have expired or are not known (ExpiredToken); renew them",
        () -> publish("large", noise(1, 12 << 20)));

    assertThat(store.list("", "", 10)).isEmpty();
    assertThat(proxy.count("DELETE .*uploadId")).isEqualTo(1);
    proxy.heal();
    publish("large", noise(1, 12 << 20));
    assertThat(store.size("large")).isEqualTo(12 << 20);
  }

  @Test
  void credentialsThatExpireInTheMiddleOfAWriteAreTakenFromTheirProfileAgain() throws Exception {
    S3Server own = S3Server.start();
    String mine = own.newBucket();
    Path profile = folder.resolve("credentials");
    writeProfile(profile, S3Server.ACCESS_KEY);
    byte[] bytes = noise(1, 22 << 20);
    try (FaultyS3 wire = new FaultyS3(own.port());
        S3ObjectStore rotating =
            new S3ObjectStore(
                S3Address.parse("s3://" + mine + "?endpoint=http://127.0.0.1:" + wire.port()),
                LIMITS,
                () -> provider(profile),
                folder.resolve("own"),
                4 << 20)) {
      wire.next(
          1,
          "PUT .*partNumber=2",
          new FaultyS3.Fault.Changed(answer -> {
            own.accept("next", S3Server.SECRET_KEY);
            writeProfile(profile, "next");
            return answer;
          }));
      publish(rotating, "large", bytes);
      own.accept("third", S3Server.SECRET_KEY);

      assertFault(
          Fault.Unavailable.class,
          "the credentials have expired or are not known (InvalidAccessKeyId); renew them",
          () -> publish(rotating, "lost", bytes));

      writeProfile(profile, "third");
      publish(rotating, "after", new byte[1]);
      assertThat(rotating.list("", "", 10)).containsExactly("after", "large");
      assertThat(read(rotating, "large", 0, bytes.length)).isEqualTo(bytes);
    }
  }

  private static void writeProfile(Path file, String key) {
    try {
      Files.writeString(
          file,
          "[default]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
              .formatted(key, S3Server.SECRET_KEY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static AwsCredentialsProvider provider(Path profile) {
    return ProfileCredentialsProvider.builder()
        .profileFile(
            ProfileFile.builder().type(ProfileFile.Type.CREDENTIALS).content(profile).build())
        .build();
  }

  @Test
  void aBucketThatVanishesIsNeverTakenForMissingObjects() {
    publish("key", noise(1, 600_000));
    SERVER.deleteBucket(bucket);
    String words = "the bucket does not exist (any more)";

    assertFault(Fault.Unavailable.class, words, () -> store.size("key"));
    assertFault(Fault.Unavailable.class, words, () -> read("key", 0, 10));
    assertFault(Fault.Unavailable.class, words, () -> publish("other", new byte[10]));
    assertFault(Fault.Unavailable.class, words, () -> publish("other", new byte[7 << 20]));
    assertFault(Fault.Unavailable.class, words, () -> store.list("", "", 10));
    assertFault(Fault.Unavailable.class, words, () -> openStore(""));
  }

  @Test
  void refusalsAreSaidAtOnce() {
    proxy.next(1, "PUT .*/full", new FaultyS3.Fault.Answer(507, "XMinioStorageFull"));
    proxy.next(1, "PUT .*/denied", new FaultyS3.Fault.Answer(403, "AccessDenied"));
    proxy.next(1, "PUT .*/moved", new FaultyS3.Fault.Answer(301, "PermanentRedirect"));

    assertFault(Fault.Full.class, "No space is left", () -> publish("full", new byte[1]));
    assertFault(
        Fault.Unavailable.class,
        "it refuses these credentials (AccessDenied)",
        () -> publish("denied", new byte[1]));
    assertFault(Fault.Unavailable.class, "another region", () -> publish("moved", new byte[1]));

    assertThat(proxy.count("PUT .*/(full|denied|moved)")).isEqualTo(3);
  }

  @Test
  void packsThatAreListedLateAreStillRead() {
    Digest id;
    try (Packs packs = new Packs(store, folder.resolve("index"));
        ChunkStore.Session session = packs.session()) {
      id = session.put(ChunkStore.Role.DATA, noise(1, 100_000), 0, 100_000);
      session.publish();
    }
    proxy.next(
        1000,
        "GET .*list-type",
        new FaultyS3.Fault.Changed(text -> text.replaceAll("(?s)<Contents>.*</Contents>", "")));

    assertThat(store.list("packs/", "", 10)).isEmpty();
    try (Packs packs = new Packs(store, folder.resolve("index"))) {
      assertThat(packs.read(id)).isEqualTo(noise(1, 100_000));
    }
  }

  @Test
  void aStoreThatOverwritesIsRefusedUnlessItIsToldSo() {
    FaultyS3.Fault overwrites =
        new FaultyS3.Fault.Changed(
            text -> text.replaceFirst("HTTP/1.1 412 [^\r]*", "HTTP/1.1 200 OK"));
    proxy.next(1000, "PUT .*dassie-store", overwrites);

    assertFault(Fault.Conflict.class, "does not honour `If-None-Match: *`", () -> openStore(""));

    store.close();
    store = openStore("&conditional_put=false");
    publish("key", new byte[] {1});
    assertFault(
        Fault.AlreadyExists.class, "`key` exists already", () -> publish("key", new byte[] {2}));
    assertThat(read("key", 0, 1)).containsExactly(1);
  }

  /// One seed a round: a random half of all requests meets a random fault, and whatever the store
  /// says to have done is there, byte for byte, while what it refused is whole or not there.
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {1, 2, 3, 4})
  void whatIsAcknowledgedUnderRandomFaultsIsThere(int seed) {
    Random random = new Random(seed);
    TreeMap<String, byte[]> acknowledged = new TreeMap<>();
    for (int i = 0; i < 25; i++) {
      FaultyS3.Fault fault = passing().get(random.nextInt(8));
      proxy.next(1 + random.nextInt(3), "/" + bucket, fault);
      String key = "k/" + i;
      byte[] bytes = noise(seed * 100 + i, random.nextInt(400_000));
      try {
        publish(key, bytes);
        acknowledged.put(key, bytes);
        if (random.nextInt(4) == 0) {
          store.delete(key);
          acknowledged.remove(key);
        }
      } catch (DassieException e) {
        assertThat(e.fault()).isInstanceOf(Fault.Unavailable.class);
        acknowledged.remove(key);
      }
    }
    proxy.heal();

    List<String> listed = store.list("", "", 1000);

    assertThat(listed).containsAll(acknowledged.keySet());
    for (String key : listed) {
      int i = Integer.parseInt(key.substring(2));
      byte[] found = read(key, 0, (int) store.size(key));
      assertThat(found).isEqualTo(Arrays.copyOf(noise(seed * 100 + i, found.length), found.length));
      if (acknowledged.containsKey(key)) {
        assertThat(found).isEqualTo(acknowledged.get(key));
      }
    }
  }
}
