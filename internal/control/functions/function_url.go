package functions

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/lambda"
	"gatehouse/internal/store"
)

// FunctionUrl is the HTTP endpoint of a function or alias.
type FunctionUrl struct {
	UrlId            string
	Qualifier        string
	AuthType         string
	InvokeMode       string
	Cors             *api.Cors
	CreationTime     time.Time
	LastModifiedTime time.Time
}

// FunctionUrlTarget is where a function URL's id leads.
type FunctionUrlTarget struct {
	Scope        store.Scope
	FunctionName string
	Qualifier    string
	Cors         *api.Cors
}

const urlIdLength = 32

// urlIdOf derives the id from what it names, so that the same function keeps its URL.
func urlIdOf(name functionName) string {
	sum := sha256.Sum256([]byte(name.arn()))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:urlIdLength]
}

func refuseUrl(authType api.FunctionUrlAuthType, invokeMode api.InvokeMode) error {
	if authType == api.FunctionUrlAuthTypeAwsIam {
		return notServed(unsupportedUrlIam)
	}
	if invokeMode == api.InvokeModeResponseStream {
		return notServed(unsupportedUrlStream)
	}
	return nil
}

// CreateFunctionUrlConfig makes a function URL.
func (s *Service) CreateFunctionUrlConfig(ctx context.Context, in *api.CreateFunctionUrlConfigInput) (*api.CreateFunctionUrlConfigOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	if err := refuseUrl(in.AuthType, in.InvokeMode); err != nil {
		return nil, err
	}
	url := FunctionUrl{
		UrlId: urlIdOf(name), Qualifier: name.qualifier, AuthType: string(in.AuthType), InvokeMode: string(api.InvokeModeBuffered), Cors: in.Cors,
		CreationTime: s.Now(), LastModifiedTime: s.Now(),
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if _, _, err := s.findVersion(tx, name); err != nil {
			return err
		}
		if functionUrls.Has(tx, name.scope, name.name, policyId(name)) {
			return conflict("FunctionUrlConfig exists for this Lambda function")
		}
		return putUrl(tx, name, url)
	})
	if err != nil {
		return nil, err
	}
	shown := s.urlConfig(name, url)
	return &api.CreateFunctionUrlConfigOutput{
		FunctionUrl: shown.FunctionUrl, FunctionArn: shown.FunctionArn, AuthType: shown.AuthType, Cors: shown.Cors,
		CreationTime: shown.CreationTime, InvokeMode: shown.InvokeMode,
	}, nil
}

func putUrl(tx *store.Tx, name functionName, url FunctionUrl) error {
	target := FunctionUrlTarget{Scope: name.scope, FunctionName: name.name, Qualifier: name.qualifier, Cors: url.Cors}
	if err := functionUrlIds.Put(tx, target, store.Scope{}, url.UrlId); err != nil {
		return err
	}
	return functionUrls.Put(tx, url, name.scope, name.name, policyId(name))
}

func getUrl(r store.Reader, name functionName) (FunctionUrl, error) {
	url, err := functionUrls.Get(r, name.scope, name.name, policyId(name))
	if errors.Is(err, store.ErrNotFound) {
		return url, resourceNotFound(messageNoPolicy)
	}
	return url, err
}

func (s *Service) urlConfig(name functionName, url FunctionUrl) api.FunctionUrlConfig {
	return api.FunctionUrlConfig{
		FunctionUrl: s.FunctionUrl(url.UrlId, name.scope.Region), FunctionArn: newFunctionName(name.scope, name.name, url.Qualifier).arn(),
		AuthType: api.FunctionUrlAuthType(url.AuthType), Cors: url.Cors, InvokeMode: api.InvokeMode(url.InvokeMode),
		CreationTime: url.CreationTime.UTC().Format(time.RFC3339), LastModifiedTime: url.LastModifiedTime.UTC().Format(time.RFC3339),
	}
}

// GetFunctionUrlConfig returns a function URL.
func (s *Service) GetFunctionUrlConfig(ctx context.Context, in *api.GetFunctionUrlConfigInput) (*api.GetFunctionUrlConfigOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	url, err := getUrl(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	out := api.GetFunctionUrlConfigOutput(urlOutput(s.urlConfig(name, url)))
	return &out, nil
}

// urlOutput has the members of the outputs of Get and Update, in their order.
func urlOutput(config api.FunctionUrlConfig) api.UpdateFunctionUrlConfigOutput {
	return api.UpdateFunctionUrlConfigOutput{
		FunctionUrl: config.FunctionUrl, FunctionArn: config.FunctionArn, AuthType: config.AuthType, Cors: config.Cors,
		CreationTime: config.CreationTime, LastModifiedTime: config.LastModifiedTime, InvokeMode: config.InvokeMode,
	}
}

// UpdateFunctionUrlConfig changes a function URL.
func (s *Service) UpdateFunctionUrlConfig(ctx context.Context, in *api.UpdateFunctionUrlConfigInput) (*api.UpdateFunctionUrlConfigOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	if err := refuseUrl(in.AuthType, in.InvokeMode); err != nil {
		return nil, err
	}
	var url FunctionUrl
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		if url, err = getUrl(tx, name); err != nil {
			return err
		}
		if in.Cors != nil {
			url.Cors = in.Cors
		}
		url.LastModifiedTime = s.Now()
		return putUrl(tx, name, url)
	})
	if err != nil {
		return nil, err
	}
	out := urlOutput(s.urlConfig(name, url))
	return &out, nil
}

// DeleteFunctionUrlConfig deletes a function URL.
func (s *Service) DeleteFunctionUrlConfig(ctx context.Context, in *api.DeleteFunctionUrlConfigInput) (*api.DeleteFunctionUrlConfigOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		url, err := getUrl(tx, name)
		if err != nil {
			return err
		}
		functionUrlIds.Delete(tx, store.Scope{}, url.UrlId)
		functionUrls.Delete(tx, name.scope, name.name, policyId(name))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteFunctionUrlConfigOutput{}, nil
}

// ListFunctionUrlConfigs lists the URLs of a function and its aliases.
func (s *Service) ListFunctionUrlConfigs(ctx context.Context, in *api.ListFunctionUrlConfigsInput) (*api.ListFunctionUrlConfigsOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	view := s.Store.View()
	if _, err := find(view, name); err != nil {
		return nil, err
	}
	urls, err := functionUrls.List(view, name.scope, name.name)
	if err != nil {
		return nil, err
	}
	var list []api.FunctionUrlConfig
	for _, url := range urls {
		list = append(list, s.urlConfig(name, url))
	}
	page, next, err := paginate(list, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &api.ListFunctionUrlConfigsOutput{FunctionUrlConfigs: page, NextMarker: next}, nil
}

// FindFunctionUrl returns where a function URL's id leads.
func (s *Service) FindFunctionUrl(urlId string) (FunctionUrlTarget, bool) {
	target, err := functionUrlIds.Get(s.Store.View(), store.Scope{}, urlId)
	return target, err == nil
}

// InvokeFunctionUrl runs the function of a URL's target.
func (s *Service) InvokeFunctionUrl(ctx context.Context, target FunctionUrlTarget, invocation lambda.Invocation) (lambda.Result, error) {
	arn := newFunctionName(target.Scope, target.FunctionName, target.Qualifier).arn()
	return s.InvokeVersion(ctx, arn, invocation, false)
}
