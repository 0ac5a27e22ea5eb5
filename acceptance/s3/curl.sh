# curl, which signs by itself; not the bytes, unless it is told what stands for them.
c() {
  curl -sf --aws-sigv4 aws:amz:us-east-1:s3 -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
    -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$@"
}
c -X PUT "http://$S3/$BUCKET"
for name in a big sub/b%20c%2B%C3%BC.txt; do
  plain=$(printf '%b' "${name//%/\\x}")
  c -T "tree/$plain" "http://$S3/$BUCKET/up/$name"
  mkdir -p "$OUT/sub"
  c -o "$OUT/$plain" "http://$S3/$BUCKET/up/$name"
done
c -X PUT -H "x-amz-copy-source: /$BUCKET/up/a" "http://$S3/$BUCKET/kept"
c "http://$S3/$BUCKET?list-type=2&prefix=up%2F" | grep -q '<KeyCount>3</KeyCount>'
c -r 0-3 "http://$S3/$BUCKET/kept" | cmp - <(head -c 4 tree/a)
