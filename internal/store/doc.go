// Package store keeps records: values under keys of several segments, read in key order from consistent snapshots, and written several at a time in
// one atomic, serializable batch.
//
// It is the one place of the control plane that remembers. The control plane reads and writes through a [Collection] inside [Store.Update]; whoever
// follows the configuration (the publisher) calls [Store.Watch] and gets every committed batch together with the snapshot it led to.
//
// It is not for the data plane, which serves from published plans and never reads a store; not for counters, caches or logs, which change with every
// request; and not for values above [MaxValueBytes], which go to the object store first, with a [Digest] in the record.
//
// Begin at [Store], then [Tx] and [Collection]. The packages beneath implement it: memory for unit tests, jetstream for everything else; storetest is
// the contract both pass.
package store
