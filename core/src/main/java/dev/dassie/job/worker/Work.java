package dev.dassie.job.worker;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.TreeRoot;
import dev.dassie.job.Disclosure;
import dev.dassie.job.Environment;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a worker gets: a task under a lease. It holds the secrets of the code, so that it is
/// written for the connection between programs of one build, never kept and never logged.
public record Work(long lease, Task task) {
  private static final int VERSION = 1;

  public byte[] encode() {
    Encoder out = new Encoder().u8(VERSION).varint(lease).varint(task.lease());
    out.string(task.pipeline());
    write(out, task.transform());
    out.optional(task.source(), Work::write);
    out.list(task.environment().facts(), Encoder::string);
    out.list(task.environment().exposed(), Encoder::string);
    write(out, task.secrets().variables());
    out.list(task.secrets().files(), (to, file) -> to.string(file.path()).bytes(file.bytes()));
    out.list(task.secrets().values(), Encoder::bytes);
    write(out, task.env());
    out.list(task.items(), Work::write);
    Task.Limits limits = task.limits();
    out.varint(limits.tries()).optional(limits.timeout(), (to, time) -> to.varint(time.toMillis()));
    out.varint(limits.logBytes()).varint(limits.resources().memoryBytes());
    out.varint(limits.resources().milliCpus()).varint(limits.resources().diskBytes());
    return out.bool(task.batching()).toBytes();
  }

  public static Work decode(byte[] bytes) {
    Decoder in = new Decoder("The work for a worker", bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Invalid("The version of the work", Integer.toString(version), "1")
          .asException();
    }
    long lease = in.varint();
    long number = in.varint();
    String pipeline = in.string();
    Transform transform = transform(in);
    Optional<Entry.Directory> source = in.optional(Work::directory);
    Environment environment = new Environment(in.list(Decoder::string), in.list(Decoder::string));
    Disclosure secrets =
        new Disclosure(
            texts(in),
            in.list(from -> new Disclosure.SecretFile(from.string(), from.bytes())),
            in.list(Decoder::bytes));
    Map<String, String> env = texts(in);
    List<Task.Item> items = in.list(Work::item);
    int tries = in.length(Integer.MAX_VALUE);
    Optional<Duration> timeout = in.optional(from -> Duration.ofMillis(from.varint()));
    long logBytes = in.varint();
    Resources resources = new Resources(in.varint(), in.length(Integer.MAX_VALUE), in.varint());
    Task task =
        new Task(
            number,
            pipeline,
            transform,
            source,
            environment,
            secrets,
            env,
            items,
            new Task.Limits(tries, timeout, logBytes, resources),
            in.bool());
    return new Work(lease, task);
  }

  private static void write(Encoder out, Map<String, String> texts) {
    out.varint(texts.size());
    new TreeMap<>(texts).forEach((name, value) -> out.string(name).string(value));
  }

  private static Map<String, String> texts(Decoder in) {
    int count = in.length(in.remaining());
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      texts.put(in.string(), in.string());
    }
    return texts;
  }

  private static void write(Encoder out, Transform code) {
    out.list(code.cmd(), Encoder::string).list(code.stdin(), Encoder::string);
    write(out, code.env());
    out.optional(code.source(), Encoder::string).optional(code.workingDir(), Encoder::string);
    out.list(code.acceptReturnCode(), (to, number) -> to.varint(number));
    out.list(code.errCmd(), Encoder::string).list(code.errStdin(), Encoder::string);
    out.bool(code.network() == Transform.Network.NONE).optional(code.image(), Encoder::string);
    out.optional(code.user(), Encoder::string);
  }

  /// What the code gets of secrets stands in the task, so that the transform names none.
  private static Transform transform(Decoder in) {
    return new Transform(
        in.list(Decoder::string),
        in.list(Decoder::string),
        texts(in),
        in.optional(Decoder::string),
        in.optional(Decoder::string),
        in.list(from -> (int) from.varint()),
        in.list(Decoder::string),
        in.list(Decoder::string),
        in.bool() ? Transform.Network.NONE : Transform.Network.HOST,
        in.optional(Decoder::string),
        in.optional(Decoder::string),
        List.of());
  }

  private static void write(Encoder out, Task.Item item) {
    out.string(item.id()).digest(item.key());
    out.list(
        item.parts(),
        (to, part) -> {
          to.string(part.name());
          switch (part.match()) {
            case Entry.File file -> {
              to.u8(file.executable() ? 2 : 1).string(file.path().value());
              Body.write(to, file.body());
            }
            case Entry.Directory directory -> {
              to.u8(3);
              write(to, directory);
            }
          }
          to.string(part.commit()).bool(part.emptyFiles());
          to.optional(part.joinKey(), Encoder::string).optional(part.groupKey(), Encoder::string);
        });
  }

  private static Task.Item item(Decoder in) {
    String id = in.string();
    Digest key = in.digest();
    return new Task.Item(id, key, in.list(Work::part));
  }

  private static Task.Part part(Decoder in) {
    String name = in.string();
    int kind = in.u8();
    Entry match =
        switch (kind) {
          case 1, 2 -> new Entry.File(new FilePath(in.string()), kind == 2, Body.read(in));
          case 3 -> directory(in);
          default ->
              throw new Fault.Invalid("The kind of an input", Integer.toString(kind), "1 to 3")
                  .asException();
        };
    return new Task.Part(
        name,
        match,
        in.string(),
        in.bool(),
        in.optional(Decoder::string),
        in.optional(Decoder::string));
  }

  private static void write(Encoder out, Entry.Directory directory) {
    out.string(directory.path().value());
    switch (directory.tree()) {
      case TreeRoot.Inlined inlined -> out.u8(0).bytes(inlined.node());
      case TreeRoot.Stored stored -> out.u8(1).digest(stored.digest());
    }
    out.varint(directory.files()).varint(directory.size());
  }

  private static Entry.Directory directory(Decoder in) {
    FilePath path = new FilePath(in.string());
    int kind = in.u8();
    TreeRoot tree =
        switch (kind) {
          case 0 -> new TreeRoot.Inlined(in.bytes());
          case 1 -> new TreeRoot.Stored(in.digest());
          default ->
              throw new Fault.Invalid("The kind of a tree", Integer.toString(kind), "0 or 1")
                  .asException();
        };
    return new Entry.Directory(path, tree, in.varint(), in.varint());
  }
}
