package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.version.BranchName;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The stored form of a [PipelineSpec] (docs/format.md, "Pipeline specs"): one spec has one form,
/// whatever the order of its maps.
final class SpecCodec {
  /// The newest version; it is written where there are numbered fields of the spec, else 2 is.
  private static final int VERSION = 3;

  private static final int FILES = 1;
  private static final int CROSS = 2;
  private static final int UNION = 3;
  private static final int JOIN = 4;
  private static final int GROUP = 5;

  private static final int LAZY = 1;
  private static final int REFERENCE = 2;
  private static final int JOIN_ON = 3;
  private static final int OUTER_JOIN = 4;
  private static final int GROUP_BY = 5;
  private static final int NEVER = 6;
  private static final int TRIGGER = 7;
  private static final int CRON = 8;
  private static final int S3 = 9;
  private static final int NEWEST_FIELD = S3;

  private static final int USER = 1;
  private static final int SECRETS = 2;
  private static final int EGRESS = 7;
  private static final int RESOURCES = 8;
  private static final int NEWEST = RunningCodec.NEWEST;

  private static final int MAX_DEPTH = 100;

  private SpecCodec() {}

  static void write(Encoder out, PipelineSpec spec) {
    SpecFields.Writer more = more(spec);
    out.u8(more.isEmpty() ? 2 : VERSION)
        .string(spec.project())
        .string(spec.name())
        .string(spec.description());
    map(out, spec.labels());
    map(out, spec.annotations());
    transform(out, spec.transform());
    input(out, spec.input());
    out.string(spec.outputBranch())
        .varint(spec.parallelism())
        .varint(spec.datumTries())
        .optional(spec.datumTimeout(), SpecCodec::duration)
        .optional(spec.jobTimeout(), SpecCodec::duration)
        .bool(spec.everyJob())
        .bool(spec.concat())
        .string(spec.salt())
        .list(spec.unused(), Encoder::string);
    if (!more.isEmpty()) {
      more.end(out);
    }
  }

  private static SpecFields.Writer more(PipelineSpec spec) {
    Transform transform = spec.transform();
    SpecFields.Writer fields =
        new SpecFields.Writer()
            .text(USER, transform.user())
            .value(
                SECRETS,
                Optional.of(transform.secrets()).filter(uses -> !uses.isEmpty()),
                (out, uses) -> out.list(uses, SpecCodec::secret));
    SpecFields.Writer more =
        RunningCodec.add(fields, spec.running())
            .value(EGRESS, spec.egress(), EgressCodec::write)
            .value(
                RESOURCES,
                Optional.of(spec.resources()).filter(some -> !some.equals(Resources.UNLIMITED)),
                (out, some) -> some.write(out));
    return RunningCodec.addLast(more, spec.running());
  }

  private static PipelineSpec with(PipelineSpec spec, SpecFields more) {
    List<SecretUse> secrets =
        more.value(SECRETS, in -> in.list(SpecCodec::secret)).orElse(List.of());
    return spec.with(spec.transform().with(more.text(USER), secrets))
        .with(RunningCodec.read(more))
        .with(more.value(EGRESS, EgressCodec::read))
        .with(more.value(RESOURCES, Resources::read).orElse(Resources.UNLIMITED));
  }

  private static void secret(Encoder out, SecretUse use) {
    out.string(use.name())
        .optional(use.key(), Encoder::string)
        .optional(use.folder(), Encoder::string)
        .optional(use.variable(), Encoder::string);
  }

  private static SecretUse secret(Decoder in) {
    return new SecretUse(
        in.string(),
        in.optional(Decoder::string),
        in.optional(Decoder::string),
        in.optional(Decoder::string));
  }

  static PipelineSpec read(Decoder in) {
    int version = in.u8();
    if (version < 1 || version > VERSION) {
      throw new Fault.Corrupt(
              "A pipeline spec", "record version " + VERSION + " or older", "version " + version)
          .asException();
    }
    PipelineSpec spec =
        new PipelineSpec(
            in.string(),
            in.string(),
            in.string(),
            map(in),
            map(in),
            transform(in),
            input(in, version, 0),
            in.string(),
            in.length(Integer.MAX_VALUE),
            in.length(Integer.MAX_VALUE),
            in.optional(SpecCodec::duration),
            in.optional(SpecCodec::duration),
            in.bool(),
            in.bool(),
            in.string(),
            in.list(Decoder::string));
    return version < 3 ? spec : with(spec, SpecFields.read(in, NEWEST));
  }

