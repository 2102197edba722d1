package jsonpath

// tokenKind tells what a step of a path does.
type tokenKind uint8

const (
	tokenNames    tokenKind = iota // .name, ['name'], ['name','other']
	tokenIndexes                   // [0], [-1], [0,1]
	tokenSlice                     // [1:3], [:2], [-2:]
	tokenWildcard                  // *
	tokenScan                      // ..
	tokenFilter                    // [?(…)]
	tokenFunction                  // .length(), .concat(…)
)

// sliceKind tells which ends of a slice are given; they behave differently.
type sliceKind uint8

const (
	sliceFrom sliceKind = iota
	sliceTo
	sliceBetween
)

// token is one step of a path, after the root.
type token struct {
	kind      tokenKind
	names     []string
	indexes   []int // of [0,1]; from and to of a slice
	slice     sliceKind
	filter    expression
	function  string
	arguments []argument

	last     bool
	upstream bool // everything before this token is definite
}

// argument is one of a function: JSON text, or a path.
type argument struct {
	json string
	path *Path
}

// definite reports whether the token leads to one place at most.
func (t *token) definite() bool {
	switch t.kind {
	case tokenNames:
		return len(t.names) == 1 || t.last
	case tokenIndexes:
		return len(t.indexes) == 1
	case tokenFunction:
		return true
	default:
		return false
	}
}

// newPath makes a path of its tokens.
func newPath(text string, absolute bool, tokens []token) *Path {
	tokens = callOnScan(text, tokens)
	p := &Path{text: text, absolute: absolute, tokens: tokens, definite: true, direct: true}
	for i := range tokens {
		t := &tokens[i]
		t.last = i == len(tokens)-1
		t.upstream = p.definite
		p.definite = p.definite && t.definite()
		switch t.kind {
		case tokenNames:
			p.direct = p.direct && len(t.names) == 1
		case tokenIndexes:
			p.direct = p.direct && len(t.indexes) == 1
		default:
			p.direct = false
		}
	}
	return p
}

// callOnScan turns $..name.function() into $.function($..name), as Jayway does for a function at the end of a path that begins with a scan.
func callOnScan(text string, tokens []token) []token {
	if len(tokens) == 0 || tokens[0].kind != tokenScan || tokens[len(tokens)-1].kind != tokenFunction {
		return tokens
	}
	at := 0
	for tokens[at].kind != tokenFunction {
		at++
	}
	scanned := newPath(text, true, append([]token(nil), tokens[:at]...))
	rest := append([]token(nil), tokens[at:]...)
	rest[0].arguments = []argument{{path: scanned}}
	return rest
}
