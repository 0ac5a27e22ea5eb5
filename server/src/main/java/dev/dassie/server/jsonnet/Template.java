package dev.dassie.server.jsonnet;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A template with all that it may read.
///
/// @param name of the template's file, for messages and as the place that imports start from
/// @param text the program: a value, or a function whose parameters are `arguments`
/// @param arguments texts by parameter
/// @param files what it may import, by path relative to the template's folder
public record Template(
    String name, String text, Map<String, String> arguments, Map<String, String> files) {
  public Template {
    arguments = Map.copyOf(arguments);
    files = Map.copyOf(files);
  }

  void write(DataOutputStream out) throws IOException {
    writeText(out, name);
    writeText(out, text);
    writeTexts(out, arguments);
    writeTexts(out, files);
    out.flush();
  }

  static Template read(DataInputStream in) throws IOException {
    return new Template(readText(in), readText(in), readTexts(in), readTexts(in));
  }

  private static void writeTexts(DataOutputStream out, Map<String, String> texts)
      throws IOException {
    out.writeInt(texts.size());
    for (Map.Entry<String, String> one : texts.entrySet()) {
      writeText(out, one.getKey());
      writeText(out, one.getValue());
    }
  }

  private static Map<String, String> readTexts(DataInputStream in) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String key = readText(in);
      texts.put(key, readText(in));
    }
    return texts;
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
