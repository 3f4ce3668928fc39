package main

import (
	"fmt"
	"slices"
	"strings"

	"acts24/integrations/sbis/sbistest"
)

// sbisShell is the layout of every page.
type sbisShell struct {
	Title   string
	Version int64
	Now     string
	Problem string
}

// sbisListView is the view of the list of documents.
type sbisListView struct {
	sbisShell
	Folders  []sbisFolderView
	Rows     []sbisRow
	Messages []sbistest.SMS // SMS messages to those who activate a certificate
}

type sbisFolderView struct {
	Title, URL string
	Count      int
	Current    bool
}

type sbisRow struct {
	ID, URL, Title, Date, Counterparty, INN, Sum string
	Chip                                         sbisChip
	Comment, Changed                             string
}

// sbisChip is a state in words with its colour.
type sbisChip struct{ Text, Kind string }

// sbisDocumentView is the view of one document.
type sbisDocumentView struct {
	sbisShell
	Row          sbisRow
	Note         string
	State        string
	Comment      string
	Proposed     string
	Ours, Theirs sbistest.Side
	Groups       []sbisGroup
	Lines        []sbistest.RowView
	Files        []sbisFileRow
	Events       []sbisEventRow
}

type sbisFileRow struct {
	Name, Title, URL, Size, Marks string
}

type sbisEventRow struct {
	Who, Name, State, Comment string // Who is the time and the person
}

// sbisFolder is a folder of the list with the condition for its documents.
type sbisFolder struct {
	name, title string
	holds       func(sbistest.DocumentView) bool
}

var sbisFolders = []sbisFolder{
	{"", "Все", func(sbistest.DocumentView) bool { return true }},
	{"ours", "Ждут нашей подписи", inSBISState(0, 10, 23)},
	{"theirs", "У контрагента", inSBISState(2, 3, 4)},
	{"done", "Подписаны", inSBISState(7)},
	{"problems", "Отклонены и с ошибками", inSBISState(6, 9)},
	{"gone", "Удалены и аннулированы", func(d sbistest.DocumentView) bool { return d.Deleted || d.State == 20 || d.State < 0 }},
}

func inSBISState(codes ...int) func(sbistest.DocumentView) bool {
	return func(d sbistest.DocumentView) bool { return !d.Deleted && slices.Contains(codes, d.State) }
}

func (p *sbisPages) shell(title, problem string) sbisShell {
	return sbisShell{Title: title, Version: p.server.Version(), Now: p.server.Now().Format("02.01.2006 15:04"), Problem: problem}
}

// listView sorts the documents, newest first, and counts the folders.
func (p *sbisPages) listView(folder string) sbisListView {
	v := sbisListView{sbisShell: p.shell("Реализация", ""), Messages: p.server.Messages()}
	documents := p.server.Documents()
	slices.Reverse(documents)
	for _, f := range sbisFolders {
		tab := sbisFolderView{Title: f.title, URL: "/?folder=" + f.name, Current: f.name == folder}
		for _, d := range documents {
			if !f.holds(d) {
				continue
			}
			tab.Count++
			if tab.Current {
				v.Rows = append(v.Rows, sbisRowOf(d))
			}
		}
		v.Folders = append(v.Folders, tab)
	}
	return v
}

func sbisRowOf(d sbistest.DocumentView) sbisRow {
	comment := d.Comment
	if d.Annulment != "" {
		comment = sbisProposals[d.Annulment]
	}
	return sbisRow{
		ID: d.ID, URL: "/opendoc.html?guid=" + d.ID, Title: "№ " + d.Number, Date: d.Date,
		Counterparty: d.Counterparty.Name, INN: d.Counterparty.INN, Sum: sbisMoney(d.Sum),
		Chip: sbisChipOf(d), Comment: comment, Changed: d.Changed.Format("02.01.2006 15:04"),
	}
}

// documentView returns the view of one document.
func (p *sbisPages) documentView(d sbistest.DocumentView, problem string) sbisDocumentView {
	v := sbisDocumentView{
		sbisShell: p.shell("УПД № "+d.Number+" от "+d.Date, problem), Row: sbisRowOf(d), Note: d.Note,
		State: d.Description, Comment: d.Comment, Ours: d.Ours, Theirs: d.Counterparty, Lines: d.Rows,
		Groups: sbisGroupsOf(d),
	}
	if d.Annulment != "" {
		v.Proposed = sbisProposals[d.Annulment]
	}
	for _, f := range d.Files {
		v.Files = append(v.Files, sbisFileRowOf(d.ID, f))
	}
	for _, e := range slices.Backward(d.Events) {
		who := e.At.Format("02.01.2006 15:04:05")
		if e.Performer != "" {
			who += ", " + e.Performer
		}
		v.Events = append(v.Events, sbisEventRow{who, e.Name, e.State, e.Comment})
	}
	return v
}

var sbisProposals = map[string]string{
	"us":           "Мы предложили аннулировать документ. Ждём ответа контрагента.",
	"counterparty": "Контрагент предложил аннулировать документ. Ответ за нами.",
}

func sbisFileRowOf(document string, f sbistest.FileView) sbisFileRow {
	marks := []string{"наш файл"}
	if f.Incoming {
		marks = []string{"файл контрагента"}
	}
	if f.Modified {
		marks = append(marks, "изменён в кабинете")
	}
	if f.Signed > 0 {
		marks = append(marks, "подписан")
	}
	return sbisFileRow{Name: f.Name, Title: f.Title, URL: "/cabinet/" + document + "/files/" + f.Name, Size: sbisNumber(fmt.Sprintf("%.1f КБ", float64(f.Size)/1024)), Marks: strings.Join(marks, ", ")}
}
