package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/logs"
)

// sequenceToken is what operations that once had sequence tokens still return; nothing
// reads it.
var sequenceToken = "49039859593469772736594823746734564938571639485703946578"

// CreateLogStream makes a log stream.
func (s *Service) CreateLogStream(ctx context.Context, in *api.CreateLogStreamInput) (*api.CreateLogStreamOutput, error) {
	if err := s.Logs.CreateStream(ctx, streamId(ctx, in.LogGroupName, in.LogStreamName)); err != nil {
		return nil, failure(err)
	}
	return &api.CreateLogStreamOutput{}, nil
}

// DeleteLogStream deletes a log stream and its events.
func (s *Service) DeleteLogStream(ctx context.Context, in *api.DeleteLogStreamInput) (*api.DeleteLogStreamOutput, error) {
	if err := s.Logs.DeleteStream(ctx, streamId(ctx, in.LogGroupName, in.LogStreamName)); err != nil {
		return nil, failure(err)
	}
	return &api.DeleteLogStreamOutput{}, nil
}

// DescribeLogStreams lists the streams of a group by name or by the time of their last event.
func (s *Service) DescribeLogStreams(ctx context.Context, in *api.DescribeLogStreamsInput) (*api.DescribeLogStreamsOutput, error) {
	byTime := in.OrderBy == api.OrderByLastEventTime
	if byTime && in.LogStreamNamePrefix != nil {
		return nil, invalidParameter(messagePrefixWithOrder)
	}
	id, err := chosenGroup(ctx, in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	streams, err := s.Logs.Streams(ctx, id)
	if err != nil {
		return nil, failure(err)
	}
	if prefix := in.LogStreamNamePrefix; prefix != nil {
		streams = slices.DeleteFunc(streams, func(stream logs.Stream) bool { return !strings.HasPrefix(stream.Name, *prefix) })
	}
	if byTime {
		slices.SortStableFunc(streams, func(a, b logs.Stream) int { return cmp.Compare(a.LastEvent, b.LastEvent) })
	}
	if in.Descending != nil && *in.Descending {
		slices.Reverse(streams)
	}
	page, err := paginate(streams, func(stream logs.Stream) string { return stream.Name }, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &api.DescribeLogStreamsOutput{LogStreams: make([]api.LogStream, 0, len(page.Items)), NextToken: page.Next}
	for _, stream := range page.Items {
		out.LogStreams = append(out.LogStreams, describeStream(id, stream))
	}
	return out, nil
}

func describeStream(id logs.StreamId, stream logs.Stream) api.LogStream {
	arn := id.GroupArn() + ":log-stream:" + stream.Name
	stored := int64(0) // AWS answers 0 for streams since 2019
	described := api.LogStream{
		LogStreamName: &stream.Name, CreationTime: &stream.Created, Arn: &arn, StoredBytes: &stored,
	}
	if stream.LastIngestion != 0 {
		described.FirstEventTimestamp, described.LastEventTimestamp = &stream.FirstEvent, &stream.LastEvent
		described.LastIngestionTime, described.UploadSequenceToken = &stream.LastIngestion, &sequenceToken
	}
	return described
}
