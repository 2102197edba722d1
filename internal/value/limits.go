package value

// maxDepth is json-smart's MAX_DEPTH: containers nested deeper make a payload unreadable. Printing and comparing go no deeper than
// printDepth, which a template can exceed only by nesting values in a loop.
const (
	maxDepth   = 400
	printDepth = 2000
)
