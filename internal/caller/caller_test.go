package caller

import "testing"

func TestFrom(t *testing.T) {
	want := Caller{Account: "123456789012", Region: "eu-west-1", RequestId: "r"}
	if got := From(WithCaller(t.Context(), want)); got != want {
		t.Errorf("From = %+v, want %+v", got, want)
	}
	if got := From(t.Context()); got != (Caller{}) {
		t.Errorf("From of a bare context = %+v, want none", got)
	}
}
