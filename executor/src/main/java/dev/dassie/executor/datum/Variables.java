package dev.dassie.executor.datum;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The environment of a datum: what it gets at least, the sandbox's own variables, then the task's,
/// then the declared ones, then those of the datum's inputs; a later one wins.
public final class Variables {
  private static final Pattern PFS =
      Pattern.compile("(?<![A-Za-z0-9_.-])/pfs(?=$|[^A-Za-z0-9_.-])");

  private Variables() {}

  public static Map<String, String> of(
      Task task, Task.Item item, Slot.Layout layout, Map<String, String> base) {
    Map<String, String> variables = new LinkedHashMap<>(base);
    variables.put("HOME", layout.home());
    variables.put("TMPDIR", layout.temporary());
    variables.putAll(task.env());
    variables.putAll(task.transform().env());
    for (Task.Part part : item.parts()) {
      FilePath match = part.match().path();
      String place = "/pfs/" + part.name() + (match.isRoot() ? "" : match.toString());
      variables.put(part.name(), place);
      variables.put(part.name() + "_COMMIT", part.commit());
      String key = "PACH_DATUM_" + part.name();
      part.joinKey().ifPresent(join -> variables.put(key + "_JOIN_ON", join));
      part.groupKey().ifPresent(group -> variables.put(key + "_GROUP_BY", group));
    }
    variables.put("PACH_DATUM_ID", item.id());
    variables.replaceAll((name, value) -> place(value, layout));
    return variables;
  }

  /// `text` with `/pfs` replaced where the datum does not see it there.
  public static String place(String text, Slot.Layout layout) {
    return layout.pfs().equals("/pfs")
        ? text
        : PFS.matcher(text).replaceAll(Matcher.quoteReplacement(layout.pfs()));
  }

  /// The lines of `/pfs/.env`.
  public static String lines(Map<String, String> variables) {
    StringBuilder text = new StringBuilder();
    variables.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }
}
