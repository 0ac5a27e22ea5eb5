package dev.dassie.server.access;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.job.standing.Host;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The tokens of processes that run now: each is good for one run of one pipeline. Only hashes are
/// kept, in memory: no token outlives its process or the server. Thread-safe.
public final class RunTokens implements Host.Tokens {
  private static final String PREFIX = "run_";
  private static final int BYTES = 16;

  private final SecureRandom random;
  private final Map<Digest, RepoName> outputs = new ConcurrentHashMap<>();

  public RunTokens(SecureRandom random) {
    this.random = random;
  }

  @Override
  public String issue(RepoName output) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String token = PREFIX + HexFormat.of().formatHex(bytes);
    outputs.put(hash(token), output);
    return token;
  }

  @Override
  public void revoke(String token) {
    outputs.remove(hash(token));
  }

  /// The pipeline whose process shows the header `Authorization`; nothing for other callers. A
  /// token of a run that is over is refused.
  ///
  /// @return the repo that the pipeline writes
  public Optional<RepoName> pipeline(Optional<String> authorization) {
    Optional<String> token =
        authorization
            .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(header -> header.substring(7).strip())
            .filter(text -> text.startsWith(PREFIX));
    if (token.isEmpty()) {
      return Optional.empty();
    }
    RepoName output = outputs.get(hash(token.get()));
    if (output == null) {
      throw new Fault.Denied("a process that has ended", "use its token any longer").asException();
    }
    return Optional.of(output);
  }

  private static Digest hash(String token) {
    return Digest.of(token.getBytes(StandardCharsets.UTF_8));
  }
}
