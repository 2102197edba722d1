package functions

import (
	"runtime"
	"strings"

	api "gatehouse/internal/awsapi/lambda"
)

// Unsupported is a setting of the Lambda API that is refused by name, because nothing
// here would act on it. The parity page lists these rows.
type Unsupported struct {
	Setting string
	Why     string
}

// The rows, in the order of the checks.
var (
	unsupportedVpc          = Unsupported{"VpcConfig", "functions run as processes in this machine's network."}
	unsupportedDeadLetter   = Unsupported{"DeadLetterConfig", "there is no queue or topic to send failed events to."}
	unsupportedKms          = Unsupported{"KMSKeyArn", "there is no KMS."}
	unsupportedTracing      = Unsupported{"TracingConfig Active", "function segments are not recorded."}
	unsupportedLayers       = Unsupported{"Layers", "put the layer's content into the deployment package."}
	unsupportedFileSystems  = Unsupported{"FileSystemConfigs", "there is no EFS."}
	unsupportedImage        = Unsupported{"PackageType Image", "functions come as .zip archives."}
	unsupportedSigning      = Unsupported{"CodeSigningConfigArn", "signatures of code are not checked."}
	unsupportedSnapStart    = Unsupported{"SnapStart PublishedVersions", "environments are not restored from snapshots."}
	unsupportedS3           = Unsupported{"Code.S3Bucket", "there is no S3; send the archive as ZipFile."}
	unsupportedJSONLogs     = Unsupported{"LoggingConfig LogFormat JSON", "logs are written as text."}
	unsupportedCapacity     = Unsupported{"CapacityProviderConfig", "there are no capacity providers."}
	unsupportedDurable      = Unsupported{"DurableConfig", "there are no durable executions."}
	unsupportedTenancy      = Unsupported{"TenancyConfig", "functions are not isolated by tenant."}
	unsupportedArchitecture = Unsupported{"Architectures of another machine", "provided.* runtimes run on this machine's processor only."}
	unsupportedUrlIam       = Unsupported{"AuthType AWS_IAM of a function URL", "signatures of function URLs are not verified yet."}
	unsupportedUrlStream    = Unsupported{"InvokeMode RESPONSE_STREAM", "answers are buffered."}
)

// UnsupportedSettings lists what this service refuses, for the parity page.
func UnsupportedSettings() []Unsupported {
	return []Unsupported{
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
		row   Unsupported
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
			return notServed(check.row.Setting, check.row.Why)
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
		return notServed(unsupportedArchitecture.Setting, unsupportedArchitecture.Why)
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
