package restapis

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
)

// ImportApiKeys makes API keys of a file of comma-separated values, or overwrites those
// whose value is in the file, and puts them into usage plans (guide:
// api-key-file-format.md). A line that cannot be imported is a warning; with
// failOnWarnings nothing is imported then.
func (s *Service) ImportApiKeys(ctx context.Context, in *apigateway.ImportApiKeysInput) (*apigateway.ApiKeyIds, error) {
	if in.Format != apigateway.ApiKeysFormatCsv {
		return nil, badRequest(messageImportFormat)
	}
	file, err := readApiKeyFile(in.Body)
	if err != nil {
		return nil, err
	}
	out := &apigateway.ApiKeyIds{}
	err = s.changeKeys(ctx, func(k keys) error {
		out.Ids, out.Warnings = []string{}, []string{}
		for i := range file {
			id, err := k.importKey(&file[i])
			var refused awsapi.Error
			switch {
			case err == nil:
				out.Ids = append(out.Ids, id)
			case errors.As(err, &refused):
				out.Warnings = append(out.Warnings, fmt.Sprintf("Unable to import API key of line %d: %s", file[i].line, refused.ErrorMessage()))
			default:
				return err
			}
		}
		if len(out.Warnings) > 0 && given(in.FailOnWarnings, false) {
			return badRequest(strings.Join(out.Warnings, "; "))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// importedKey is one line of a file of API keys.
type importedKey struct {
	line                   int
	name, key, description string
	enabled                bool
	usagePlanIds           []string
}

// importKey checks everything of a line before it changes anything, so that a line is
// imported whole or not at all.
func (k keys) importKey(line *importedKey) (string, error) {
	if err := cmp.Or(validateApiKeyValue(line.key), validateApiKeyName(line.name)); err != nil {
		return "", err
	}
	digest := k.service.ApiKeyValues.Digest(line.key).String()
	existing, _ := records.ApiKeyValues.Get(k.r, k.at, digest)
	if err := k.mayJoinAll(line.usagePlanIds, existing); err != nil {
		return "", err
	}
	id, err := k.putImported(line, existing)
	if err != nil {
		return "", err
	}
	for _, planId := range line.usagePlanIds {
		if err := records.UsagePlanKeys.Put(k.tx, apigw.UsagePlanKey{Id: id, Type: apigw.UsagePlanKeyType}, k.at, planId, id); err != nil {
			return "", err
		}
	}
	return id, nil
}

// mayJoinAll is mayJoin for several plans at once, of which a key may be in some already.
func (k keys) mayJoinAll(planIds []string, keyId string) error {
	var joining []apigw.UsagePlan
	for _, planId := range planIds {
		plan, err := k.usagePlan(planId)
		if err != nil {
			return err
		}
		if keyId != "" && records.UsagePlanKeys.Has(k.r, k.at, planId, keyId) {
			continue
		}
		if err := k.mayJoin(planId, keyId); err != nil {
			return err
		}
		for i := range joining {
			if stage, shared := sharedStage(&joining[i], &plan); shared {
				return keyInTwoPlans(keyId, joining[i].Id, stage)
			}
		}
		joining = append(joining, plan)
	}
	if k.countPlansOf(keyId)+len(joining) > apigw.UsagePlansPerApiKeyLimit {
		return limitExceeded(messagePlansPerKeyLimit)
	}
	return nil
}

func (k keys) countPlansOf(keyId string) int {
	if keyId == "" {
		return 0
	}
	count := 0
	for _, planId := range records.UsagePlans.IDs(k.r, k.at) {
		if records.UsagePlanKeys.Has(k.r, k.at, planId[0], keyId) {
			count++
		}
	}
	return count
}

func (k keys) putImported(line *importedKey, existing string) (string, error) {
	now := k.service.Now().UTC()
	if existing == "" {
		created := apigw.ApiKey{Name: line.name, Description: line.description, Enabled: line.enabled, CreatedDate: now, LastUpdatedDate: now}
		err := k.putNew(&created, line.key)
		return created.Id, err
	}
	updated, err := k.apiKey(existing)
	if err != nil {
		return "", err
	}
	updated.Name, updated.Description, updated.Enabled, updated.LastUpdatedDate = line.name, line.description, line.enabled, now
	return updated.Id, records.ApiKeys.Put(k.tx, updated, k.at, updated.Id)
}

// The columns of a file of API keys, in lower case.
const (
	columnKey         = "key"
	columnName        = "name"
	columnDescription = "description"
	columnEnabled     = "enabled"
	columnPlans       = "usageplanids"
)

// readApiKeyFile reads a file whose first line names its columns, in any order and case.
// Unknown columns are ignored.
func readApiKeyFile(body []byte) ([]importedKey, error) {
	lines := strings.Split(string(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))), "\n")
	columns := splitCsv(lines[0])
	for i := range columns {
		columns[i] = strings.ToLower(columns[i])
	}
	for _, needed := range []string{"Key", "Name"} {
		if !slices.Contains(columns, strings.ToLower(needed)) {
			return nil, badRequest(fmt.Sprintf(messageImportColumn, needed))
		}
	}
	var file []importedKey
	for i, text := range lines[1:] {
		if strings.TrimSpace(text) == "" {
			continue
		}
		read := importedKey{line: i + 2, enabled: true}
		for position, field := range splitCsv(text) {
			if position < len(columns) {
				read.set(columns[position], field)
			}
		}
		file = append(file, read)
	}
	return file, nil
}

func (l *importedKey) set(column, field string) {
	switch column {
	case columnKey:
		l.key = field
	case columnName:
		l.name = field
	case columnDescription:
		l.description = field
	case columnEnabled:
		l.enabled = field == "" || strings.EqualFold(field, "true")
	case columnPlans:
		for planId := range strings.SplitSeq(field, ",") {
			if planId = strings.TrimSpace(planId); planId != "" && !slices.Contains(l.usagePlanIds, planId) {
				l.usagePlanIds = append(l.usagePlanIds, planId)
			}
		}
	}
}

// splitCsv splits a line at commas that are not between double or single quotes, without
// the quotes and the blanks around.
func splitCsv(line string) []string {
	var fields []string
	var field strings.Builder
	quote, wasQuoted := rune(0), false
	end := func() {
		text := field.String()
		if !wasQuoted {
			text = strings.TrimSpace(text)
		}
		fields = append(fields, text)
		field.Reset()
		wasQuoted = false
	}
	for _, r := range strings.TrimRight(line, "\r") {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			field.WriteRune(r)
		case r == ',':
			end()
		case (r == '"' || r == '\'') && strings.TrimSpace(field.String()) == "" && !wasQuoted:
			quote, wasQuoted = r, true
			field.Reset()
		case wasQuoted && r == ' ':
		default:
			field.WriteRune(r)
		}
	}
	end()
	return fields
}
