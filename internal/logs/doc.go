// Package logs keeps log groups, log streams and log events, as CloudWatch Logs does:
// functions, execution logs and access logs write to it, the operations of
// control/logs read from it.
//
// Records of log groups (retention, tags) are in the configuration store. Events are
// in a Journal of their own, bounded in bytes, the oldest going first: what is logged
// can fill neither the disk nor the configuration. An index in memory, folded from the
// headers of the journal's entries, says which entry may hold which time; events
// themselves stay in the journal until they are asked for.
//
// It knows no operation and no wire format of AWS, and it writes no log line of its
// own making: package telemetry renders execution logs, package lambda sends what
// functions print. Filter patterns are in logs/filterpattern.
//
// Begin at Logs.
package logs
