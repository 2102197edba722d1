package logs

import "gatehouse/internal/control/unsupported"

// Settings of CloudWatch Logs that are refused by name, because nothing here would act on
// them. The parity page lists these rows (see Unsupported).
var (
	unsupportedKms        = unsupported.Setting{Setting: "kmsKeyId", Reason: "there is no KMS to encrypt with"}
	unsupportedClass      = unsupported.Setting{Setting: "logGroupClass other than STANDARD", Reason: "log groups are of the class STANDARD"}
	unsupportedProtection = unsupported.Setting{Setting: "deletionProtectionEnabled", Reason: "log groups are not protected"}
	unsupportedLinked     = unsupported.Setting{Setting: "includeLinkedAccounts", Reason: "accounts are not linked"}
	unsupportedAccounts   = unsupported.Setting{Setting: "accountIdentifiers", Reason: "accounts are not linked"}
)

// Unsupported lists every setting that is refused.
func Unsupported() []unsupported.Setting {
	return []unsupported.Setting{unsupportedKms, unsupportedClass, unsupportedProtection, unsupportedLinked, unsupportedAccounts}
}
