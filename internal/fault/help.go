package fault

import (
	"net/http"
	"net/url"
	"slices"
)

// Headers that say why a request failed, for people who develop. AWS sends neither.
const (
	headerHelpError = "x-gatehouse-error"
	headerLink      = "Link"
)

// SetHelp adds the headers that name a fault and the article that explains it. helpBase
// is the URL of the knowledge base, ending in a slash; empty adds nothing.
func SetHelp(header http.Header, helpBase string, f *Fault, requestId string) {
	if helpBase == "" || f == nil {
		return
	}
	header[headerHelpError] = []string{string(f.Id())}
	header[headerLink] = append(slices.Clip(header[headerLink]), "<"+helpBase+f.Entry.Article+"?request="+url.QueryEscape(requestId)+`>; rel="help"`)
}
