package dev.dassie.server.jsonnet;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Map$;
import scala.collection.mutable.Builder;
import scala.util.Either;
import scala.util.Left;
import sjsonnet.DefaultParseCache;
import sjsonnet.Importer;
import sjsonnet.Interpreter;
import sjsonnet.Path;
import sjsonnet.ResolvedFile;
import sjsonnet.Settings;
import sjsonnet.StaticResolvedFile;
import ujson.Value;

/// The process that renders one template: reads a [Template] from standard input, prints JSON, or
/// what is wrong with it and ends with 2.
public final class RenderMain {
  /// How it ends where the template is wrong.
  static final int WRONG = 2;

  private RenderMain() {}

  public static void main(String[] args) throws IOException {
    Template template = Template.read(new DataInputStream(System.in));
    Either<String, Value> rendered;
    try {
      rendered = render(template);
    } catch (StackOverflowError e) {
      rendered = Left.apply("The template calls itself without end.");
    } catch (NoClassDefFoundError e) {
      rendered = Left.apply("The template uses a function of `std` that is not built in here.");
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    boolean right = rendered.isRight();
    out.print(
        right
            ? rendered.toOption().get().render(2, false)
            : rendered.swap().toOption().get().toString());
    out.flush();
    System.exit(right ? 0 : WRONG);
  }

  private static Either<String, Value> render(Template template) {
    scala.collection.immutable.Map<String, String> none = Map$.MODULE$.empty();
    Builder<Tuple2<String, String>, scala.collection.immutable.Map<String, String>> arguments =
        Map$.MODULE$.newBuilder();
    template
        .arguments()
        .forEach((name, text) -> arguments.addOne(new Tuple2<>(name, literal(text))));
    Interpreter interpreter =
        new Interpreter(
            none,
            arguments.result(),
            new TemplatePath("", ""),
            new Imports(template.files()),
            new DefaultParseCache(),
            new Settings(false, false, false, false, false, false),
            Interpreter.$lessinit$greater$default$7(),
            Interpreter.$lessinit$greater$default$8(),
            Interpreter.$lessinit$greater$default$9());
    return interpreter.interpret(
        template.text(), new TemplatePath(template.name(), template.text()));
  }

  /// Arguments are given to the interpreter as programs: a text is one when it is quoted.
  private static String literal(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          if (c == '"' || c == '\\' || c < ' ') {
            quoted.append("\\u%04x".formatted(c));
          } else {
            quoted.append((char) c);
          }
        });
    return quoted.append('"').toString();
  }

  /// The files that came along, and nothing else.
  private static final class Imports extends Importer {
    private final java.util.Map<String, String> files;

    Imports(java.util.Map<String, String> files) {
      this.files = files;
    }

    @Override
    public Option<Path> resolve(Path from, String name) {
      // The interpreter names the importing file's folder.
      String path = TemplatePath.normal(((TemplatePath) from).path() + "/" + name);
      String text = files.get(path);
      return text == null ? Option.empty() : Option.apply(new TemplatePath(path, text));
    }

    @Override
    public Option<ResolvedFile> read(Path path) {
      return Option.apply(new StaticResolvedFile(((TemplatePath) path).text()));
    }
  }
}
