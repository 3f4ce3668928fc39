package handlers

import (
	"slices"

	"acts24/acts"
	"acts24/views"
)

// actToRead takes off the page of an act what a visitor who does not work with acts may not press.
func actToRead(m *views.ActPage) {
	m.Actions, m.Rare, m.Send = nil, nil, nil
	m.CheckNow, m.Print.Number = "", ""
	m.News = newsToRead(m.News)
	m.Copies = slices.Clone(m.Copies)
	for i := range m.Copies {
		if m.Copies[i].Upload != "" {
			m.Copies[i].Upload, m.Copies[i].Hint = "", "Файлов ещё нет."
		}
	}
}

// newsToRead leaves the words of news and takes their buttons off.
func newsToRead(list []views.News) []views.News {
	list = slices.Clone(list)
	for i := range list {
		list[i].Href = ""
	}
	return list
}

// seenActs are the acts of a deal that the visitor may see: some may be another employee's.
func seenActs(v Visit, list []acts.Act) []acts.Act {
	if v.Sees.All() {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(a acts.Act) bool { return !v.Sees.Of(a.Responsible) })
}
