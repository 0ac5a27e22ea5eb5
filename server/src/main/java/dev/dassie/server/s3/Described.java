package dev.dassie.server.s3;

import dev.dassie.fileset.Checksum;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a writing request says of its object beside its bytes.
final class Described {
  private static final String META = "x-amz-meta-";

  /// Bytes of all names and values of users' metadata, as at Amazon's.
  private static final int META_MAX = 2048;

  private static final int VALUE_MAX = 1024;

  /// Headers that would promise what is not done, and what each is for.
  private static final Map<String, String> NOT_SERVED =
      Map.of(
          "x-amz-server-side-encryption", "encryption by request",
          "x-amz-server-side-encryption-customer-algorithm", "encryption by request",
          "x-amz-tagging", "tagging",
          "x-amz-website-redirect-location", "websites",
          "x-amz-object-lock-mode", "object locks",
          "x-amz-object-lock-legal-hold", "object locks",
          "x-amz-object-lock-retain-until-date", "object locks",
          "x-amz-write-offset-bytes", "appending");

  private static final List<String> ACLS = List.of("private", "bucket-owner-full-control");

  private Described() {}

  /// The attributes that headers give; what cannot be kept is refused.
  static FileAttributes read(Exchange exchange) {
    refuseNotServed(exchange);
    EnumMap<FileAttributes.Header, String> headers = new EnumMap<>(FileAttributes.Header.class);
    ObjectReads.NAMES.forEach((header, name) ->
        exchange
            .header(name)
            .map(
                value -> header == FileAttributes.Header.CONTENT_ENCODING ? encoding(value) : value)
            .filter(value -> !value.isEmpty())
            .ifPresent(value -> {
              String _ = headers.put(header, checked(name, value));
            }));
    Optional<String> type =
        exchange
            .header("Content-Type")
            .filter(value -> !value.isEmpty())
            .map(value -> checked("Content-Type", value));
    return FileAttributes.ofType(type).withHeaders(headers).withUser(metadata(exchange));
  }

  private static String checked(String name, String value) {
    if (value.length() > VALUE_MAX || value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw Refusal.argument(name, value, "at most 1,024 characters, none of them control ones");
    }
    return value;
  }

  /// What the bytes have beside the encoding of the transfer.
  private static String encoding(String value) {
    return Arrays.stream(value.split(","))
        .map(String::strip)
        .filter(one -> !one.equals("aws-chunked") && !one.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static Map<String, String> metadata(Exchange exchange) {
    Map<String, String> user = new TreeMap<>();
    int bytes = 0;
    for (String name : exchange.headerNames()) {
      if (name.startsWith(META) && name.length() > META.length()) {
        String value = exchange.joined(name);
        bytes += name.length() - META.length() + value.getBytes(StandardCharsets.UTF_8).length;
        user.put(name.substring(META.length()), value);
      }
    }
    if (bytes > META_MAX) {
      throw new Refusal(
              Code.METADATA_TOO_LARGE,
              "Your metadata headers exceed the maximum allowed metadata size.")
          .with("Size", Integer.toString(bytes))
          .with("MaxSizeAllowed", Integer.toString(META_MAX));
    }
    return user;
  }

  private static void refuseNotServed(Exchange exchange) {
    for (String name : exchange.headerNames()) {
      if (NOT_SERVED.containsKey(name)) {
        throw new Refusal(
                Code.NOT_IMPLEMENTED,
                "The header `%s` is not served: there is no %s here."
                    .formatted(name, NOT_SERVED.get(name)))
            .with("Header", name);
      }
      boolean grants = name.startsWith("x-amz-grant-");
      if (grants || (name.equals("x-amz-acl") && !ACLS.contains(exchange.joined(name)))) {
        throw new Refusal(Code.ACCESS_CONTROL_LIST_NOT_SUPPORTED, "The bucket does not allow ACLs");
      }
    }
    exchange
        .header("x-amz-storage-class")
        .filter(storage -> !storage.equals("STANDARD"))
        .ifPresent(storage -> {
          throw new Refusal(
                  Code.INVALID_STORAGE_CLASS, "The storage class you specified is not valid")
              .with("StorageClassRequested", Refusal.shortened(storage));
        });
  }

  /// Checksums as the core keeps them.
  static List<Checksum> sums(Map<ChecksumKind, String> values) {
    List<Checksum> sums = new ArrayList<>();
    values.forEach((kind, value) -> sums.add(new Checksum(algorithm(kind), value, 0)));
    return sums;
  }

  static Checksum.Algorithm algorithm(ChecksumKind kind) {
    return switch (kind) {
      case CRC32 -> Checksum.Algorithm.CRC32;
      case CRC32C -> Checksum.Algorithm.CRC32C;
      case CRC64NVME -> Checksum.Algorithm.CRC64NVME;
      case SHA1 -> Checksum.Algorithm.SHA1;
      case SHA256 -> Checksum.Algorithm.SHA256;
    };
  }
}
