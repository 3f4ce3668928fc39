package main

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// acts creates the smart process «Акты» under deals with a multiple file field.
func (v *visitor) acts(t *testing.T) bitrix24test.Type {
	t.Helper()
	r, err := v.portal.Call(seedAdmin, "crm.type.add", bitrix24test.Fields{"fields": bitrix24test.Fields{
		"title": "Акты", "isStagesEnabled": "Y", "isClientEnabled": "Y",
		"relations": bitrix24test.Fields{"parent": []any{bitrix24test.Fields{"entityTypeId": 2, "isChildrenListEnabled": "true"}}},
	}})
	if err != nil || r.Failed() {
		t.Fatal(r.Body, err)
	}
	kind := v.portal.Types()[0]
	v.portal.AddUserField(bitrix24test.UserField{
		EntityID: fmt.Sprintf("CRM_%d", kind.ID), Name: fmt.Sprintf("UF_CRM_%d_SCANS", kind.ID), Kind: "file", Multiple: true, Label: "Сканы",
	})
	return kind
}

// upload sends the form of a card with files.
func (v *visitor) upload(t *testing.T, values url.Values, field string, names ...string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, list := range values {
		for _, value := range list {
			_ = form.WriteField(name, value)
		}
	}
	for _, name := range names {
		part, err := form.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte("%PDF " + name))
	}
	_ = form.Close()
	resp, err := v.Post(v.portal.URL()+"/_portal/edit", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestItemsAreMadeAndFilesPutIntoThem(t *testing.T) {
	v := newVisitor(t)
	kind := v.acts(t)
	if _, page := v.see(t, "/crm/deal/details/1/?tab=related"); !strings.Contains(page, fmt.Sprintf(`data-testid="add-%d"`, kind.EntityTypeID)) {
		t.Error("the card of a deal makes no items")
	}
	plus := url.Values{"type": {fmt.Sprint(kind.EntityTypeID)}, "deal": {"1"}}
	if page := v.send(t, "/crm/deal/details/1/?tab=related", "/_portal/create", plus); !strings.Contains(page, "Деловая миссия: ООО «Московские сыры»") {
		t.Error("the new item belongs to no deal")
	}
	item := v.portal.Items(kind.EntityTypeID)[0]
	id, field := idOf(item, "id"), fmt.Sprintf("ufCrm%dScans", kind.ID)
	if idOf(item, "companyId") != 3 || idOf(item, "parentId2") != 1 {
		t.Errorf("the new item is %v", item)
	}
	form := url.Values{"type": {fmt.Sprint(kind.EntityTypeID)}, "id": {fmt.Sprint(id)}, "title": {"Акт № 7"}}
	v.upload(t, form, field, "1.pdf", "2.pdf")
	card := fmt.Sprintf("/crm/type/%d/details/%d/", kind.EntityTypeID, id)
	_, page := v.see(t, card+"?edit=1")
	if !strings.Contains(page, "Акт № 7") || !strings.Contains(page, "2.pdf") || !strings.Contains(page, `type="file" name="`+field+`" multiple`) {
		t.Errorf("the form shows no files")
	}
	files, _ := v.portal.Item(kind.EntityTypeID, id)[field].([]any)
	first := textOf(files[0].(map[string]any), "id")
	form.Set(field+removeSuffix, first)
	v.upload(t, form, field, "3.pdf")
	if _, page := v.see(t, card); strings.Contains(page, "1.pdf") || !strings.Contains(page, "2.pdf") || !strings.Contains(page, "3.pdf") {
		t.Error("one file must be removed, one kept and one added")
	}
	v.upload(t, url.Values{"type": form["type"], "id": form["id"], "title": {"Акт № 8"}}, field)
	if files, _ := v.portal.Item(kind.EntityTypeID, id)[field].([]any); len(files) != 2 {
		t.Errorf("a form without files leaves %v", files)
	}
}

func TestDealsChangeTheirCompanyGoAndComeBack(t *testing.T) {
	v := newVisitor(t)
	v.upload(t, url.Values{"type": {"2"}, "id": {"2"}, "companyId": {"5"}}, "")
	if got := idOf(v.portal.Item(bitrix24test.Deal, 2), "companyId"); got != 5 {
		t.Errorf("the deal has company %d", got)
	}
	if _, page := v.see(t, "/crm/deal/details/2/"); !strings.Contains(page, `data-testid="card-delete"`) {
		t.Error("the card cannot be deleted")
	}
	page := v.send(t, "/crm/deal/details/2/", "/_portal/delete", url.Values{"type": {"2"}, "id": {"2"}})
	if !strings.Contains(page, `id="kanban"`) || v.portal.Item(bitrix24test.Deal, 2) != nil {
		t.Error("the deal is still there")
	}
	if _, page := v.see(t, "/crm/bin/"); !strings.Contains(page, `data-testid="bin-2-2"`) {
		t.Error("the bin is empty")
	}
	title := v.portal.Bin()[0].Title
	if page := v.send(t, "/crm/bin/", "/_portal/restore", url.Values{"type": {"2"}, "id": {"2"}}); !strings.Contains(page, title) || !strings.Contains(page, "№ ") {
		t.Error("the card of the restored deal is not shown")
	}
	if page := v.send(t, "/crm/bin/", "/_portal/restore", url.Values{"type": {"2"}, "id": {"2"}}); !strings.Contains(page, `data-testid="problem"`) {
		t.Error("a second restoration reports no error")
	}
}
