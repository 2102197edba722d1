package login

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gatehouse/internal/store"
)

// twoNodes are two gates with the same store and key.
func twoNodes(t *testing.T) (near, far *world) {
	t.Helper()
	near, far = newWorld(t), newWorld(t)
	far.gate.options.Store, far.gate.sessions.store = near.gate.options.Store, near.gate.options.Store
	return near, far
}

func (w *world) lets(with func(*http.Request)) bool {
	response, _ := w.send("GET", "/_gatehouse/requests/", nil, with)
	return response.StatusCode == http.StatusOK
}

// Whoever logs in at one node is logged in at all, and logged out at all.
func TestSessionsOfAllNodes(t *testing.T) {
	near, far := twoNodes(t)
	for id, token := range map[string]string{"AKIAALICE": "", "ASIASESSION": token} {
		with := near.loggedIn(id, token)
		if !near.lets(with) || !far.lets(with) {
			t.Errorf("%s is not logged in at both nodes", id)
		}
		if response, _ := far.send("POST", LogoutPath, url.Values{}, with); response.StatusCode != http.StatusSeeOther {
			t.Errorf("logging out: %s", response.Status)
		}
		if near.lets(with) || far.lets(with) {
			t.Errorf("%s is still logged in", id)
		}
	}
	used := near.loggedIn("AKIAALICE", "")
	for range 3 { // an hour and a half, by turns
		near.now, far.now = near.now.Add(30*time.Minute), far.now.Add(30*time.Minute)
		if !far.lets(used) {
			t.Fatal("a session that another node knows to be used is over")
		}
	}
}

// Nothing that is kept opens a session, or tells a session token.
func TestWhatIsKept(t *testing.T) {
	w := newWorld(t)
	response, _ := w.login("ASIASESSION", secret, token)
	cookie := response.Cookies()[0].Value
	for record := range w.gate.options.Store.View().List(store.NewKey()) {
		text := record.Key.String() + string(record.Value)
		if strings.Contains(text, token) || strings.Contains(text, cookie) || strings.Contains(text, secret) {
			t.Errorf("it is kept: %s", text)
		}
		var kept map[string]any
		if err := json.Unmarshal(record.Value, &kept); err != nil || kept["AccessKeyId"] != "ASIASESSION" || kept["SealedToken"] == "" {
			t.Errorf("%s %v", record.Value, err)
		}
	}
}

// A node that has not heard of a session yet waits for it, but not for ever.
func TestSessionsThatAreYetToCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.gate.sessions
		id := make([]byte, sessionIdBytes)
		cookie, err := s.sealer.Seal(binary.BigEndian.AppendUint64(id, s.store.View().Revision()+1), cookieOwner)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, ok := s.find(t.Context(), cookie); ok || time.Since(began) != followTimeout {
			t.Errorf("what never comes was waited for %s", time.Since(began))
		}
		go func() {
			time.Sleep(100 * time.Millisecond)
			_ = s.store.Update(context.Background(), func(tx *store.Tx) error {
				return records.Put(tx, session{AccessKeyId: "AKIAALICE", Began: w.now, Used: w.now}, everywhere, hashOf(id))
			})
		}()
		if one, ok := s.find(t.Context(), cookie); !ok || one.accessKeyId != "AKIAALICE" {
			t.Errorf("got %+v %v", one, ok)
		}
	})
}

// Who cannot be logged out is told so.
func TestLogoutWithoutStore(t *testing.T) {
	w := newWorld(t)
	with := w.loggedIn("AKIAALICE", "")
	if err := w.gate.options.Store.Close(); err != nil {
		t.Fatal(err)
	}
	response, body := w.send("POST", LogoutPath, url.Values{}, with)
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "still logged in") || len(response.Cookies()) != 0 {
		t.Errorf("%s %s", response.Status, body)
	}
	if response, _ := w.login("AKIAALICE", secret, ""); response.StatusCode != http.StatusServiceUnavailable || len(response.Cookies()) != 0 {
		t.Errorf("logging in: %s", response.Status)
	}
}

// Sessions that are over are forgotten.
func TestSweep(t *testing.T) {
	w := newWorld(t)
	w.loggedIn("AKIAALICE", "")
	w.now = w.now.Add(sessionIdle)
	w.loggedIn("AKIAROOT", "")
	w.gate.sessions.write(t.Context(), func(tx *store.Tx) error { return sweepIn(tx, w.now) })
	if list, err := all(w.gate.options.Store.View()); err != nil || len(list) != 1 || list[0].AccessKeyId != "AKIAROOT" {
		t.Errorf("%+v %v", list, err)
	}
}
