package fault

import "strings"

// Command joins words into a command for a shell, each quoted where it must be: what a
// client sent may stand in a command that is shown to people.
func Command(words ...string) string {
	quoted := make([]string, len(words))
	for i := range words {
		quoted[i] = Quote(words[i])
	}
	return strings.Join(quoted, " ")
}

// Quote makes text one word of a shell's command.
func Quote(text string) string {
	if text != "" && strings.IndexFunc(text, needsQuote) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'"'"'`) + "'"
}

func needsQuote(r rune) bool {
	isWord := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !isWord && !strings.ContainsRune("-_./:=@%+,", r)
}
