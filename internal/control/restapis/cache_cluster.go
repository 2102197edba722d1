package restapis

import (
	"context"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
)

// cacheClusterSizes are gigabytes.
var cacheClusterSizes = []string{"0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"}

// setCacheCluster gives a stage that is about to be put its cache. One that is made or
// resized begins empty (guide: api-gateway-caching.md); before is the stage as it was,
// zero for a new one.
func (a api) setCacheCluster(before, stage *apigw.Stage) error {
	if stage.CacheClusterEnabled && stage.CacheClusterSize == "" {
		stage.CacheClusterSize = apigw.CacheClusterSizeDefault
	}
	if _, ok := apigw.CacheClusterBytes(stage.CacheClusterSize); !ok && stage.CacheClusterSize != "" {
		return badRequest(messageInvalidCacheSize)
	}
	if stage.CacheClusterEnabled && (!before.CacheClusterEnabled || before.CacheClusterSize != stage.CacheClusterSize) {
		a.emptyCache(stage)
	}
	return nil
}

// emptyCache begins another generation of a stage's cache.
func (a api) emptyCache(stage *apigw.Stage) {
	stage.CacheGeneration = max(stage.CacheGeneration+1, a.service.Now().UnixNano())
}

// FlushStageCache empties a stage's cache, on every node. It returns when the data plane
// finds none of it any more. AWS accepts it on a stage without a cache (unconfirmed).
func (s *Service) FlushStageCache(ctx context.Context, in *apigateway.FlushStageCacheInput) (*apigateway.FlushStageCacheOutput, error) {
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		stage, err := a.stage(in.StageName)
		if err != nil || !stage.CacheClusterEnabled {
			return err
		}
		a.emptyCache(&stage)
		return records.Stages.Put(a.tx, stage, a.at, a.id, stage.StageName)
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.FlushStageCacheOutput{}, nil
}

// cacheClusterStatus is what a stage's cache is between changes. The cache is made,
// resized and taken away while the operation runs, which on AWS takes some minutes.
func cacheClusterStatus(stage *apigw.Stage) apigateway.CacheClusterStatus {
	if stage.CacheClusterEnabled {
		return apigateway.CacheClusterStatusAvailable
	}
	return apigateway.CacheClusterStatusNotAvailable
}

// changingCache is a stage as the operation that changed its cache answers: with the
// status that AWS shows while it works. Whoever asks again finds it done.
func changingCache(before, after *apigw.Stage, out *apigateway.Stage) *apigateway.Stage {
	switch {
	case after.CacheClusterEnabled && (!before.CacheClusterEnabled || before.CacheClusterSize != after.CacheClusterSize):
		out.CacheClusterStatus = apigateway.CacheClusterStatusCreateInProgress
	case before.CacheClusterEnabled && !after.CacheClusterEnabled:
		out.CacheClusterStatus = apigateway.CacheClusterStatusDeleteInProgress
	}
	return out
}
