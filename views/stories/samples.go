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

// tab returns the frame with the tabs of the left menu, the tab here open.
func tab(f views.Frame, title, here string) views.Frame {
	f.Title, f.Menu, f.CurrentTab = title, true, here
	return f
}

// withFaults adds faults to the summary of a page, and returns them for the messages at the fields.
func withFaults(f *views.Frame, faults map[string]string) map[string]string {
	for _, field := range slices.Sorted(maps.Keys(faults)) {
		f.FormFaults = append(f.FormFaults, views.FormFault{Field: field, Text: faults[field]})
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

// Cells of grids.
func textCell(s string) views.Cell           { return views.Cell{Text: s} }
func chipCell(list ...views.Chip) views.Cell { return views.Cell{Chips: list} }
func linkCell(text, path string) views.Cell  { return views.Cell{Link: link(text, path)} }
