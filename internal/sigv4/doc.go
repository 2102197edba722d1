// Package sigv4 verifies and makes AWS Signature Version 4, in the Authorization header and in presigned
// query parameters, for any service and region.
//
// It is for two callers: the wire of AWS's service APIs, and the AWS_IAM authorizer of the data plane. Both
// hand it a Request (a plain description of the bytes that arrived, in no HTTP library's terms) and a Keys
// function; Verify answers who signed, or an *Error that knows AWS's exception, status and text for each
// protocol (Error.Answer) and, for people, what went wrong and how it was proven (Error.Explanation).
//
// It is not for deciding what the signer may do (see package iam) and keeps no users: access keys come from
// Keys on each call. Signature Version 4A is refused by name, and so are the streaming payload forms
// (STREAMING-…), which only S3 and a few others accept.
//
// Begin reading in verify.go (the order of the checks is AWS's), then canonical.go (what is hashed).
package sigv4