  private static void transform(Encoder out, Transform transform) {
    out.list(transform.cmd(), Encoder::string).list(transform.stdin(), Encoder::string);
    map(out, transform.env());
    out.optional(transform.source(), Encoder::string)
        .optional(transform.workingDir(), Encoder::string)
        .list(transform.acceptReturnCode(), (to, code) -> to.varint(code))
        .list(transform.errCmd(), Encoder::string)
        .list(transform.errStdin(), Encoder::string)
        .bool(transform.network() == Transform.Network.NONE)
        .optional(transform.image(), Encoder::string);
  }

  private static Transform transform(Decoder in) {
    return new Transform(
        in.list(Decoder::string),
        in.list(Decoder::string),
        map(in),
        in.optional(Decoder::string),
        in.optional(Decoder::string),
        in.list(code -> code.length(255)),
        in.list(Decoder::string),
        in.list(Decoder::string),
        in.bool() ? Transform.Network.NONE : Transform.Network.HOST,
        in.optional(Decoder::string));
  }

  private static void input(Encoder out, Input input) {
    switch (input) {
      case Input.Files files -> {
        out.u8(FILES)
            .string(files.name())
            .string(files.branch().repo().project())
            .string(files.branch().repo().local())
            .string(files.branch().branch())
            .string(files.glob())
            .bool(files.emptyFiles());
        new SpecFields.Writer()
            .flag(LAZY, files.lazy())
            .flag(REFERENCE, files.reference())
            .text(JOIN_ON, files.joinOn())
            .flag(OUTER_JOIN, files.outerJoin())
            .text(GROUP_BY, files.groupBy())
            .flag(NEVER, files.starts().never())
            .value(TRIGGER, files.starts().trigger(), (to, trigger) -> trigger.write(to))
            .value(CRON, files.starts().cron(), (to, cron) -> cron.write(to))
            .flag(S3, files.s3())
            .end(out);
      }
      case Input.Cross cross -> out.u8(CROSS).list(cross.parts(), SpecCodec::input);
      case Input.Union union -> out.u8(UNION).list(union.parts(), SpecCodec::input);
      case Input.Join join -> out.u8(JOIN).list(join.parts(), SpecCodec::input);
      case Input.Group group -> out.u8(GROUP).list(group.parts(), SpecCodec::input);
    }
  }

  private static Input input(Decoder in, int version, int depth) {
    int kind = in.u8();
    if (depth > MAX_DEPTH || kind < FILES || kind > GROUP) {
      throw new Fault.Corrupt("A pipeline spec", "an input of kind 1 to 5", "kind " + kind)
          .asException();
    }
    if (kind == FILES) {
      return files(in, version);
    }
    List<Input> parts = in.list(part -> input(part, version, depth + 1));
    return switch (kind) {
      case CROSS -> new Input.Cross(parts);
      case UNION -> new Input.Union(parts);
      case JOIN -> new Input.Join(parts);
      default -> new Input.Group(parts);
    };
  }

  private static Input.Files files(Decoder in, int version) {
    String name = in.string();
    RepoName repo = RepoName.parse(in.string(), in.string());
    BranchName branch = new BranchName(repo, in.string());
    String glob = in.string();
    boolean emptyFiles = in.bool();
    SpecFields fields = version == 1 ? SpecFields.NONE : SpecFields.read(in, NEWEST_FIELD);
    return new Input.Files(
        name,
        branch,
        glob,
        emptyFiles,
        fields.flag(LAZY),
        fields.flag(REFERENCE),
        fields.text(JOIN_ON),
        fields.flag(OUTER_JOIN),
        fields.text(GROUP_BY),
        new Starts(
            fields.flag(NEVER),
            fields.value(TRIGGER, Trigger::read),
            fields.value(CRON, Cron::read)),
        fields.flag(S3));
  }

  private static void duration(Encoder out, Duration duration) {
    out.varint(duration.toMillis());
  }

  private static Duration duration(Decoder in) {
    return Duration.ofMillis(in.varint());
  }

  private static void map(Encoder out, Map<String, String> values) {
    out.varint(values.size());
    new TreeMap<>(values).forEach((name, value) -> out.string(name).string(value));
  }

  private static Map<String, String> map(Decoder in) {
    int count = in.length(in.remaining());
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(in.string(), in.string());
    }
    return values;
  }
}
