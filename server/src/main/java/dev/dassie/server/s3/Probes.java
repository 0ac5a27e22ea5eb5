package dev.dassie.server.s3;

import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Element;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What clients ask of a bucket or object before they use it: the answer of a bucket of Amazon's
/// that has nothing of the kind.
final class Probes {
  private static final int DOCUMENT_MAX = 64 << 10;

  void addTo(Map<Operation, Operations.Action> actions) {
    answer(actions, Operation.GET_BUCKET_LOCATION, () -> Xml.of("LocationConstraint"));
    answer(
        actions,
        Operation.GET_BUCKET_VERSIONING,
        () -> Xml.of("VersioningConfiguration").add("Status", "Enabled"));
    answer(actions, Operation.GET_BUCKET_ACL, Probes::acl);
    answer(
        actions,
        Operation.GET_BUCKET_POLICY_STATUS,
        () -> Xml.of("PolicyStatus").add("IsPublic", false));
    answer(actions, Operation.GET_BUCKET_LOGGING, () -> Xml.of("BucketLoggingStatus"));
    answer(actions, Operation.GET_BUCKET_NOTIFICATION, () -> Xml.of("NotificationConfiguration"));
    answer(
        actions,
        Operation.GET_BUCKET_REQUEST_PAYMENT,
        () -> Xml.of("RequestPaymentConfiguration").add("Payer", "BucketOwner"));
    answer(actions, Operation.GET_BUCKET_ACCELERATE, () -> Xml.of("AccelerateConfiguration"));
    refuse(actions, Operation.GET_BUCKET_POLICY, Code.NO_SUCH_BUCKET_POLICY, "bucket policy");
    refuse(actions, Operation.GET_BUCKET_TAGGING, Code.NO_SUCH_TAG_SET, "TagSet");
    refuse(
        actions,
        Operation.GET_BUCKET_LIFECYCLE,
        Code.NO_SUCH_LIFECYCLE_CONFIGURATION,
        "lifecycle configuration");
    refuse(
        actions, Operation.GET_BUCKET_CORS, Code.NO_SUCH_CORS_CONFIGURATION, "CORS configuration");
    refuse(
        actions,
        Operation.GET_BUCKET_ENCRYPTION,
        Code.ENCRYPTION_NOT_CONFIGURED,
        "server side encryption configuration");
    refuse(
        actions,
        Operation.GET_BUCKET_WEBSITE,
        Code.NO_SUCH_WEBSITE_CONFIGURATION,
        "website configuration");
    refuse(
        actions,
        Operation.GET_BUCKET_REPLICATION,
        Code.REPLICATION_NOT_CONFIGURED,
        "replication configuration");
    refuse(
        actions,
        Operation.GET_BUCKET_OWNERSHIP,
        Code.OWNERSHIP_NOT_CONFIGURED,
        "ownership controls");
    refuse(
        actions,
        Operation.GET_PUBLIC_ACCESS_BLOCK,
        Code.NO_SUCH_PUBLIC_ACCESS_BLOCK,
        "public access block configuration");
    refuse(
        actions,
        Operation.GET_OBJECT_LOCK,
        Code.OBJECT_LOCK_NOT_CONFIGURED,
        "object lock configuration");
    ofObjects(actions);
  }

  /// An access list is taken where it says what is so already: its owner may do everything.
  private static void checkAcl(Exchange exchange) throws IOException {
    boolean canned = exchange.header("x-amz-acl").isPresent();
    FileAttributes _ = Described.read(exchange);
    byte[] document = new Incoming(exchange).document(DOCUMENT_MAX);
    if (!canned || document.length > 0) {
      Element list = Element.read(document, "AccessControlPolicy");
      boolean owners =
          list.all("AccessControlList").stream()
              .flatMap(grants -> grants.all("Grant").stream())
              .allMatch(Probes::isOwners);
      if (!owners) {
        throw new Refusal(Code.ACCESS_CONTROL_LIST_NOT_SUPPORTED, "The bucket does not allow ACLs");
      }
    }
  }

  private static boolean isOwners(Element grant) {
    return grant.get("Permission").map(String::strip).equals(Optional.of("FULL_CONTROL"))
        && grant.all("Grantee").stream()
            .allMatch(one -> one.get("ID").map(String::strip).equals(Optional.of(Owner.ID)));
  }

  private void ofObjects(Map<Operation, Operations.Action> actions) {
    actions.put(
        Operation.GET_OBJECT_ACL,
        exchange -> {
          ObjectView _ = ObjectView.open(exchange);
          exchange.reply(acl());
        });
    actions.put(
        Operation.PUT_OBJECT_ACL,
        exchange -> {
          ObjectView _ = ObjectView.open(exchange);
          checkAcl(exchange);
          exchange.replyNothing(200);
        });
    actions.put(
        Operation.PUT_BUCKET_ACL,
        exchange -> {
          Bucket _ = exchange.open();
          checkAcl(exchange);
          exchange.replyNothing(200);
        });
    actions.put(
        Operation.GET_OBJECT_TAGGING,
        exchange -> {
          ObjectView _ = ObjectView.open(exchange);
          exchange.reply(Xml.of("Tagging").open("TagSet").close());
        });
    Operations.Action unlocked =
        exchange -> {
          ObjectView _ = ObjectView.open(exchange);
          throw new Refusal(
              Code.NO_SUCH_OBJECT_LOCK_CONFIGURATION,
              "The specified object does not have a ObjectLock configuration");
        };
    actions.put(Operation.GET_OBJECT_RETENTION, unlocked);
    actions.put(Operation.GET_OBJECT_LEGAL_HOLD, unlocked);
  }

  private void answer(
      Map<Operation, Operations.Action> actions, Operation operation, Supplier<Xml> document) {
    actions.put(
        operation,
        exchange -> {
          Bucket _ = exchange.open();
          exchange.reply(document.get());
        });
  }

  private void refuse(
      Map<Operation, Operations.Action> actions, Operation operation, Code code, String what) {
    actions.put(
        operation,
        exchange -> {
          Bucket bucket = exchange.open();
          throw new Refusal(code, "The bucket `%s` has no %s.".formatted(bucket.text(), what))
              .with("BucketName", bucket.text());
        });
  }

  private static Xml acl() {
    Xml xml = Xml.of("AccessControlPolicy");
    Owner.add(xml, "Owner");
    xml.open("AccessControlList").open("Grant").openGrantee("CanonicalUser");
    Owner.addTo(xml);
    return xml.close().add("Permission", "FULL_CONTROL").close().close();
  }
}
