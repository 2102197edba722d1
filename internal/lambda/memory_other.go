//go:build !linux

package lambda

// processStatus is not available here: memory is neither reported nor limited.
type processStatus struct{}

func openProcessStatus(int, bool) *processStatus { return nil }

func (*processStatus) peak() int64 { return 0 }

func (*processStatus) resident() int64 { return 0 }

func (*processStatus) close() {}

func treeMemory(int, bool) int64 { return 0 }
