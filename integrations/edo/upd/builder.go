package upd

import (
	"fmt"
	"time"

	"acts24/acts"
)

// builder builds the parts of one title and collects the faults that a user must correct.
type builder struct {
	act    acts.Act
	line   string // of the check to which new faults belong
	faults []acts.DocumentFault
}

// field describes a value of the document for users: its name, where it is filled in, its largest length.
type field struct {
	what  string // in the nominative: «адрес контрагента»
	where string // «в реквизитах контрагента»
	limit int
}

func (b *builder) refuse(text string, values ...any) {
	b.faults = append(b.faults, acts.DocumentFault{Check: b.line, Text: fmt.Sprintf(text, values...)})
}

// err returns the faults as one error, nil without faults.
func (b *builder) err() error {
	if len(b.faults) == 0 {
		return nil
	}
	return acts.Errorf(acts.Invalid, "%s", acts.JoinDocumentFaults(b.faults))
}

// forLine assigns new faults to a line of the check until the returned function is called.
func (b *builder) forLine(line string) func() {
	before := b.line
	b.line = line
	return func() { b.line = before }
}

// required returns a mandatory text.
func (b *builder) required(value string, f field) string {
	text := b.optional(value, f)
	if text == "" {
		b.refuse("Не хватает данных: %s. Заполните %s.", f.what, f.where)
	}
	return text
}

// optional returns an optional text. A text that is too long is a fault and is not cut, because it is a legal detail.
func (b *builder) optional(value string, f field) string {
	text := clean(value)
	if n := length(text); n > f.limit {
		b.refuse("Слишком длинный текст: %s, знаков %d, а можно %d. Сократите %s.", f.what, n, f.limit, f.where)
	}
	return text
}

// date returns a day in the format of the schema, which allows the years 1900 to 2099.
func (b *builder) date(t time.Time, f field) string {
	switch {
	case t.IsZero():
		b.refuse("Не хватает данных: %s. Заполните %s.", f.what, f.where)
	case t.Year() < 1900 || t.Year() > 2099:
		b.refuse("Неверный год: %s — %s. Исправьте %s.", f.what, t.Format(dateLayout), f.where)
	}
	return t.Format(dateLayout)
}
