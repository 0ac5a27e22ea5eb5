package dev.dassie.server.console.preview;

import dev.dassie.api.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Jupyter notebooks (nbformat 4): sources, text and PNG images. Markup and scripts that cells left
/// are not shown.
final class Notebooks {
  private static final int CELLS = 500;
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]*");
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

  private Notebooks() {}

  static Optional<Preview> of(String text) {
    JsonNode notebook;
    try {
      notebook = Json.parse(text);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (!notebook.path("cells").isArray()) {
      return Optional.empty();
    }
    List<Preview.Cell> cells = new ArrayList<>();
    for (JsonNode cell : notebook.path("cells")) {
      if (cells.size() == CELLS) {
        return Optional.of(new Preview.Notebook(cells, false));
      }
      cells.add(cell(cell));
    }
    return Optional.of(new Preview.Notebook(cells, true));
  }

  private static Preview.Cell cell(JsonNode cell) {
    String kind = cell.path("cell_type").asString("raw");
    String source = joined(cell.path("source"));
    Optional<String> html =
        kind.equals("markdown") ? Optional.of(Markdown.html(source)) : Optional.empty();
    List<Preview.Output> outputs = new ArrayList<>();
    for (JsonNode output : cell.path("outputs")) {
      outputs.add(output(output));
    }
    return new Preview.Cell(kind, source, html, outputs);
  }

  private static Preview.Output output(JsonNode output) {
    String png = joined(output.path("data").path("image/png"));
    if (!png.isEmpty() && BASE64.matcher(png).matches()) {
      return new Preview.Output("", Optional.of(png.replaceAll("\\s", "")));
    }
    String text =
        joined(output.path("text"))
            + joined(output.path("data").path("text/plain"))
            + joined(output.path("traceback"));
    return new Preview.Output(COLOUR.matcher(text).replaceAll(""), Optional.empty());
  }

  /// Text that may be cut into a list of lines.
  private static String joined(JsonNode text) {
    if (!text.isArray()) {
      return text.asString("");
    }
    StringBuilder all = new StringBuilder();
    text.forEach(line -> all.append(line.asString("")));
    return all.toString();
  }
}
