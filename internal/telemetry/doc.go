// Package telemetry is what Gatehouse tells of the requests that it served: the record
// of recent requests, execution logs with AWS's lines, access logs, metrics, and the
// spans of traces (spans.go).
//
// The data plane fills a record.Record and hands it over; everything here happens
// afterwards, and lines are rendered beside the request's way. Nothing here decides why
// a request failed (package diagnosis does) or keeps a log line (package logs does).
//
// Begin at Recorder; execution_lines.go holds the lines of AWS's execution log.
package telemetry
