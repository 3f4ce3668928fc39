package letters

import "strings"

// SanitizeBB makes foreign text harmless where the CRM interprets BB codes and HTML.
func SanitizeBB(text string) string {
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, text)
	return strings.NewReplacer("[", "(", "]", ")", "<", "‹", ">", "›").Replace(strings.Join(strings.Fields(safe), " "))
}
