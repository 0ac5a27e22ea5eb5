# rclone, which checks every file that it moves by its MD5.
unset AWS_CA_BUNDLE
export RCLONE_CONFIG=$PWD/rclone.conf
cat > rclone.conf <<CFG
[d]
type = s3
provider = Other
env_auth = true
endpoint = http://$S3
region = us-east-1
force_path_style = true
CFG
r="rclone -q --s3-upload-cutoff 8M --s3-chunk-size 5M"
$r mkdir "d:$BUCKET"
$r copy tree "d:$BUCKET/up"
$r check tree "d:$BUCKET/up"
$r lsf -R "d:$BUCKET/up" | grep -q 'sub/b c+ü.txt'
$r sync "d:$BUCKET/up" "$OUT"
$r copyto "d:$BUCKET/up/big" "d:$BUCKET/copy/big"
$r moveto "d:$BUCKET/up/a" "d:$BUCKET/kept"
$r delete "d:$BUCKET/copy"
