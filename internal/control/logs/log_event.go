package logs

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/logs"
	"gatehouse/internal/logs/filterpattern"
)

// Limits of PutLogEvents (quota "Event size", "Batch size") and of pages of events.
const (
	batchSizeLimit   = 1_048_576 // bytes, with eventOverhead for each event
	eventSizeLimit   = 1_048_576
	eventOverhead    = 26
	batchSpanLimit   = 24 * time.Hour
	futureLimit      = 2 * time.Hour
	pastLimit        = 14 * 24 * time.Hour
	eventsLimit      = 10_000
	eventsBytesLimit = 1 << 20
)

// PutLogEvents stores a batch of events. Sequence tokens are ignored, as AWS does now.
func (s *Service) PutLogEvents(ctx context.Context, in *api.PutLogEventsInput) (*api.PutLogEventsOutput, error) {
	if err := checkBatch(in.LogEvents); err != nil {
		return nil, err
	}
	id := streamId(ctx, in.LogGroupName, in.LogStreamName)
	group, err := s.Logs.FindGroup(ctx, id)
	if err != nil {
		return nil, failure(err)
	}
	accepted, rejected := s.accept(in.LogEvents, group)
	if err := s.Logs.Put(ctx, id, accepted); err != nil {
		return nil, failure(err)
	}
	return &api.PutLogEventsOutput{NextSequenceToken: &sequenceToken, RejectedLogEventsInfo: rejected}, nil
}

func checkBatch(events []api.InputLogEvent) error {
	size := 0
	for i, event := range events {
		length := len(event.Message) + eventOverhead
		if length > eventSizeLimit {
			return invalidParameter(messageEventTooLarge, length, eventSizeLimit)
		}
		size += length
		if i > 0 && event.Timestamp < events[i-1].Timestamp {
			return invalidParameter(messageNotChronological)
		}
	}
	if size > batchSizeLimit {
		return invalidParameter(messageBatchTooLarge, size, batchSizeLimit)
	}
	if span := events[len(events)-1].Timestamp - events[0].Timestamp; span > batchSpanLimit.Milliseconds() {
		return invalidParameter(messageBatchTooLong)
	}
	return nil
}

// accept keeps the events that are not too old, not too new and not expired. The batch
// is in order, so that what is rejected stands at its ends.
func (s *Service) accept(events []api.InputLogEvent, group logs.Group) ([]logs.Event, *api.RejectedLogEventsInfo) {
	now := s.Now()
	tooOld, tooNew := now.Add(-pastLimit).UnixMilli(), now.Add(futureLimit).UnixMilli()
	expired := int64(0)
	if group.RetentionInDays > 0 {
		expired = now.AddDate(0, 0, -int(group.RetentionInDays)).UnixMilli()
	}
	rejected := &api.RejectedLogEventsInfo{}
	var accepted []logs.Event
	for i, event := range events {
		at := int32(i) // at most 10,000 events
		switch {
		case event.Timestamp > tooNew:
			if rejected.TooNewLogEventStartIndex == nil {
				rejected.TooNewLogEventStartIndex = &at
			}
		case event.Timestamp < expired:
			end := at + 1
			rejected.ExpiredLogEventEndIndex = &end
		case event.Timestamp < tooOld:
			end := at + 1
			rejected.TooOldLogEventEndIndex = &end
		default:
			accepted = append(accepted, logs.Event{Timestamp: event.Timestamp, Message: event.Message})
		}
	}
	if len(accepted) == len(events) {
		return accepted, nil
	}
	return accepted, rejected
}

