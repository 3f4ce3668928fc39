package upd

import (
	"fmt"
	"time"

	"acts24/acts"
)

// builder makes the parts of one title and gathers what a person has to mend first.
type builder struct {
	act   acts.Act
	line  string // of the check, to which what is made now belongs
	wrong []acts.DocumentFault
}

// field is a place of the document: how people call it, where they fill it, how long it may be.
type field struct {
	what  string // in the nominative: «адрес контрагента»
	where string // «в реквизитах контрагента»
	limit int
}

func (b *builder) refuse(text string, values ...any) {
	b.wrong = append(b.wrong, acts.DocumentFault{Line: b.line, Text: fmt.Sprintf(text, values...)})
}

// err is the refusal, or nil when nothing is wrong.
func (b *builder) err() error {
	if len(b.wrong) == 0 {
		return nil
	}
	return acts.Errorf(acts.Invalid, "%s", acts.JoinDocumentFaults(b.wrong))
}

// forLine says to which line of the check belongs what is made until the returned function is called.
func (b *builder) forLine(line string) func() {
	before := b.line
	b.line = line
	return func() { b.line = before }
}

// required returns a text that the document cannot do without.
func (b *builder) required(value string, f field) string {
	text := b.optional(value, f)
	if text == "" {
		b.refuse("Не хватает данных: %s. Заполните %s.", f.what, f.where)
	}
	return text
}

// optional returns a text that may be absent. A long one is refused, never cut: it is a legal detail.
func (b *builder) optional(value string, f field) string {
	text := clean(value)
	if n := length(text); n > f.limit {
		b.refuse("Слишком длинный текст: %s, знаков %d, а можно %d. Сократите %s.", f.what, n, f.limit, f.where)
	}
	return text
}

// date returns a day as documents write it; the schema knows the years 1900 to 2099.
func (b *builder) date(t time.Time, f field) string {
	switch {
	case t.IsZero():
		b.refuse("Не хватает данных: %s. Заполните %s.", f.what, f.where)
	case t.Year() < 1900 || t.Year() > 2099:
		b.refuse("Неверный год: %s — %s. Исправьте %s.", f.what, t.Format(dateLayout), f.where)
	}
	return t.Format(dateLayout)
}
