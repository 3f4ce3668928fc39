package workflow

import "testing"

func TestIsOperatorLink(t *testing.T) {
	for link, want := range map[string]bool{"https://online.sbis.ru/x": true, "http://127.0.0.1:8080/x": true, "http://online.sbis.ru/x": false, "http://127.0.0.1.example.ru/x": false, "javascript:alert(1)": false,
		"data:text/html,x": false, "//online.sbis.ru": false, "": false, "https://": false, "%": false} {
		if IsOperatorLink(link) != want {
			t.Errorf("%q is a link: %t", link, !want)
		}
	}
}
