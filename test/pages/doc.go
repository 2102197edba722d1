// Package pages looks at every kind of page of a running server as people with other
// eyes, hands and screens meet it: axe-core runs on each of them, light and dark, wide and
// on a phone, and the keyboard goes through them.
//
// What a single family of pages says and does is tested beside it (internal/knowledge,
// internal/diagnosis, internal/login); this package knows no sentence of theirs. `make
// tools` installs axe-core. Begin at TestAccessibility.
package pages
