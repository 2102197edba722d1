// Package restapis does what each operation of apigateway (2015-07-09) does for REST
// APIs: it checks the input as AWS does, answers with AWS's errors, and changes the
// records of package apigw/records in one atomic update. Operations that are not built
// yet answer 501 (apigateway.Unimplemented); settings that would have no effect yet
// are refused by name (unsupported.go); nothing is accepted and ignored.
//
// It does not know HTTP, does not serve APIs, and does not compile them: when an
// operation changes what is served, it waits on the Publisher until that is so.
//
// Begin at Service, then rest_api.go; one file per noun. AWS's error texts are in
// messages.go.
package restapis
