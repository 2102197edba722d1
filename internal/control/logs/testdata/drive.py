# Source: the model of botocore and AWS's documentation of each operation.
# Drives CloudWatch Logs as programs do: boto3's calls and paginators, and the loop of
# "aws logs tail --follow".
import sys
import time

import boto3
from botocore.exceptions import ClientError

logs = boto3.client("logs", endpoint_url=sys.argv[1], region_name="us-east-1",
                    aws_access_key_id="test", aws_secret_access_key="test")


def refused(code, message, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, got
        assert message in got["Message"], got
    else:
        raise AssertionError(f"{call} was not refused")


group = "/aws/lambda/orders"
arn = "arn:aws:logs:us-east-1:000000000000:log-group:" + group
logs.create_log_group(logGroupName=group, tags={"team": "a"})
refused("ResourceAlreadyExistsException", "The specified log group already exists", logs.create_log_group, logGroupName=group)
refused("InvalidParameterException", "kmsKeyId", logs.create_log_group, logGroupName="k", kmsKeyId="arn:aws:kms:us-east-1:000000000000:key/1")
for i in range(60):
    logs.create_log_group(logGroupName=f"g{i:02}")
names = [g["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for g in page["logGroups"]]
assert names == [group] + [f"g{i:02}" for i in range(60)], names
assert len(logs.describe_log_groups(limit=7)["logGroups"]) == 7
found = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
assert len(found) == 1 and found[0]["arn"] == arn + ":*" and found[0]["logGroupArn"] == arn, found
assert found[0]["storedBytes"] == 0 and found[0]["metricFilterCount"] == 0 and "retentionInDays" not in found[0], found
assert len(logs.describe_log_groups(logGroupNamePattern="rde")["logGroups"]) == 1
refused("InvalidParameterException", "", logs.describe_log_groups, nextToken="bad!")

logs.put_retention_policy(logGroupName=group, retentionInDays=14)
assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 14
refused("InvalidParameterException", "retentionInDays", logs.put_retention_policy, logGroupName=group, retentionInDays=2)
logs.delete_retention_policy(logGroupName=group)
assert "retentionInDays" not in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]

logs.tag_resource(resourceArn=arn, tags={"env": "test"})
assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "a", "env": "test"}
logs.untag_resource(resourceArn=arn, tagKeys=["team"])
logs.tag_log_group(logGroupName=group, tags={"x": "y"})
logs.untag_log_group(logGroupName=group, tags=["x"])
assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"env": "test"}

refused("ResourceNotFoundException", "The specified log group does not exist.", logs.create_log_stream, logGroupName="none", logStreamName="s")
for name in ["b", "a", "c/d[$LATEST]"]:
    logs.create_log_stream(logGroupName=group, logStreamName=name)
refused("ResourceAlreadyExistsException", "The specified log stream already exists", logs.create_log_stream, logGroupName=group, logStreamName="a")

now = int(time.time() * 1000)
refused("ResourceNotFoundException", "The specified log stream does not exist.", logs.put_log_events,
        logGroupName=group, logStreamName="none", logEvents=[{"timestamp": now, "message": "m"}])
refused("InvalidParameterException", "chronological", logs.put_log_events, logGroupName=group, logStreamName="a",
        logEvents=[{"timestamp": now, "message": "m"}, {"timestamp": now - 1, "message": "m"}])
refused("InvalidParameterException", "24 hours", logs.put_log_events, logGroupName=group, logStreamName="a",
        logEvents=[{"timestamp": now - 86400001, "message": "m"}, {"timestamp": now, "message": "m"}])
refused("InvalidParameterException", "Upload too large: 1048580 bytes exceeds limit of 1048576", logs.put_log_events, logGroupName=group,
        logStreamName="a", logEvents=[{"timestamp": now, "message": "x" * 524264}] * 2)
answer = logs.put_log_events(logGroupName=group, logStreamName="a", sequenceToken="ignored", logEvents=[
    {"timestamp": now - 1000 + i, "message": f"a line {i}"} for i in range(25)])
assert answer["nextSequenceToken"] and "rejectedLogEventsInfo" not in answer, answer
answer = logs.put_log_events(logGroupName=group, logStreamName="b", logEvents=[
    {"timestamp": now - 15 * 86400000, "message": "old"}])
assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}, answer
answer = logs.put_log_events(logGroupName=group, logStreamName="b", logEvents=[
    {"timestamp": now - 500, "message": '{"level": "ERROR", "ms": 12}'}, {"timestamp": now + 3 * 3600000, "message": "new"}])
