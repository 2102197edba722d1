package definitions

import (
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/store"
)

// Parts of arn:aws:lambda:{region}:{account}:function:{name}[:{qualifier}].
const (
	arnRegion  = 3
	arnAccount = 4
	arnName    = 6
)

// FunctionTimeout implements diagnosis.Definitions.
func (s Store) FunctionTimeout(functionArn string) time.Duration {
	parts := strings.Split(functionArn, ":")
	if len(parts) <= arnName {
		return 0
	}
	at := records.Scope(apigw.Scope{Account: parts[arnAccount], Region: parts[arnRegion]})
	qualifier := strings.Join(parts[arnName+1:], ":")
	return time.Duration(timeoutOf(s.Store.View(), at, parts[arnName], qualifier)) * time.Second
}

// timeoutOf is in seconds; 0 is a function that is not known.
func timeoutOf(view store.Snapshot, at store.Scope, name, qualifier string) int {
	if alias, err := aliases.Get(view, at, name, qualifier); qualifier != "" && err == nil {
		qualifier = alias.FunctionVersion
	}
	if qualifier == "" || qualifier == "$LATEST" {
		found, err := functions.Get(view, at, name)
		if err != nil {
			return 0
		}
		return found.Latest.Timeout
	}
	found, err := versions.Get(view, at, name, qualifier)
	if err != nil {
		return 0
	}
	return found.Timeout
}
