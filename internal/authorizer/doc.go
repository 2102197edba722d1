// Package authorizer decides over requests by the authorizers of an API: Lambda
// functions (TOKEN and REQUEST of REST APIs, formats 1.0 and 2.0 of HTTP APIs, simple
// responses), JSON web tokens (JWT) and user pools (COGNITO_USER_POOLS).
//
// It calls the function or reads the token and says what came of it, a Grant or a
// fault. It does not read the request (a pipeline hands it the identity), does not
// evaluate the policy that a function returned (the pipeline knows the ARN and the
// API's own policy), and renders nothing. AWS_IAM is not here: the pipelines
// authenticate signatures through an interface that package authenticator fills.
//
// Begin at Functions.Authorize in function.go and Tokens.Authorize in jwt.go.
package authorizer
