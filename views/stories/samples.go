package stories

import (
	"maps"
	"slices"
	"strings"

	"acts24/views"
)

const (
	base   = "/p/7"
	origin = "https://portal.example"
)

// Texts that break layouts: long names with and without spaces, a right-to-left name with symbols of several code points, and the
// longest title of a deal.
const (
	longName = "Федеральное государственное бюджетное образовательное учреждение высшего образования «Российский государственный университет внешней торговли имени академика Карпинского»"
	longWord = "Электрогидродинамикотеплоэнергоснабжениемонтажналадкапусконаладкаобслуживаниеинвентаризация"
	rtlName  = "شركة الاختبار للتجارة والخدمات 🚀 «Ромашка» 👩‍👩‍👧‍👦"
	company  = "ООО «Северный ветер»"
	ownName  = "АНО «Центр поддержки экспорта»"
	manager  = "Ирина Соколова"
)

var longTitle = string([]rune(strings.Repeat("Сопровождение внедрения учётной системы, этап ", 9))[:400])

// tab shows the page with the tabs of the left menu.
func tab(f views.Frame, title, here string) views.Frame {
	f.Title, f.Menu, f.Here = title, true, here
	return f
}

// wrong shows the page after a form was not accepted: the summary and the message at each field.
func wrong(f *views.Frame, faults map[string]string) map[string]string {
	for _, field := range slices.Sorted(maps.Keys(faults)) {
		f.Mistakes = append(f.Mistakes, views.Mistake{Field: field, Text: faults[field]})
	}
	return faults
}

// options returns a list whose first option is chosen; every option is «value=label» or a label.
func options(list ...string) []views.Option {
	var out []views.Option
	for i, text := range list {
		value, label, found := strings.Cut(text, "=")
		if !found {
			label = value
		}
		out = append(out, views.Option{Value: value, Label: label, Chosen: i == 0})
	}
	return out
}

// link returns a link to a page of the portal.
func link(text, path string) views.Link {
	return views.Link{Text: text, Path: path, Href: origin + path}
}

// chip returns a label: tone is neutral, progress, attention, success or problem.
func chip(text, tone string) views.Chip { return views.Chip{Text: text, Tone: tone} }

func facts(pairs ...string) []views.Fact {
	var list []views.Fact
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, views.Fact{Name: pairs[i], Value: pairs[i+1]})
	}
	return list
}

func rub(sum string) string { return views.Money(sum) }

// cells of grids.
func text(s string) views.Cell            { return views.Cell{Text: s} }
func chips(list ...views.Chip) views.Cell { return views.Cell{Chips: list} }
func links(text, path string) views.Cell  { return views.Cell{Link: link(text, path)} }