assert answer["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}, answer

streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
assert [s["logStreamName"] for s in streams] == ["b", "a", "c/d[$LATEST]"], streams
assert streams[0]["arn"] == arn + ":log-stream:b" and streams[0]["lastEventTimestamp"] == now - 500, streams
refused("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.", logs.describe_log_streams,
        logGroupName=group, orderBy="LastEventTime", logStreamNamePrefix="a")
assert len(logs.describe_log_streams(logGroupIdentifier=arn, logStreamNamePrefix="c/")["logStreams"]) == 1

# Forward to the end, where the token stays; then a new event appears behind it.
read, token = [], None
while True:
    arguments = {"nextToken": token} if token else {}
    page = logs.get_log_events(logGroupName=group, logStreamName="a", startFromHead=True, limit=10, **arguments)
    read += [e["message"] for e in page["events"]]
    if page["nextForwardToken"] == token:
        break
    token = page["nextForwardToken"]
assert read == [f"a line {i}" for i in range(25)], read
logs.put_log_events(logGroupName=group, logStreamName="a", logEvents=[{"timestamp": now, "message": "later"}])
page = logs.get_log_events(logGroupName=group, logStreamName="a", startFromHead=True, nextToken=token)
assert [e["message"] for e in page["events"]] == ["later"], page
page = logs.get_log_events(logGroupName=group, logStreamName="a", limit=3)
assert [e["message"] for e in page["events"]] == ["a line 23", "a line 24", "later"], page
page = logs.get_log_events(logGroupName=group, logStreamName="a", limit=2, nextToken=page["nextBackwardToken"])
assert [e["message"] for e in page["events"]] == ["a line 21", "a line 22"], page
page = logs.get_log_events(logGroupName=group, logStreamName="a", limit=2, nextToken=page["nextForwardToken"])
assert [e["message"] for e in page["events"]] == ["a line 23", "a line 24"], page
refused("InvalidParameterException", "The specified nextToken is invalid.", logs.get_log_events, logGroupName=group, logStreamName="a", nextToken="x")
refused("ResourceNotFoundException", "log stream", logs.get_log_events, logGroupName=group, logStreamName="none")
page = logs.get_log_events(logGroupName=group, logStreamName="a", startTime=now - 990, endTime=now - 988)
assert [e["message"] for e in page["events"]] == ["a line 10", "a line 11"], page

found = logs.filter_log_events(logGroupName=group, filterPattern='{ $.level = "ERROR" && $.ms > 10 }')
assert [e["logStreamName"] for e in found["events"]] == ["b"] and found["searchedLogStreams"] == [], found
assert len(found["events"][0]["eventId"]) == 56 and "nextToken" not in found, found
pages = list(logs.get_paginator("filter_log_events").paginate(
    logGroupName=group, filterPattern="line", interleaved=True, PaginationConfig={"PageSize": 4}))
assert [len(p["events"]) for p in pages] == [4] * 6 + [1], [len(p["events"]) for p in pages]
token = pages[0]["nextToken"]
refused("InvalidParameterException", "nextToken", logs.filter_log_events, logGroupName=group, filterPattern="other", nextToken=token)
refused("InvalidParameterException", "Invalid filter pattern", logs.filter_log_events, logGroupName=group, filterPattern="{ $.a")
refused("InvalidParameterException", "Invalid filter pattern: Invalid character(s) in term '8f4c-1'", logs.filter_log_events, logGroupName=group, filterPattern="8f4c-1")
refused("ResourceNotFoundException", "The specified log stream does not exist.", logs.filter_log_events, logGroupName=group, logStreamNames=["nowhere"])
assert len(logs.filter_log_events(logGroupName=group, logStreamNames=["b"])["events"]) == 1
assert len(logs.filter_log_events(logGroupName=group, logStreamNamePrefix="a", startTime=now)["events"]) == 1

# The loop of "aws logs tail --follow": the same query again, from the newest event on,
# each event once.
seen, newest, printed = set(), now - 990, []
for turn in range(3):
    for event in logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=newest, interleaved=True).build_full_result()["events"]:
        if event["eventId"] not in seen:
            seen.add(event["eventId"])
            printed.append(event["message"])
            newest = max(newest, event["timestamp"])
    logs.put_log_events(logGroupName=group, logStreamName="c/d[$LATEST]", logEvents=[
        {"timestamp": now + turn, "message": f"turn {turn}"}])
assert printed[-3:] == ["later", "turn 0", "turn 1"] and len(printed) == len(set(printed)), printed

logs.delete_log_stream(logGroupName=group, logStreamName="b")
assert logs.filter_log_events(logGroupName=group, filterPattern="ERROR")["events"] == []
logs.delete_log_group(logGroupName=group)
refused("ResourceNotFoundException", "The specified log group does not exist.", logs.filter_log_events, logGroupName=group)
refused("ResourceNotFoundException", "The specified log group does not exist.", logs.delete_log_group, logGroupName=group)
print("ok")
