package dev.dassie.server.s3;

import dev.dassie.fileset.Checksum;
import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.CrcJoin;
import dev.dassie.server.s3.protocol.Element;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.multipart.Part;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The checksum that an object in parts is to have.
///
/// @param whole whether it is that of all bytes, else that of the checksums of the parts
record PartSums(ChecksumKind kind, boolean whole) {
  private static final String TYPE = "x-amz-checksum-type";

  /// What a request asks for by its headers.
  static Optional<PartSums> asked(Exchange exchange) {
    Optional<ChecksumKind> kind =
        exchange
            .header("x-amz-checksum-algorithm")
            .map(text ->
                ChecksumKind.named(text)
                    .orElseThrow(() ->
                        Refusal.argument(
                            "x-amz-checksum-algorithm",
                            text,
                            "CRC32, CRC32C, CRC64NVME, SHA1 or SHA256")));
    Optional<String> type = exchange.header(TYPE);
    type.filter(text -> !text.equals("COMPOSITE") && !text.equals("FULL_OBJECT"))
        .ifPresent(text -> {
          throw Refusal.argument(TYPE, text, "`COMPOSITE` or `FULL_OBJECT`");
        });
    return kind.map(one -> of(one, type));
  }

  private static PartSums of(ChecksumKind kind, Optional<String> type) {
    boolean whole =
        type.map(text -> text.equals("FULL_OBJECT")).orElse(kind == ChecksumKind.CRC64NVME);
    boolean possible = whole ? kind.isLinear() : kind != ChecksumKind.CRC64NVME;
    if (!possible) {
      throw new Refusal(
          Code.INVALID_REQUEST,
          "The %s checksum type cannot be used with the %s checksum algorithm."
              .formatted(whole ? "FULL_OBJECT" : "COMPOSITE", kind.text()));
    }
    return new PartSums(kind, whole);
  }

  String type() {
    return whole ? "FULL_OBJECT" : "COMPOSITE";
  }

  /// What the list of a completion says of the checksums of its parts and of the whole.
  record Said(
      List<Element> parts,
      Optional<PartSums> asked,
      Optional<String> type,
      Optional<String> value) {
    /// The checksum of the object; refused where a part has another than the list says, or the
    /// whole. Nothing where not all parts have one of a kind.
    List<Checksum> whole(List<Part> stored) {
      for (int i = 0; i < stored.size(); i++) {
        check(parts.get(i), stored.get(i));
      }
      Optional<PartSums> wanted = asked.or(() -> common(stored));
      List<Checksum> sums = new ArrayList<>();
      for (PartSums one : wanted.stream().toList()) {
        Optional<Checksum> joined = one.join(stored);
        joined.ifPresent(sums::add);
        boolean right =
            value.isEmpty()
                || joined.isEmpty()
                || joined.get().value().equals(value.get().replaceFirst("-[0-9]{1,5}$", ""));
        if (!right) {
          throw new Refusal(
              Code.BAD_DIGEST,
              "The %s you specified did not match the calculated checksum.".formatted(one.kind()));
        }
      }
      return sums;
    }

    private static void check(Element listed, Part part) {
      for (ChecksumKind kind : ChecksumKind.values()) {
        Optional<String> value = listed.get(kind.element());
        boolean other =
            value.isPresent()
                && find(part, kind).filter(sum -> !sum.value().equals(value.get())).isPresent();
        if (other) {
          throw new Refusal(
                  Code.INVALID_PART,
                  "The %s of the part `%d` is not the one that the list says."
                      .formatted(kind.text(), part.number()))
              .with("PartNumber", Integer.toString(part.number()));
        }
      }
    }

    /// The kind that all parts have.
    private Optional<PartSums> common(List<Part> stored) {
      for (ChecksumKind kind : ChecksumKind.values()) {
        if (stored.stream().allMatch(part -> find(part, kind).isPresent())) {
          return Optional.of(of(kind, type));
        }
      }
      return Optional.empty();
    }
  }

  static Said said(Exchange exchange, List<Element> listed, Optional<PartSums> asked) {
    for (ChecksumKind kind : ChecksumKind.values()) {
      Optional<String> value = exchange.header(kind.header());
      if (value.isPresent()) {
        PartSums sums =
            asked
                .filter(one -> one.kind() == kind)
                .orElseGet(() -> of(kind, exchange.header(TYPE)));
        return new Said(listed, Optional.of(sums), exchange.header(TYPE), value);
      }
    }
    return new Said(listed, asked, exchange.header(TYPE), Optional.empty());
  }

  private static Optional<Checksum> find(Part part, ChecksumKind kind) {
    return part.checksums().stream()
        .filter(sum -> sum.algorithm() == Described.algorithm(kind))
        .findFirst();
  }

  private Optional<Checksum> join(List<Part> parts) {
    if (!parts.stream().allMatch(part -> find(part, kind).isPresent())) {
      return Optional.empty();
    }
    if (whole) {
      long value = 0;
      for (Part part : parts) {
        value =
            CrcJoin.of(kind)
                .join(value, CrcJoin.value(find(part, kind).orElseThrow().bytes()), part.size());
      }
      return Optional.of(
          new Checksum(Described.algorithm(kind), CrcJoin.base64(value, kind.bytes()), 0));
    }
    ChecksumKind.Digest digest = kind.start();
    for (Part part : parts) {
      byte[] bytes = Base64.getDecoder().decode(find(part, kind).orElseThrow().value());
      digest.update(bytes, 0, bytes.length);
    }
    return Optional.of(new Checksum(Described.algorithm(kind), digest.base64(), parts.size()));
  }
}
