# s3cmd.
cat > s3cmd.cfg <<CFG
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $S3
host_bucket = $S3
use_https = False
signature_v2 = False
multipart_chunk_size_mb = 5
CFG
s3="s3cmd -q -c s3cmd.cfg"
$s3 mb "s3://$BUCKET"
$s3 put --recursive tree/ "s3://$BUCKET/up/"
s3cmd -c s3cmd.cfg ls -r "s3://$BUCKET/up/" | grep -q 'sub/b c+ü.txt'
mkdir -p "$OUT"
$s3 get --recursive "s3://$BUCKET/up/" "$OUT/"
$s3 cp "s3://$BUCKET/up/a" "s3://$BUCKET/copy/a"
$s3 mv "s3://$BUCKET/up/a" "s3://$BUCKET/kept"
s3cmd -c s3cmd.cfg info "s3://$BUCKET/kept" | grep -q 'MD5 sum'
$s3 del --recursive --force "s3://$BUCKET/copy/"
