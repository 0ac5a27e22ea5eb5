# The MinIO client.
export MC_CONFIG_DIR=$PWD/mc-config
mc -q alias set d "http://$S3" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" --api S3v4 --path on
mc -q mb "d/$BUCKET"
mc -q cp --recursive --attr "colour=red" tree/ "d/$BUCKET/up/"
mc ls --recursive "d/$BUCKET/up/" | grep -q 'sub/b c+ü.txt'
mc stat "d/$BUCKET/up/a" | grep -qi 'colour'
mc -q mirror "d/$BUCKET/up/" "$OUT"
test -z "$(mc diff tree "d/$BUCKET/up")"
mc -q cp "d/$BUCKET/up/big" "d/$BUCKET/copy/big"
mc cat "d/$BUCKET/up/a" | cmp - tree/a
mc -q mv "d/$BUCKET/up/a" "d/$BUCKET/kept"
mc -q rm --recursive --force "d/$BUCKET/copy/"
