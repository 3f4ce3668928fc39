package main

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
)

// formedAct returns the act's id from the URL to which a formed act redirects, 0 when it has none.
func formedAct(p apptest.Page) int64 {
	_, id, _ := strings.Cut(p.Path, "formed=")
	n, _ := strconv.ParseInt(id, 10, 64) // the rule about forms reports 0
	return n
}

// actForm is the selector of the form on the deal tab.
const actForm = "form.act-form"

// readForm returns a form with the values on the page.
func readForm(body, selector string) (action string, fields url.Values, err error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	fields = url.Values{}
	sel := doc.Find(selector)
	sel.Find("input,select,textarea").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		kind, _ := in.Attr("type")
		_, checked := in.Attr("checked")
		_, disabled := in.Attr("disabled")
		if name == "" || disabled || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value, _ := in.Attr("value")
		if goquery.NodeName(in) == "select" {
			value, _ = in.Find("option[selected]").Attr("value")
		}
		fields.Add(name, value)
	})
	action, ok := sel.Attr("action")
	if !ok {
		return "", nil, errors.New("no form on the page: " + alertOf(body))
	}
	return action, fields, nil
}

// takePart takes one unit of every row that has more than one and nothing of the others, so that later acts have something left.
func takePart(fields url.Values) {
	for name, values := range fields {
		row, ok := strings.CutPrefix(name, "quantity-")
		if !ok {
			continue
		}
		if n, _ := strconv.ParseFloat(strings.Replace(values[0], ",", ".", 1), 64); n > 1 {
			fields.Set(name, "1")
		} else {
			fields.Del("pick-" + row)
		}
	}
}

// alertOf returns the beginning of the message of a page, for a failure.
func alertOf(body string) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return ""
	}
	text := strings.Join(strings.Fields(doc.Find("main,[role=alert]").First().Text()), " ")
	return clip(text, 200)
}
