package vtl

// Limits of one template and of one execution. The first two are API Gateway's quotas; the others are ours: far above what a template that
// works needs, and low enough that a hostile one can neither hang nor exhaust the process.
const (
	// MaxTemplateSize is AWS's quota "Mapping template size", in bytes.
	MaxTemplateSize = 300 << 10
	// MaxIterations is AWS's quota "Number of iterations in a #foreach loop in a mapping template". Velocity ends the loop without a word
	// when it is reached (directive.foreach.maxloops); that AWS does the same is unconfirmed (quirk foreach-1000).
	MaxIterations = 1000
	// MaxOutput is the largest output, and the largest string a template can make, in bytes: AWS's quota "Payload size" of 10 MB.
	MaxOutput = 10 << 20
	// maxNesting is how deep directives, parentheses, literals and references may be nested in a template.
	maxNesting = 200
	// maxDepth is how deep evaluation may go: nesting times the #define blocks that print one another.
	maxDepth = 400
	// maxSteps is how many nodes one execution may evaluate; long loops inside methods count too. It is about a second of work.
	maxSteps = 20_000_000
	// maxAllocated is how many bytes of strings, lists and maps one execution may make in all.
	maxAllocated = 128 << 20
	// maxRange is the most elements a range [a..b] may have.
	maxRange = 1 << 20
	// maxBits is the largest BigInteger arithmetic may make.
	maxBits = 1 << 18
	// defineDepth is Velocity's define.provide.maxdepth: a #define block inside itself prints itself this often.
	defineDepth = 2
)
