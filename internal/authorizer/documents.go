package authorizer

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// HttpDocuments fetches documents over HTTP.
type HttpDocuments struct {
	// Client makes the requests; it must not follow a redirect to a place that the
	// operator would not let the gateway reach.
	Client *http.Client
}

// Fetch implements Documents. Anything but 200 is an error.
func (h *HttpDocuments) Fetch(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := h.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetching: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetching %s: status %d", url, response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", url, err)
	}
	if len(body) > maxDocument {
		return nil, fmt.Errorf("reading %s: larger than %d bytes", url, maxDocument)
	}
	return body, nil
}
