package functions

import (
	"runtime"
	"strings"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/control/unsupported"
)

// Settings of the Lambda API that are refused by name, because nothing here would act on
// them, in the order of the checks. The parity page lists these rows (see Unsupported).
var (
	unsupportedVpc          = unsupported.Setting{Setting: "VpcConfig", Reason: "functions run as processes in this machine's network."}
	unsupportedDeadLetter   = unsupported.Setting{Setting: "DeadLetterConfig", Reason: "there is no queue or topic to send failed events to."}
	unsupportedKms          = unsupported.Setting{Setting: "KMSKeyArn", Reason: "there is no KMS."}
	unsupportedTracing      = unsupported.Setting{Setting: "TracingConfig Active", Reason: "function segments are not recorded."}
	unsupportedLayers       = unsupported.Setting{Setting: "Layers", Reason: "put the layer's content into the deployment package."}
	unsupportedFileSystems  = unsupported.Setting{Setting: "FileSystemConfigs", Reason: "there is no EFS."}
	unsupportedImage        = unsupported.Setting{Setting: "PackageType Image", Reason: "functions come as .zip archives."}
	unsupportedSigning      = unsupported.Setting{Setting: "CodeSigningConfigArn", Reason: "signatures of code are not checked."}
	unsupportedSnapStart    = unsupported.Setting{Setting: "SnapStart PublishedVersions", Reason: "environments are not restored from snapshots."}
	unsupportedS3           = unsupported.Setting{Setting: "Code.S3Bucket", Reason: "there is no S3; send the archive as ZipFile."}
	unsupportedJSONLogs     = unsupported.Setting{Setting: "LoggingConfig LogFormat JSON", Reason: "logs are written as text."}
	unsupportedCapacity     = unsupported.Setting{Setting: "CapacityProviderConfig", Reason: "there are no capacity providers."}
	unsupportedDurable      = unsupported.Setting{Setting: "DurableConfig", Reason: "there are no durable executions."}
	unsupportedTenancy      = unsupported.Setting{Setting: "TenancyConfig", Reason: "functions are not isolated by tenant."}
	unsupportedArchitecture = unsupported.Setting{Setting: "Architectures of another machine", Reason: "provided.* runtimes run on this machine's processor only."}
	unsupportedUrlIam       = unsupported.Setting{Setting: "AuthType AWS_IAM of a function URL", Reason: "signatures of function URLs are not verified yet."}
	unsupportedUrlStream    = unsupported.Setting{Setting: "InvokeMode RESPONSE_STREAM", Reason: "answers are buffered."}
)

// Unsupported lists every setting that is refused.
func Unsupported() []unsupported.Setting {
	return []unsupported.Setting{
		unsupportedVpc, unsupportedDeadLetter, unsupportedKms, unsupportedTracing, unsupportedLayers, unsupportedFileSystems, unsupportedImage,
		unsupportedSigning, unsupportedSnapStart, unsupportedS3, unsupportedJSONLogs, unsupportedCapacity, unsupportedDurable, unsupportedTenancy,
		unsupportedArchitecture, unsupportedUrlIam, unsupportedUrlStream,
	}
}

// settings are what CreateFunction and UpdateFunctionConfiguration share.
type settings struct {
	vpc         *api.VpcConfig
	deadLetter  *api.DeadLetterConfig
	kms         *string
	tracing     *api.TracingConfig
	layers      []string
	fileSystems []api.FileSystemConfig
	image       *api.ImageConfig
	snapStart   *api.SnapStart
	logging     *api.LoggingConfig
	capacity    *api.CapacityProviderConfig
	durable     *api.DurableConfig
}

// refuse returns the first setting that would have no effect, nil when there is none.
// An empty structure, which clients send to say "none", passes.
func (s settings) refuse() error {
	for _, check := range []struct {
		asked bool
		row   unsupported.Setting
	}{
		{s.vpc != nil && len(s.vpc.SubnetIds)+len(s.vpc.SecurityGroupIds) > 0, unsupportedVpc},
		{s.deadLetter != nil && text(s.deadLetter.TargetArn) != "", unsupportedDeadLetter},
		{text(s.kms) != "", unsupportedKms},
		{s.tracing != nil && s.tracing.Mode == api.TracingModeActive, unsupportedTracing},
		{len(s.layers) > 0, unsupportedLayers},
		{len(s.fileSystems) > 0, unsupportedFileSystems},
		{s.image != nil, unsupportedImage},
		{s.snapStart != nil && s.snapStart.ApplyOn == api.SnapStartApplyOnPublishedVersions, unsupportedSnapStart},
		{s.logging != nil && s.logging.LogFormat == api.LogFormatJson, unsupportedJSONLogs},
		{s.capacity != nil, unsupportedCapacity},
		{s.durable != nil, unsupportedDurable},
	} {
		if check.asked {
			return notServed(check.row)
		}
	}
	return nil
}

// checkArchitecture refuses machine code for another processor.
func checkArchitecture(runtimeName string, architectures []api.Architecture) error {
	if len(architectures) > 1 {
		return invalidParameter("Architectures list must have exactly one element")
	}
	if len(architectures) == 0 || !strings.HasPrefix(runtimeName, "provided") {
		return nil
	}
	if string(architectures[0]) != hostArchitecture() {
		return notServed(unsupportedArchitecture)
	}
	return nil
}

func hostArchitecture() string {
	if runtime.GOARCH == "arm64" {
		return string(api.ArchitectureArm64)
	}
	return string(api.ArchitectureX8664)
}

func text(pointer *string) string {
	if pointer == nil {
		return ""
	}
	return *pointer
}
