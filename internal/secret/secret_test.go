package secret

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestOpenMakesAKeyFileForItsOwnerAlone(t *testing.T) {
	path := PathOf(filepath.Join(t.TempDir(), "data/"))
	if !strings.HasSuffix(path, "/data.secret/key") {
		t.Errorf("the key is at %s", path)
	}
	first, err := Open(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	sealed, err := first.Box("test").Seal([]byte("text"), "owner")
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := again.Box("test").Open(sealed, "owner"); err != nil || string(text) != "text" {
		t.Errorf("got %q, %v", text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".gatehouse-key-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOpenRefusesAKeyFileThatOthersRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if _, err := Open(path, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, rand.Reader); !errors.Is(err, ErrKeyFile) || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestOpenDoesNotQuoteTheKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(keyFileHead+"topsecret!"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path, rand.Reader)
	if !errors.Is(err, ErrKeyFile) || strings.Contains(err.Error(), "topsecret") {
		t.Errorf("got %v", err)
	}
}

func TestServersThatStartTogetherShareOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	keepers := make([]*Keeper, 8)
	var group sync.WaitGroup
	for i := range keepers {
		group.Go(func() { keepers[i], _ = Open(path, rand.Reader) })
	}
	group.Wait()
	for i, keeper := range keepers {
		if keeper == nil || string(keeper.key) != string(keepers[0].key) {
			t.Fatalf("keeper %d has another key", i)
		}
	}
}

func TestBoxOpensOnlyWhatItSealedForTheOwner(t *testing.T) {
	keeper := newKeeper(t)
	box := keeper.Box("a")
	sealed, err := box.Seal([]byte("wJalrXUtnFEMI"), "AKIA1")
	if err != nil {
		t.Fatal(err)
	}
	if raw, _ := base64.StdEncoding.DecodeString(sealed); strings.Contains(string(raw), "wJalr") {
		t.Error("the text can be read in what was sealed")
	}
	if twice, _ := box.Seal([]byte("wJalrXUtnFEMI"), "AKIA1"); twice == sealed {
		t.Error("the same text was sealed the same way twice")
	}
	cases := map[string]struct {
		box           *Box
		sealed, owner string
		want          error
	}{
		"good":            {box, sealed, "AKIA1", nil},
		"another owner":   {box, sealed, "AKIA2", ErrDamaged},
		"another purpose": {keeper.Box("b"), sealed, "AKIA1", ErrDamaged},
		"another key":     {newKeeper(t).Box("a"), sealed, "AKIA1", ErrOtherKey},
		"cut":             {box, sealed[:len(sealed)-8], "AKIA1", ErrDamaged},
		"empty":           {box, "", "AKIA1", ErrDamaged},
		"no base64":       {box, "%%%", "AKIA1", ErrDamaged},
	}
	for name, c := range cases {
		if _, err := c.box.Open(c.sealed, c.owner); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func newKeeper(t *testing.T) *Keeper {
	t.Helper()
	key := make([]byte, keySize)
	_, _ = rand.Read(key)
	keeper, err := New(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

func FuzzBoxOpen(f *testing.F) {
	keeper, err := New(make([]byte, keySize), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	box := keeper.Box("fuzz")
	sealed, _ := box.Seal([]byte("text"), "owner")
	f.Add(sealed)
	f.Add("AQ==")
	f.Fuzz(func(t *testing.T, text string) {
		opened, err := box.Open(text, "owner")
		if err == nil && string(opened) != "text" {
			t.Errorf("%q opened to %q", text, opened)
		}
	})
}
