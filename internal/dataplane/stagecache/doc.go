// Package stagecache is the memory behind the stage cache of REST APIs: it keeps what
// integrations answered, for each stage apart, for as long as the stage says, within the
// size of the stage's cache cluster and within what the server may take for all of them.
//
// It decides nothing about requests: which of them are cached, by which key and who may
// ask for a fresh answer is the pipeline's (check_cache.go and write_cache.go of package
// restapi). It keeps nothing on disk and shares nothing with other nodes; a stage is
// flushed on all of them because its generation in the plan grows.
//
// Which entry leaves a full cluster, and when, is decided by github.com/maypok86/otter.
//
// Begin at Clusters.
package stagecache
