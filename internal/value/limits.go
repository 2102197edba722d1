package value

// MaxText is how much AppendString and AppendJSON append at most, in bytes, give or take one string: values that hold one another many times
// can print as much more text than they are. A caller with a smaller limit of its own need not care; others must take more than this for an
// error. API Gateway's payload quota is 10 MB.
const MaxText = 16 << 20

const (
	// maxDepth is json-smart's MAX_DEPTH: containers nested deeper make a payload unreadable.
	maxDepth = 400
	// maxPrintDepth is how deep printing and comparing go. Only a template that nests values in loops, or a value in itself, gets there; Java
	// would run out of stack at a few thousand.
	maxPrintDepth = 2000
)
