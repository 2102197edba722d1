// Package iam decides who may do what: principals, access keys, policy documents and their evaluation.
//
// It is for everything that authorizes: the wire of AWS's service APIs (may this user call apigateway:PUT on that
// ARN?), the data plane (AWS_IAM authorization, resource policies, what a Lambda authorizer returned) and the
// Lambda integration (does the function's policy let API Gateway in?). Policies are compiled once with Compile;
// Evaluate then follows AWS's evaluation logic and allocates nothing. When a decision has to be explained to a
// person, Explain goes over the policies again and names the nearest statement and what kept it from matching.
//
// It is not for users, groups and roles as records (the control plane keeps those), nor for signatures (package
// sigv4). It knows no HTTP and no store, and imports nothing of ours. Service control policies, resource control
// policies and VPC endpoint policies do not exist here.
//
// Begin reading in evaluate.go, the order of AWS's flow chart; then apigateway.go, what API Gateway makes of it.
package iam
