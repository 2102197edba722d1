package fault

import (
	"net/http"
	"testing"
)

func TestSetHelp(t *testing.T) {
	header := http.Header{"Link": {"<a>"}}
	SetHelp(header, "http://localhost:4566/_gatehouse/kb/", New(NoRoute), "id 1")
	if got := header["x-gatehouse-error"]; len(got) != 1 || got[0] != "GH-R101" {
		t.Errorf("error %v", got)
	}
	want := `<http://localhost:4566/_gatehouse/kb/GH-R101?request=id+1>; rel="help"`
	if got := header["Link"]; len(got) != 2 || got[1] != want {
		t.Errorf("link %v", got)
	}
	for _, silent := range []struct {
		base string
		f    *Fault
	}{{"", New(NoRoute)}, {"http://h/", nil}} {
		header := http.Header{}
		if SetHelp(header, silent.base, silent.f, "1"); len(header) != 0 {
			t.Errorf("%v", header)
		}
	}
}
