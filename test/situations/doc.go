// Package situations reproduces the errors that cost people most time. Each test makes
// the situation with the official SDK against the real binary, sends the request, asks
// the server to explain it, checks the error's id and what was found, then runs the
// command that the explanation prints, exactly as it is printed, and sees the same
// request pass.
//
// What a fix cannot know (the right code of a function, a fresh token) stands beside the
// command, as the person who runs it would have it: function.zip, $TOKEN. Where the
// client is at fault, the command sends the corrected request itself.
//
//	E1, E5          routing_test.go: wrong path, verb, stage, root; browsers
//	E2, E3, E24     functions_test.go: malformed answers, permissions, base64
//	E4, E11, E19    limits_test.go: timeouts, throttles, certificates
//	E6–E8, E15, E16 authorization_test.go: authorizers, signatures, resource policies
//	E9              tokens_test.go: JWT authorizers and user pools
//	E10, E11        api_keys_test.go: API keys and usage plans
//	E12, E14        mapping_test.go: integration responses, MOCK
//	E13             templates_test.go: templates whose output is not JSON, or that fail
//	E17, E22, E23   domains_test.go, websocket_test.go
//	E18–E20         vpc_links_test.go, certificates_test.go
//	E21             deployments_test.go, undeployed_test.go: what is not deployed, deployments in use
//	caches          caches_test.go: stale answers, Cache-Control
//	E25             accounts_test.go: functions of other accounts
//	E15             signatures_test.go: the line in which canonical requests differ
//	WebSocket APIs  handshakes_test.go: authorizers and AWS_IAM of $connect; AWS_IAM of HTTP APIs
//	HTTP APIs       http_test.go: the same failures with apigatewayv2's commands
//	validation      validation_test.go: parameters, bodies, sizes
//	settings        settings_test.go: what a setting names that is not there
//	mistakes        mistakes_test.go: what people meet who follow a tutorial
//	wrong requests  wrong_requests_test.go: what AWS takes and does not do as meant
//
// causes_test.go lists every cause of the catalogue with what reproduces it here, or the
// reason why nothing can; a test holds it to what is there.
//
// It does not test the answers' bytes (package dataplane's fixtures do) nor how
// explanations look (package diagnosis does).
//
// Begin at situation in situation_test.go; world_test.go has what makes the situations.
package situations
