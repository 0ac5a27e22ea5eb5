package dev.dassie.server.s3;

import dev.dassie.fault.Fault;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;

/// The one place where a fault of the core becomes an error of S3, and an error a document.
final class Answers {
  private Answers() {}

  static Refusal refusal(Fault fault) {
    return switch (fault) {
      case Fault.NotFound f -> of(Code.NO_SUCH_KEY, f);
      case Fault.AlreadyExists f -> of(Code.BUCKET_ALREADY_OWNED_BY_YOU, f);
      case Fault.Invalid f -> of(Code.INVALID_ARGUMENT, f);
      case Fault.InvalidDocument f -> of(Code.INVALID_REQUEST, f);
      case Fault.Conflict f -> of(Code.OPERATION_ABORTED, f);
      case Fault.PreconditionFailed f -> of(Code.PRECONDITION_FAILED, f);
      case Fault.Failed f -> of(Code.OPERATION_ABORTED, f);
      case Fault.Denied f -> of(Code.ACCESS_DENIED, f);
      case Fault.Unsupported f -> of(Code.NOT_IMPLEMENTED, f);
      case Fault.TimedOut f -> of(Code.SERVICE_UNAVAILABLE, f);
      case Fault.Full f -> of(Code.STORAGE_FULL, f);
      case Fault.Unavailable f -> of(Code.SERVICE_UNAVAILABLE, f);
      case Fault.Corrupt f -> of(Code.INTERNAL_ERROR, f);
    };
  }

  private static Refusal of(Code code, Fault fault) {
    return new Refusal(code, fault.message() + fault.hint().map(hint -> " " + hint).orElse(""));
  }

  static byte[] document(Refusal refusal, String resource, String requestId) {
    Xml xml =
        Xml.plain("Error").add("Code", refusal.code().text()).add("Message", refusal.sentence());
    refusal.details().forEach(xml::add);
    return xml.add("Resource", Refusal.shortened(resource))
        .add("RequestId", requestId)
        .add("HostId", requestId)
        .toBytes();
  }
}
