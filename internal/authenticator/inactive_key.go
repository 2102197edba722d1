package authenticator

import (
	"errors"
	"strings"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/sigv4"
)

// inactiveOwner is whose inactive key an id is; false for every other id. The client is told the
// same of a key that is inactive as of one that nobody has.
func (k *Keyring) inactiveOwner(accessKeyId string) (userName string, ok bool) {
	if accessKeyId == "" || strings.HasPrefix(accessKeyId, string(iam.TemporaryAccessKeyPrefix)) {
		return "", false
	}
	record, err := records.AccessKeys.Get(k.Store.View(), records.Nobody, accessKeyId)
	return record.UserName, err == nil && !record.Active
}

// explainInactive adds to a refusal, for the people who run the server, that its key is
// inactive.
func (k *Keyring) explainInactive(accessKeyId string, err error) error {
	var refused *sigv4.Error
	if !errors.As(err, &refused) || refused.Kind != sigv4.UnrecognizedClient {
		return err
	}
	userName, ok := k.inactiveOwner(accessKeyId)
	if !ok {
		return err
	}
	refused.Explanation.KeyInactive = true
	return &iam.InactiveKey{UserName: userName, Err: err}
}
