package main

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// mailPages serves the letters that the portal has sent.
type mailPages struct{ *portalPages }

func (s mailPages) mailbox(w http.ResponseWriter, r *http.Request) {
	var list []portalLetter
	for _, l := range s.portal.Letters() {
		list = append(list, s.letterView(l))
	}
	slices.Reverse(list)
	s.show(w, r, http.StatusOK, portalMailbox(s.shell(r, "Почта"), switchPages(s).mailSwitch(), list))
}

func (s mailPages) letter(w http.ResponseWriter, r *http.Request) {
	for _, l := range s.portal.Letters() {
		if l.ID == pathNumber(r, "id") {
			s.show(w, r, http.StatusOK, portalLetterPage(s.shell(r, l.Subject), s.letterView(l)))
			return
		}
	}
	s.missing(w, r, "Письмо не найдено.")
}

// attachment serves an attachment of a letter.
func (s mailPages) attachment(w http.ResponseWriter, r *http.Request) {
	for _, l := range s.portal.Letters() {
		for _, a := range l.Files {
			if f, ok := s.portal.File(a.ID); ok && l.ID == pathNumber(r, "id") && a.ID == pathNumber(r, "file") {
				f.Serve(w)
				return
			}
		}
	}
	s.missing(w, r, "Вложение не найдено.")
}

func (s mailPages) letterView(l bitrix24test.Letter) portalLetter {
	out := portalLetter{
		ID: l.ID, From: l.From, To: strings.Join(l.To, ", "), Subject: l.Subject, Time: formatTime(l.Time),
		URL: fmt.Sprintf("/mail/%d/", l.ID), Source: letterSource(l),
	}
	for _, a := range l.Files {
		title := fmt.Sprintf("%s, %s", a.Name, fileSize(a.Size))
		out.Files = append(out.Files, link(title, fmt.Sprintf("/mail/%d/files/%d/", l.ID, a.ID)))
	}
	kind, id, _ := strings.Cut(l.Owner, ":")
	out.Owner, _ = s.cardLink(int(number(kind)), number(id))
	return out
}

// letterSource returns the letter as a complete HTML page; its links open in new windows.
func letterSource(l bitrix24test.Letter) string {
	body := l.Body
	if !l.HTML {
		body = "<p>" + strings.ReplaceAll(html.EscapeString(body), "\n", "<br>") + "</p>"
	}
	return `<!DOCTYPE html><meta charset="utf-8"><base target="_blank"><style>body{font:15px/1.5 system-ui,sans-serif;color:#333;margin:0}</style>` + body
}
