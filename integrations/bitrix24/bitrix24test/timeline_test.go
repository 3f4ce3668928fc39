package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestTimeline(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.mustCall(t, 2, "crm.timeline.comment.add", Fields{"fields": Fields{"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "Акт «А» & \"Б\"\nсформирован", "FILES": []any{upload("a.txt", "1")}}})
	logged := php.Map(p.mustCall(t, 2, "crm.timeline.logmessage.add", Fields{"fields": Fields{"entityTypeId": 2, "entityId": deal, "title": "Акт", "text": "подписан", "iconCode": "info"}}).Map()["logMessage"])
	if logged["id"] != 1.0 || logged["owner"] != nil {
		t.Errorf("log message = %v, want id 1 and no owner", logged)
	}
	if got := p.Timeline(); len(got) != 2 || got[0].Owner != "2:1" || got[1].Title != "Акт" {
		t.Errorf("timeline = %v, want the comment and the log message of deal 1", got)
	}
	comments := php.List(p.mustCall(t, 2, "crm.timeline.comment.list", Fields{"filter": Fields{"ENTITY_ID": deal, "ENTITY_TYPE": "deal"}}).Result())
	if len(comments) != 1 || len(php.Map(php.Map(comments[0])["FILES"])) != 1 {
		t.Errorf("comments = %v, want one with a file", comments)
	}
	const html = "Акт «А» &amp; &#34;Б&#34;<br />\nсформирован"
	if text := php.Map(comments[0])["COMMENT"]; text != html {
		t.Errorf("the text of the comment is returned as %q, want %q", text, html)
	}
	p.refusedWith(t, 2, "crm.timeline.comment.add", Fields{"fields": Fields{"ENTITY_ID": 9, "ENTITY_TYPE": "deal", "COMMENT": "x"}}, "", "Empty entity")
	if got := php.List(p.mustCall(t, 2, "crm.timeline.logmessage.list", Fields{"entityTypeId": 2, "entityId": deal}).Result()); len(got) != 1 {
		t.Errorf("log messages = %v, want one", got)
	}
}

func TestNotifications(t *testing.T) {
	p := Start(t, unlimited)
	notice := func(text string) Fields { return Fields{"USER_ID": 2, "MESSAGE": text, "TAG": "act-1"} }
	first := p.mustCall(t, 1, "im.notify.system.add", notice("раз")).Result()
	second := p.mustCall(t, 1, "im.notify.personal.add", notice("два")).Result()
	if got := p.Notifications(); len(got) != 1 || got[0].Message != "два" || got[0].From != 1 || first == second {
		t.Errorf("notifications %v with the ids %v and %v; want only the second, because a repeated TAG replaces", got, first, second)
	}
	p.mustCall(t, 1, "im.notify.system.add", Fields{"USER_ID": 3, "MESSAGE": "другому", "TAG": "act-1"})
	if got := p.Notifications(); len(got) != 1 || got[0].User != 3 {
		t.Errorf("notifications %v; want only that of user 3, because a TAG is unique in the app", got)
	}
	for code, in := range map[string]Fields{"USER_ID_EMPTY": {"MESSAGE": "x"}, "MESSAGE_EMPTY": {"USER_ID": 2}} {
		if r := p.refusedCall(t, 1, "im.notify.system.add", in); r.Error() != code {
			t.Errorf("notification %v: %v, want %s", in, r.Body, code)
		}
	}
}
