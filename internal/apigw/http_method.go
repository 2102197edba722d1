package apigw

import "slices"

// AnyHttpMethod is the catch-all httpMethod of a Resource.
const AnyHttpMethod = "ANY"

// HttpMethods are the methods a Resource or a backend can have, ANY included.
var HttpMethods = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", AnyHttpMethod}

// ValidHttpMethod reports whether name is one of HttpMethods.
func ValidHttpMethod(name string) bool { return slices.Contains(HttpMethods, name) }
