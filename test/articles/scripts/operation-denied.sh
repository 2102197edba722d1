# A secure server with a user who has no policy.
secure_server
as_root aws iam create-user --endpoint-url "$SECURE" --user-name reader >/dev/null
KEY=$(as_root aws iam create-access-key --endpoint-url "$SECURE" --user-name reader --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
as_user() { AWS_ACCESS_KEY_ID=${KEY%%[[:space:]]*} AWS_SECRET_ACCESS_KEY=${KEY##*[[:space:]]} "$@"; }
