package papercode

import (
	"testing"

	"acts24/acts"
)

func TestOf(t *testing.T) {
	for _, id := range []acts.ActID{1, 94, 97, 123_456, maxID} {
		code := Of(acts.Act{ID: id, Medium: acts.MediumPaper})
		if got, ok := Parse(code); len(code) != 14 || !ok || got != id {
			t.Errorf("the code of act %d is %q, which is read as %d, %t", id, code, got, ok)
		}
	}
	for name, a := range map[string]acts.Act{"electronic": {ID: 5, Medium: acts.MediumElectronic}, "not stored": {Medium: acts.MediumPaper}, "too large": {ID: maxID + 1, Medium: acts.MediumPaper}} {
		if code := Of(a); code != "" {
			t.Errorf("%s: code %q, want none", name, code)
		}
	}
}

// A digit that is typed wrong, or two that are exchanged, are no code of another act; numbers of acts are no codes.
func TestParse(t *testing.T) {
	code := []byte(Of(acts.Act{ID: 1_234_567_890, Medium: acts.MediumPaper}))
	for i := range code {
		for digit := byte('0'); digit <= '9'; digit++ {
			wrong := append([]byte(nil), code...)
			if wrong[i] = digit; digit != code[i] {
				if id, ok := Parse(string(wrong)); ok {
					t.Errorf("%s is read as act %d", wrong, id)
				}
			}
		}
		if i > 0 && code[i] != code[i-1] {
			wrong := append([]byte(nil), code...)
			wrong[i], wrong[i-1] = wrong[i-1], wrong[i]
			if id, ok := Parse(string(wrong)); ok {
				t.Errorf("%s is read as act %d", wrong, id)
			}
		}
	}
	for _, text := range []string{"", "5", "24", "А-1", "24000000009400", "+4000000009425", "24-00000009425"} {
		if id, ok := Parse(text); ok {
			t.Errorf("%q is read as act %d", text, id)
		}
	}
}
