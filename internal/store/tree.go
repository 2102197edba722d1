package store

// node is a node of a persistent AVL tree of records. A node that a snapshot may see never changes: writers copy the nodes on the path to what they
// change, except those they made themselves (same owner), so a batch of many writes copies each node once.
type node struct {
	record      *Record
	left, right *node
	height      int8
	owner       *owner
}

// owner marks the nodes one writer may still change in place. It must not be of size zero: such pointers may be equal.
type owner struct{ _ byte }

func heightOf(n *node) int8 {
	if n == nil {
		return 0
	}
	return n.height
}

// own returns n itself if the owner made it, else a copy that is the owner's.
func (o *owner) own(n *node) *node {
	if n.owner == o {
		return n
	}
	copied := *n
	copied.owner = o
	return &copied
}

// put returns the tree with the record in it, and the record that had its key before, if any.
func (o *owner) put(n *node, record *Record) (*node, *Record) {
	if n == nil {
		return &node{record: record, height: 1, owner: o}, nil
	}
	n = o.own(n)
	var old *Record
	switch order := record.Key.Compare(n.record.Key); {
	case order == 0:
		old, n.record = n.record, record
		return n, old
	case order < 0:
		n.left, old = o.put(n.left, record)
	default:
		n.right, old = o.put(n.right, record)
	}
	return o.balance(n), old
}

// remove returns the tree without the key, and the record that had it, if any.
func (o *owner) remove(n *node, key Key) (*node, *Record) {
	if n == nil {
		return nil, nil
	}
	n = o.own(n)
	var old *Record
	switch order := key.Compare(n.record.Key); {
	case order < 0:
		n.left, old = o.remove(n.left, key)
	case order > 0:
		n.right, old = o.remove(n.right, key)
	default:
		old = n.record
		if n.left == nil {
			return n.right, old
		}
		if n.right == nil {
			return n.left, old
		}
		n.right, n.record = o.removeFirst(n.right)
	}
	return o.balance(n), old
}

// removeFirst returns the tree without its first record, and that record. The tree must not be empty.
func (o *owner) removeFirst(n *node) (*node, *Record) {
	if n.left == nil {
		return n.right, n.record
	}
	n = o.own(n)
	var first *Record
	n.left, first = o.removeFirst(n.left)
	return o.balance(n), first
}

// balance restores the AVL invariant at n, which is the owner's, after one change beneath it.
func (o *owner) balance(n *node) *node {
	switch lean := heightOf(n.left) - heightOf(n.right); {
	case lean > 1:
		n.left = o.own(n.left)
		if heightOf(n.left.left) < heightOf(n.left.right) {
			n.left = o.rotateLeft(n.left)
		}
		return o.rotateRight(n)
	case lean < -1:
		n.right = o.own(n.right)
		if heightOf(n.right.right) < heightOf(n.right.left) {
			n.right = o.rotateRight(n.right)
		}
		return o.rotateLeft(n)
	}
	n.measure()
	return n
}

func (o *owner) rotateLeft(n *node) *node {
	top := o.own(n.right)
	n.right, top.left = top.left, n
	n.measure()
	top.measure()
	return top
}

func (o *owner) rotateRight(n *node) *node {
	top := o.own(n.left)
	n.left, top.right = top.right, n
	n.measure()
	top.measure()
	return top
}

func (n *node) measure() { n.height = 1 + max(heightOf(n.left), heightOf(n.right)) }

// find returns the record of key, or nil.
func (n *node) find(key Key) *Record {
	for n != nil {
		switch order := key.Compare(n.record.Key); {
		case order == 0:
			return n.record
		case order < 0:
			n = n.left
		default:
			n = n.right
		}
	}
	return nil
}

// walk yields the records at and beneath prefix, in order, until yield returns false; it returns false then.
func (n *node) walk(prefix Key, yield func(Record) bool) bool {
	if n == nil {
		return true
	}
	inside := n.record.Key.HasPrefix(prefix)
	before := n.record.Key.Compare(prefix) < 0
	if !before && !n.left.walk(prefix, yield) {
		return false
	}
	if inside && !yield(*n.record) {
		return false
	}
	if before || inside {
		return n.right.walk(prefix, yield)
	}
	return true
}
