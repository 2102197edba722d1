package functions

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// PublishVersion freezes $LATEST under the next number; without a change since the
// last one it returns that one.
func (s *Service) PublishVersion(ctx context.Context, in *api.PublishVersionInput) (*api.FunctionConfiguration, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	var published Version
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		function, err := find(tx, name)
		if err != nil {
			return err
		}
		if in.RevisionId != nil && *in.RevisionId != function.Latest.RevisionId {
			return preconditionFailed()
		}
		if in.CodeSha256 != nil && *in.CodeSha256 != function.Latest.CodeSha256 {
			return invalidParameter("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.",
				*in.CodeSha256, function.Latest.CodeSha256)
		}
		if in.Description != nil {
			function.Latest.Description = *in.Description
		}
		if published, err = publish(tx, name, &function, s.NewId()); err != nil {
			return err
		}
		function.Latest.Description = ""
		return functions.Put(tx, function, name.scope, name.name)
	})
	if err != nil {
		return nil, err
	}
	return configuration(name, published), nil
}

// publish writes the version record; the caller writes the function's.
func publish(tx *store.Tx, name functionName, function *Function, revisionId string) (Version, error) {
	if function.NextVersion > 1 {
		last, err := versions.Get(tx, name.scope, name.name, strconv.Itoa(function.NextVersion-1))
		if err == nil && last.sameAs(function.Latest) {
			return last, nil
		}
	}
	published := function.Latest
	published.Version = strconv.Itoa(max(function.NextVersion, 1))
	published.RevisionId = revisionId
	function.NextVersion = max(function.NextVersion, 1) + 1
	return published, versions.Put(tx, published, name.scope, name.name, published.Version)
}

func (v Version) sameAs(latest Version) bool {
	return v.CodeSha256 == latest.CodeSha256 && v.LastModified.Equal(latest.LastModified)
}

func deleteVersion(tx *store.Tx, name functionName) error {
	if name.qualifier == latest {
		return invalidParameter(messageLatestNoUpdate)
	}
	named, err := aliases.List(tx, name.scope, name.name)
	if err != nil {
		return err
	}
	for _, alias := range named {
		if alias.routesTo(name.qualifier) {
			return conflict("Function version " + name.qualifier + " has pointed to by alias " + alias.Name + ". Please delete or update the alias first.")
		}
	}
	versions.Delete(tx, name.scope, name.name, name.qualifier)
	policies.Delete(tx, name.scope, name.name, name.qualifier)
	return nil
}

// ListVersionsByFunction lists $LATEST and the published versions.
func (s *Service) ListVersionsByFunction(ctx context.Context, in *api.ListVersionsByFunctionInput) (*api.ListVersionsByFunctionOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	view := s.Store.View()
	function, err := find(view, name)
	if err != nil {
		return nil, err
	}
	list, err := listVersions(view, name, function)
	if err != nil {
		return nil, err
	}
	page, next, err := paginate(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &api.ListVersionsByFunctionOutput{Versions: page, NextMarker: next}, nil
}

func listVersions(r store.Reader, name functionName, function Function) ([]api.FunctionConfiguration, error) {
	published, err := versions.List(r, name.scope, name.name)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(published, func(a, b Version) int { return cmp.Compare(number(a.Version), number(b.Version)) })
	list := make([]api.FunctionConfiguration, 0, len(published)+1)
	for _, version := range append([]Version{function.Latest}, published...) {
		qualified := newFunctionName(name.scope, name.name, version.Version)
		list = append(list, *configuration(qualified, version))
	}
	return list, nil
}

func number(version string) int {
	n, err := strconv.Atoi(version)
	if err != nil {
		return 0
	}
	return n
}

const defaultPageSize = 50

// paginate cuts a page of a list; the marker is the index of its first element.
func paginate[T any](list []T, marker *string, maxItems *int32) (page []T, next *string, err error) {
	start := 0
	if text(marker) != "" {
		if start, err = strconv.Atoi(*marker); err != nil || start < 0 || start > len(list) {
			return nil, nil, invalidParameter("Invalid Marker: %s", *marker)
		}
	}
	size := defaultPageSize
	if maxItems != nil && *maxItems > 0 {
		size = min(size, int(*maxItems))
	}
	end := min(start+size, len(list))
	page = list[start:end]
	if page == nil {
		page = []T{}
	}
	if end < len(list) {
		next = new(strconv.Itoa(end))
	}
	return page, next, nil
}
