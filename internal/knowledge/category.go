package knowledge

// Category is a group of articles.
type Category struct {
	ID, Title, Description string
}

// Categories are all categories, in the order of the home page.
func Categories() []Category { return append([]Category(nil), categories...) }

// FindCategory finds a category by its id.
func FindCategory(id string) (Category, bool) {
	for _, category := range categories {
		if category.ID == id {
			return category, true
		}
	}
	return Category{}, false
}

func categoryIDs() []string {
	var ids []string
	for _, category := range categories {
		ids = append(ids, category.ID)
	}
	return ids
}

var categories = []Category{
	{"reaching", "Reaching an API", "URLs, stages, hosts, custom domains and CORS: the request does not arrive where it should."},
	{"access", "Authorization and limits", "Authorizers, signatures, policies, API keys, throttles and quotas."},
	{"content", "Requests and responses", "Validation, mapping templates, status codes, headers and binary bodies."},
	{"lambda", "Lambda functions", "Permissions, answers that are not understood, payload formats, other accounts."},
	{"backends", "HTTP backends and VPC links", "Timeouts, connections, certificates and private integrations."},
	{"websocket", "WebSocket APIs", "Connections that end, messages without a route, posting to a connection."},
	{"deploying", "Deploying and changing", "Deployments, stages, deleting what is in use, what Gatehouse refuses."},
	{"logs", "Logs and this server", "Reading execution logs, turning them on, and errors of Gatehouse itself."},
}
