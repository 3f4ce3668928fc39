package letters

import "testing"

func TestSanitizeBB(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"plain text stays":  {"ООО «Ромашка»", "ООО «Ромашка»"},
		"a link is no link": {"[URL=https://evil.example]сюда[/URL]", "(URL=https://evil.example)сюда(/URL)"},
		"a tag is no tag":   {"<b>x</b>", "‹b›x‹/b›"},
		"lines are joined":  {"a\nb\t c", "a b c"},
		"the direction of the text cannot be reversed": {"a\u202eb", "a b"},
	} {
		if got := SanitizeBB(tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
