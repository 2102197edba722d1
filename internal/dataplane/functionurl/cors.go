package functionurl

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Cors is what a function URL allows other origins.
type Cors struct {
	AllowCredentials bool
	AllowHeaders     []string
	AllowMethods     []string
	AllowOrigins     []string
	ExposeHeaders    []string
	MaxAge           int32 // seconds
}

// apply sets the headers that r's origin gets, and says whether r is a preflight
// request, which the function never sees.
func (c *Cors) apply(header http.Header, r *http.Request) (preflight bool) {
	origin := r.Header.Get("Origin")
	if c == nil || origin == "" {
		return false
	}
	preflight = r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	if !c.allows(origin) {
		return preflight
	}
	header.Set("Access-Control-Allow-Origin", c.origin(origin))
	header.Add("Vary", "Origin")
	if c.AllowCredentials {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	if !preflight {
		setList(header, "Access-Control-Expose-Headers", c.ExposeHeaders)
		return false
	}
	setList(header, "Access-Control-Allow-Methods", c.AllowMethods)
	setList(header, "Access-Control-Allow-Headers", c.AllowHeaders)
	if c.MaxAge > 0 {
		header.Set("Access-Control-Max-Age", strconv.Itoa(int(c.MaxAge)))
	}
	return true
}

func (c *Cors) allows(origin string) bool {
	return slices.Contains(c.AllowOrigins, "*") || slices.Contains(c.AllowOrigins, origin)
}

// origin is "*" only where everybody is allowed and no credentials are.
func (c *Cors) origin(origin string) string {
	if slices.Contains(c.AllowOrigins, "*") && !c.AllowCredentials {
		return "*"
	}
	return origin
}

func setList(header http.Header, name string, values []string) {
	if len(values) > 0 {
		header.Set(name, strings.Join(values, ","))
	}
}
