package acts

import "testing"

func TestPaperCode(t *testing.T) {
	for _, id := range []ActID{1, 94, 97, 123_456, maxPaperCode} {
		code := Act{ID: id, Medium: MediumPaper}.PaperCode()
		if got, ok := ActOfPaperCode(code); len(code) != 14 || !ok || got != id {
			t.Errorf("the code of act %d is %q, which is read as %d, %t", id, code, got, ok)
		}
	}
	for name, a := range map[string]Act{"electronic": {ID: 5, Medium: MediumElectronic}, "not stored": {Medium: MediumPaper}, "too large": {ID: maxPaperCode + 1, Medium: MediumPaper}} {
		if code := a.PaperCode(); code != "" {
			t.Errorf("%s: code %q, want none", name, code)
		}
	}
}

// A digit that is typed wrong, or two that are exchanged, are no code of another act; numbers of acts are no codes.
func TestActOfPaperCode(t *testing.T) {
	code := []byte(Act{ID: 1_234_567_890, Medium: MediumPaper}.PaperCode())
	for i := range code {
		for digit := byte('0'); digit <= '9'; digit++ {
			wrong := append([]byte(nil), code...)
			if wrong[i] = digit; digit != code[i] {
				if id, ok := ActOfPaperCode(string(wrong)); ok {
					t.Errorf("%s is read as act %d", wrong, id)
				}
			}
		}
		if i > 0 && code[i] != code[i-1] {
			wrong := append([]byte(nil), code...)
			wrong[i], wrong[i-1] = wrong[i-1], wrong[i]
			if id, ok := ActOfPaperCode(string(wrong)); ok {
				t.Errorf("%s is read as act %d", wrong, id)
			}
		}
	}
	for _, text := range []string{"", "5", "24", "А-1", "24000000009400", "+4000000009425", "24-00000009425"} {
		if id, ok := ActOfPaperCode(text); ok {
			t.Errorf("%q is read as act %d", text, id)
		}
	}
}
