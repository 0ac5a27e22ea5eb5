# The AWS command line. Parts of 5 MiB, so that the big file takes several.
export AWS_CONFIG_FILE=$PWD/aws.config
printf '[default]\nregion = us-east-1\ns3 =\n  signature_version = s3v4\n  multipart_threshold = 8MB\n  multipart_chunksize = 5MB\n' > "$AWS_CONFIG_FILE"
s3="aws --endpoint-url http://$S3 s3"
$s3 mb "s3://$BUCKET"
$s3 cp --quiet --recursive tree "s3://$BUCKET/up"
$s3 ls --recursive "s3://$BUCKET/up/" | grep -q 'sub/b c+ü.txt'
$s3 sync --quiet "s3://$BUCKET/up" "$OUT"
$s3 cp --quiet "s3://$BUCKET/up/big" "s3://$BUCKET/copy/big"
$s3 cp --quiet "s3://$BUCKET/copy/big" - | cmp - tree/big
$s3 mv --quiet "s3://$BUCKET/up/a" "s3://$BUCKET/kept"
url=$($s3 presign "s3://$BUCKET/kept")
curl -sf "$url" | cmp - tree/a
$s3 rm --quiet --recursive "s3://$BUCKET/copy"
aws --endpoint-url "http://$S3" s3api list-object-versions --bucket "$BUCKET" --prefix kept | grep -q VersionId
