package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Xml;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The owner that documents name: everything is the server's.
final class Owner {
  private static final String NAME = "dassie";
  static final String ID =
      HexFormat.of()
          .formatHex(ChecksumKind.digest("SHA-256").digest(NAME.getBytes(StandardCharsets.UTF_8)));

  private Owner() {}

  static void add(Xml xml, String element) {
    xml.open(element);
    addTo(xml);
    xml.close();
  }

  static void addTo(Xml xml) {
    xml.add("ID", ID).add("DisplayName", NAME);
  }
}
