package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;

/// How the answer to a call is remembered under its idempotency key, so that a repeat of the call
/// gets the same answer. Pure and thread-safe.
public interface Reply<T> {
  byte[] write(T answer);

  /// Reads what [#write] wrote.
  T read(byte[] bytes);

  Reply<Project> PROJECT = of(Wire::writeProject, Wire::readProject);
  Reply<Repo> REPO = of(Wire::writeRepo, Wire::readRepo);
  Reply<Ref.Branch> BRANCH = of(Wire::writeBranch, Wire::readBranch);
  Reply<Ref.Tag> TAG = of(Wire::writeTag, Wire::readTag);

  /// The commit as it was when the call was answered first.
  Reply<Commit> COMMIT = of(Wire::writeCommit, Wire::readCommit);

  /// Any text, such as the JSON that a door answered.
  Reply<String> TEXT = of((out, text) -> out.string(text), Decoder::string);

  /// For calls whose answer says nothing: always true.
  Reply<Boolean> DONE = of((out, done) -> out.bool(done), Decoder::bool);

  /// Makes one of an encoding.
  static <T> Reply<T> of(
      java.util.function.BiConsumer<Encoder, T> writer,
      java.util.function.Function<Decoder, T> reader) {
    return new Reply<>() {
      @Override
      public byte[] write(T answer) {
        Encoder out = new Encoder();
        writer.accept(out, answer);
        return out.toBytes();
      }

      @Override
      public T read(byte[] bytes) {
        Decoder in = new Decoder("A remembered answer", bytes);
        T answer = reader.apply(in);
        if (in.remaining() > 0) {
          throw new Fault.Corrupt("A remembered answer", "its end", in.remaining() + " more bytes")
              .asException();
        }
        return answer;
      }
    };
  }
}
