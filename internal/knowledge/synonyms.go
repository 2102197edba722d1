package knowledge

// synonymGroups are words that people use for one another. Each is written as people
// write it and compared without its ending.
var synonymGroups = [][]string{
	{"lambda", "function", "handler"},
	{"403", "forbidden", "denied"},
	{"401", "unauthorized", "unauthenticated"},
	{"404", "missing", "absent"},
	{"429", "throttled", "throttle", "throttling", "ratelimit", "rate"},
	{"quota", "limit", "usage"},
	{"502", "malformed", "bad gateway"},
	{"504", "timeout", "slow"},
	{"413", "large", "larger", "big", "bigger", "size"},
	{"415", "unsupported", "mediatype"},
	{"410", "gone", "disconnected"},
	{"cors", "preflight", "origin", "browser"},
	{"jwt", "token", "bearer", "cognito", "oidc"},
	{"authorizer", "authoriser", "authorization", "authentication", "auth"},
	{"sigv4", "signature", "signed"},
	{"apikey", "x-api-key"},
	{"vpclink", "nlb", "alb", "privatelink", "private"},
	{"tls", "ssl", "certificate", "https", "x509"},
	{"vtl", "velocity", "template", "mapping"},
	{"base64", "binary", "image", "pdf", "gzip"},
	{"websocket", "ws", "wss", "socket"},
	{"domain", "hostname", "host", "dns"},
	{"delete", "remove", "destroy"},
	{"account", "crossaccount"},
	{"cloudformation", "cdk", "sam", "terraform", "pulumi"},
	{"log", "cloudwatch", "trace"},
	{"schema", "model", "validator", "validation"},
	{"policy", "permission", "iam"},
	{"stage", "environment", "deployment"},
	{"code", "status"},
	{"header", "remapped"},
	{"payload", "body", "event", "upload"},
	{"regex", "regexp", "pattern", "expression"},
	{"flush", "invalidate", "clear", "purge"},
	{"stale", "old", "outdated"},
	{"jwks", "keys"},
	{"resolve", "lookup", "dns", "enotfound"},
	{"refused", "unreachable", "econnrefused"},
	{"expired", "expiry", "skew"},
}

// synonymsOf returns the words that stand for a term, without their endings.
func synonymsOf(term string) []string {
	var synonyms []string
	for _, group := range synonymGroups {
		if !containsTerm(group, term) {
			continue
		}
		for _, other := range group {
			if other = stem(other); other != term {
				synonyms = append(synonyms, other)
			}
		}
	}
	return synonyms
}

func containsTerm(group []string, term string) bool {
	for _, other := range group {
		if stem(other) == term {
			return true
		}
	}
	return false
}