// GetLogEvents reads one stream, page by page in either direction.
func (s *Service) GetLogEvents(ctx context.Context, in *api.GetLogEventsInput) (*api.GetLogEventsOutput, error) {
	id, err := chosenGroup(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	q := logs.Query{
		Group: id, Streams: logs.Names{Names: []string{in.LogStreamName}}, Limit: limitOf(in.Limit), MaxBytes: eventsBytesLimit,
		Latest: in.StartFromHead == nil || !*in.StartFromHead,
	}
	q.Start, q.End = timeRange(in.StartTime, in.EndTime)
	at, err := readEventToken(in.NextToken, &q)
	if err != nil {
		return nil, err
	}
	if err := s.checkStream(ctx, id, in.LogStreamName); err != nil {
		return nil, err
	}
	events, _, err := s.Logs.Events(ctx, q)
	if err != nil {
		return nil, failure(err)
	}
	first, last := at, at
	out := &api.GetLogEventsOutput{Events: make([]api.OutputLogEvent, 0, len(events))}
	if len(events) > 0 {
		first, last = events[0].Position, events[len(events)-1].Position
	}
	for i := range events {
		out.Events = append(out.Events, api.OutputLogEvent{
			Timestamp: &events[i].Timestamp, Message: &events[i].Message, IngestionTime: &events[i].Ingestion,
		})
	}
	forward, backward := forwardMark+last.String()+tokenEnd, backwardMark+first.String()+tokenEnd
	out.NextForwardToken, out.NextBackwardToken = &forward, &backward
	return out, nil
}

func (s *Service) checkStream(ctx context.Context, id logs.StreamId, name string) error {
	streams, err := s.Logs.Streams(ctx, id)
	if err != nil {
		return failure(err)
	}
	for _, stream := range streams {
		if stream.Name == name {
			return nil
		}
	}
	return notFoundStream()
}

// A token of GetLogEvents is "f/" or "b/", the position of an event, "/s".
const (
	forwardMark  = "f/"
	backwardMark = "b/"
	tokenEnd     = "/s"
)

// readEventToken lets the query continue where a token says. At the end of a stream
// the token that comes back is the one that was sent.
func readEventToken(token *string, q *logs.Query) (at logs.Position, err error) {
	if token == nil {
		return at, nil
	}
	text, ended := strings.CutSuffix(*token, tokenEnd)
	forward, isForward := strings.CutPrefix(text, forwardMark)
	backward, isBackward := strings.CutPrefix(text, backwardMark)
	position := forward
	if isBackward {
		position = backward
	}
	at, ok := logs.ParsePosition(position)
	if !ended || !ok || isForward == isBackward {
		return at, invalidParameter(messageInvalidToken)
	}
	if q.Latest = isBackward; isBackward {
		q.Before = &at
	} else {
		q.After = &at
	}
	return at, nil
}

func limitOf(limit *int32) int {
	if limit == nil {
		return eventsLimit
	}
	return min(int(*limit), eventsLimit)
}

// timeRange reads startTime, inclusive, and endTime, which is exclusive.
func timeRange(start, end *int64) (int64, int64) {
	from, to := int64(0), int64(0)
	if start != nil {
		from = *start
	}
	if end != nil {
		to = max(*end, 1) // an end of 0 is before everything, not without bound
	}
	return from, to
}

// FilterLogEvents searches the events of a group.
func (s *Service) FilterLogEvents(ctx context.Context, in *api.FilterLogEventsInput) (*api.FilterLogEventsOutput, error) {
	id, err := chosenGroup(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	q, err := filterQuery(id, in)
	if err != nil {
		return nil, err
	}
	for _, name := range in.LogStreamNames {
		if err := s.checkStream(ctx, id, name); err != nil {
			return nil, err
		}
	}
	events, more, err := s.Logs.Events(ctx, *q)
	if err != nil {
		return nil, failure(err)
	}
	out := &api.FilterLogEventsOutput{Events: make([]api.FilteredLogEvent, 0, len(events)), SearchedLogStreams: []api.SearchedLogStream{}}
	for i := range events {
		eventId := events[i].Position.String()
		out.Events = append(out.Events, api.FilteredLogEvent{
			LogStreamName: &events[i].Stream, Timestamp: &events[i].Timestamp, Message: &events[i].Message,
			IngestionTime: &events[i].Ingestion, EventId: &eventId,
		})
	}
	if more {
		token := filterToken(in, events[len(events)-1].Position)
		out.NextToken = &token
	}
	return out, nil
}

func filterQuery(id logs.StreamId, in *api.FilterLogEventsInput) (*logs.Query, error) {
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil {
		return nil, invalidParameter(messageNamesAndPrefix)
	}
	q := &logs.Query{Group: id, Limit: limitOf(in.Limit), MaxBytes: eventsBytesLimit, Streams: logs.Names{Names: in.LogStreamNames}}
	if in.LogStreamNamePrefix != nil {
		q.Streams.Prefix = *in.LogStreamNamePrefix
	}
	q.Start, q.End = timeRange(in.StartTime, in.EndTime)
	if in.FilterPattern != nil && strings.TrimSpace(*in.FilterPattern) != "" {
		pattern, err := filterpattern.Compile(*in.FilterPattern)
		if err != nil {
			return nil, invalidPattern(err)
		}
		q.Match = pattern.Match
	}
	if in.NextToken != nil {
		at, ok := readFilterToken(in)
		if !ok {
			return nil, invalidParameter(messageInvalidToken)
		}
		q.After = &at
	}
	return q, nil
}

// digestBytes of the query's digest stand in a token.
const digestBytes = 8

// filterToken is a position and a digest of the query it belongs to: a token of another
// query is refused.
func filterToken(in *api.FilterLogEventsInput, at logs.Position) string {
	return base64.RawURLEncoding.EncodeToString([]byte(at.String() + queryDigest(in)))
}

func readFilterToken(in *api.FilterLogEventsInput) (logs.Position, bool) {
	text, err := base64.RawURLEncoding.DecodeString(*in.NextToken)
	if err != nil {
		return logs.Position{}, false
	}
	position, ok := strings.CutSuffix(string(text), queryDigest(in))
	if !ok {
		return logs.Position{}, false
	}
	return logs.ParsePosition(position)
}

func queryDigest(in *api.FilterLogEventsInput) string {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", text(in.LogGroupName), text(in.LogGroupIdentifier), in.LogStreamNames,
		text(in.LogStreamNamePrefix), text(in.FilterPattern)))
	return hex.EncodeToString(sum[:digestBytes])
}
