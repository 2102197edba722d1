package authorizer

import (
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
)

// Grant is what an authorizer said of a client it knows. Grants are shared between
// requests: nobody changes one.
type Grant struct {
	// PrincipalId is the client, as an authorizer function named it.
	PrincipalId string
	// Policy is what an authorizer function returned; nil for simple responses and tokens,
	// which allow everything by being granted.
	Policy *iam.Policy
	// Context is the function's context, its values as JSON text, in the function's order.
	Context []integration.Field
	// UsageIdentifierKey is the API key that the function named.
	UsageIdentifierKey string
	// Claims are the token's, as text, in order of names.
	Claims []integration.Field
	// Scopes are all the token's scopes, in its order.
	Scopes []string
	// Latency is how long the function took; 0 for what came from the cache.
	Latency time.Duration
	// RequestId is that of the function's invocation; of what came from the cache too.
	RequestId string
	// Cached says that the grant was made for an earlier request, Age ago.
	Cached bool
	Age    time.Duration
}

// ContextStrings are the members of Context as strings, which is how REST APIs and
// payload format 1.0 show them.
func (g *Grant) ContextStrings() []integration.Field {
	fields := make([]integration.Field, len(g.Context))
	for i, member := range g.Context {
		fields[i] = integration.Field{Name: member.Name, Value: plainText(member.Value)}
	}
	return fields
}

// Claim looks a claim up.
func (g *Grant) Claim(name string) (string, bool) {
	for _, claim := range g.Claims {
		if claim.Name == name {
			return claim.Value, true
		}
	}
	return "", false
}
