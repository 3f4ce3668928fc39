//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// TestSpokenProgress checks what a screen reader gets of texts that change by themselves: they are in a region that is read aloud, and
// bars of progress have names.
func TestSpokenProgress(t *testing.T) {
	page := newPage(t)
	server := httptest.NewServer(newHandler())
	t.Cleanup(server.Close)
	for story, want := range map[string][]string{
		"DealTabPage/usual":            {"status Следующий акт"},
		"DealTabPage/correction":       {"status Сумма акта"},
		"RegistryPage/selected":        {"status "},
		"BulkPage/running":             {"status выполняется", "progressbar Ход выполнения"},
		"DealsWithoutActsPage/copying": {"status Скопировано сделок", "progressbar Копирование сделок"},
		"InstallPage/running":          {"status идёт"},
		"DealTabPage/faults":           {"alert "},
	} {
		if err := open(page, server.URL, story); err != nil {
			t.Fatal(err)
		}
		speech := spoken(t, page)
		for _, line := range want {
			if !strings.Contains(speech, "\n"+line) {
				t.Errorf("%s is read aloud as\n%s\nwant a line that begins with %q", story, speech, line)
			}
		}
	}
}

// spoken returns the live regions, alerts and bars of progress of a page, one a line: the role, and the name or the text.
func spoken(t *testing.T, page context.Context) string {
	t.Helper()
	tree, err := chromedp.Call(page, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	var text func(n *accessibility.Node) string
	text = func(n *accessibility.Node) string {
		if role := valueOf(n.Role); role == "StaticText" || role == "progressbar" {
			return valueOf(n.Name)
		}
		var parts []string
		for _, id := range n.ChildIDs {
			if child := nodes[id]; child != nil {
				if part := text(child); part != "" {
					parts = append(parts, part)
				}
			}
		}
		return strings.Join(parts, " ")
	}
	lines := "\n"
	for _, n := range tree.Nodes {
		switch role := valueOf(n.Role); role {
		case "status", "alert", "progressbar":
			lines += role + " " + text(n) + "\n"
		}
	}
	return lines
}

func valueOf(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	_ = json.Unmarshal(v.Value, &text) // other values are no texts
	return text
}
