package dev.dassie.server.console.preview;

import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/// CommonMark as markup. Markup in the source is shown as text, links that would run something lose
/// their address, and images become their words: nothing is loaded. Thread-safe.
final class Markdown {
  private static final List<TablesExtension> TABLES =
      List.of((TablesExtension) TablesExtension.create());
  private static final Parser PARSER =
      Parser.builder().extensions(TABLES).maxOpenBlockParsers(50).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(TABLES).escapeHtml(true).sanitizeUrls(true).build();

  private Markdown() {}

  static String html(String source) {
    return RENDERER.render(PARSER.parse(source));
  }
}
