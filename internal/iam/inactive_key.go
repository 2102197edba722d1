package iam

// InactiveKey is why a signature was refused whose access key exists and is inactive. Its
// client is not told.
type InactiveKey struct {
	UserName string // whose key it is; empty for an account's root user
	Err      error  // the refusal
}

// Error is the refusal's text.
func (k *InactiveKey) Error() string { return k.Err.Error() }

// Unwrap returns the refusal.
func (k *InactiveKey) Unwrap() error { return k.Err }
