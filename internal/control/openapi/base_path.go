package openapi

import "strings"

// basePrefix is what stands before each path: nothing, the base path (prepend), or the
// base path without its first part (split); api-gateway-import-api-basePath.md.
func basePrefix(root *tree, mode string) string {
	if mode == "" || mode == BasepathIgnore {
		return ""
	}
	base := strings.Trim(basePath(root), "/")
	if mode == BasepathSplit {
		_, base, _ = strings.Cut(base, "/")
	}
	if base == "" {
		return ""
	}
	return "/" + base
}

// basePath is Swagger's member of that name, or the first variable basePath of a server, or else the path of a server's URL.
func basePath(root *tree) string {
	if base := root.get("basePath"); base != nil {
		return base.text()
	}
	servers := root.get("servers")
	if servers == nil {
		return ""
	}
	for _, server := range servers.items {
		if variable := server.get("variables", "basePath", "default"); variable != nil {
			return variable.text()
		}
	}
	for _, server := range servers.items {
		url := server.get("url").text()
		if _, behind, ok := strings.Cut(url, "://"); ok {
			_, url, _ = strings.Cut(behind, "/")
		}
		if url = strings.Trim(url, "/"); url != "" {
			return url
		}
	}
	return ""
}
