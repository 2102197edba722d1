# A stage with a cache, which refuses clients that ask for fresh answers.
new_api
new_resource orders; mock GET '{"orders": []}'
deploy
cache_stage '{"op":"replace","path":"/*/*/caching/unauthorizedCacheControlHeaderStrategy","value":"FAIL_WITH_403"}'
