# boto3: the client and its transfers, with conditions, metadata and versions.
python3 - <<'PY'
import os, boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

bucket, out = os.environ["BUCKET"], os.environ["OUT"]
s3 = boto3.client("s3", endpoint_url="http://" + os.environ["S3"])
s3.create_bucket(Bucket=bucket)
parts = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=5 << 20)
for folder, _, names in os.walk("tree"):
    for name in names:
        path = os.path.join(folder, name)
        s3.upload_file(path, bucket, "up/" + os.path.relpath(path, "tree"), Config=parts)
for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="up/", PaginationConfig={"PageSize": 1}):
    for entry in page["Contents"]:
        target = os.path.join(out, entry["Key"][3:])
        os.makedirs(os.path.dirname(target), exist_ok=True)
        s3.download_file(bucket, entry["Key"], target, Config=parts)
# Older releases have no parameter for the condition.
absent = lambda request, **_: request.headers.add_header("If-None-Match", "*")
s3.meta.events.register("before-sign.s3.PutObject", absent)
s3.put_object(Bucket=bucket, Key="kept", Body=b"1", Metadata={"a": "b"})
try:
    s3.put_object(Bucket=bucket, Key="kept", Body=b"2")
    raise SystemExit("a second one was put")
except ClientError as e:
    assert e.response["Error"]["Code"] == "PreconditionFailed", e
s3.meta.events.unregister("before-sign.s3.PutObject", absent)
first = s3.head_object(Bucket=bucket, Key="kept")
assert first["Metadata"] == {"a": "b"}, first
s3.copy({"Bucket": bucket, "Key": "up/big"}, bucket, "copy/big", Config=parts)
assert s3.get_object(Bucket=bucket, Key="copy/big", Range="bytes=0-9")["Body"].read() == open("tree/big", "rb").read(10)
s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "copy/big"}]})
upload = s3.create_multipart_upload(Bucket=bucket, Key="never")["UploadId"]
s3.upload_part(Bucket=bucket, Key="never", UploadId=upload, PartNumber=1, Body=b"x")
assert len(s3.list_parts(Bucket=bucket, Key="never", UploadId=upload)["Parts"]) == 1
assert s3.list_multipart_uploads(Bucket=bucket)["Uploads"][0]["UploadId"] == upload
s3.abort_multipart_upload(Bucket=bucket, Key="never", UploadId=upload)
assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)
PY
