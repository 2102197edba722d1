package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"gatehouse/internal/dataplane/stagecache"
	"gatehouse/internal/plan"
)

// openStageCaches makes the memory of stage caches, which follows what is published: a
// stage that was flushed, resized or deleted gives its memory back. Before the publisher runs.
func (a *App) openStageCaches(p *parts) error {
	var err error
	if p.caches, err = stagecache.New(a.options.Config.CacheBytes(), a.now, rand.Reader); err != nil {
		return fmt.Errorf("making the stage caches: %w", err)
	}
	caches := p.caches
	p.publisher.Swapped = func(table *plan.Table) {
		caches.Retain(func(name string) (int64, bool) { return cacheGeneration(table, name) })
	}
	a.cleanups = append(a.cleanups, func(context.Context) error {
		caches.Close()
		return nil
	})
	return nil
}

// cacheGeneration finds the cache of a stage by its name: account/region/api/stage.
func cacheGeneration(table *plan.Table, name string) (int64, bool) {
	const parts = 4
	split := strings.SplitN(name, "/", parts)
	api, ok := table.Api(split[2])
	if !ok || api.Stages[split[3]] == nil || api.Stages[split[3]].CacheCluster == nil {
		return 0, false
	}
	return api.Stages[split[3]].CacheCluster.Generation, true
}
