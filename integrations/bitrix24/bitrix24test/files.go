package bitrix24test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// File is a file of an item's field.
type File struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// storeFiles reads ["name","base64"] for a single field and a list of such pairs or {"id":N} for a multiple one. Only
// files of the field can be kept; other ids are ignored.
func (p *files) storeFiles(f field, v, had any) (any, error) {
	if v == nil || v == "" || len(php.ListOrOne(v)) == 0 {
		return f.empty(), nil
	}
	if !f.multiple {
		if _, kept := keptFile(v); kept {
			return had, nil
		}
		return p.storeFile(f, v)
	}
	out := []any{}
	for _, one := range php.List(v) {
		if id, kept := keptFile(one); kept {
			if slices.Contains(php.List(had), any(id)) && !slices.Contains(out, any(id)) {
				out = append(out, id)
			}
			continue
		}
		id, err := p.storeFile(f, one)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// keptFile returns the id of a stored file that a written value keeps, {"id":N}; ok is false for a new file.
func keptFile(v any) (id float64, ok bool) {
	m, ok := v.(map[string]any)
	return float64(php.Integer(m["id"])), ok && php.Integer(m["id"]) > 0
}

// dropFiles deletes the files of a record that the new value does not name.
func (p *files) dropFiles(entityType int, was, is Fields) {
	for name, f := range p.st.fieldsOf(entityType) {
		if f.kind != "file" {
			continue
		}
		for _, id := range php.ListOrOne(was[name]) {
			if !slices.Contains(php.ListOrOne(is[name]), id) {
				delete(p.st.Files, php.Integer(id))
			}
		}
	}
}

// storeFile stores a new file.
func (p *files) storeFile(f field, v any) (any, error) {
	pair := php.List(v)
	if len(pair) != 2 {
		return nil, notValid(f)
	}
	data, err := base64.StdEncoding.DecodeString(php.Text(pair[1]))
	if err != nil {
		return nil, notValid(f)
	}
	return float64(p.addFile(php.Text(pair[0]), data)), nil
}

func (p *files) addFile(name string, data []byte) int64 {
	id := p.st.next("file")
	p.st.Files[id] = &File{ID: id, Name: path.Base(name), Data: data}
	return id
}

// fileLinks returns file ids in the format of the CRM, with links bound to the caller's token.
func (p *files) fileLinks(entityType int, item int64, f field, v any, token string) any {
	if !f.multiple {
		if php.Integer(v) == 0 {
			return nil
		}
		return p.fileLink(entityType, item, f, php.Integer(v), token)
	}
	out := []any{}
	for _, id := range php.List(v) {
		out = append(out, p.fileLink(entityType, item, f, php.Integer(id), token))
	}
	return out
}

func (p *files) fileLink(entityType int, item int64, f field, id int64, token string) Fields {
	query := fmt.Sprintf("entityTypeId=%d&id=%d&fieldName=%s&fileId=%d", entityType, item, f.upperName(), id)
	out := Fields{
		"id":  float64(id),
		"url": p.url + "/bitrix/services/main/ajax.php?action=crm.controller.item.getFile&SITE_ID=s1&" + query,
	}
	if token != "" {
		out["urlMachine"] = p.url + "/rest/crm.controller.item.getFile.json?auth=" + token + "&token=" + url.QueryEscape(p.sign(id, token))
	}
	return out
}

// sign returns the token of a file link for one file and one access token.
func (p *files) sign(id int64, token string) string {
	payload := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "action=crm.controller.item.getFile&fileId=%d", id))
	mac := hmac.New(sha256.New, []byte(p.cfg.MemberID))
	mac.Write([]byte(payload + token))
	return "crm|" + payload + "." + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// serveFile answers a file link while its access token is valid.
func (p *Portal) serveFile(w http.ResponseWriter, r *http.Request) {
	token, signed := r.URL.Query().Get("auth"), r.URL.Query().Get("token")
	if _, refusal := p.authorize(token); refusal != nil {
		writeError(w, refusal)
		return
	}
	var id int64
	payload, _, _ := strings.Cut(strings.TrimPrefix(signed, "crm|"), ".")
	if raw, err := base64.StdEncoding.DecodeString(payload); err == nil {
		values, _ := php.ParseBrackets(string(raw))
		id = php.Integer(values["fileId"])
	}
	f, ok := p.File(id)
	if !ok || !hmac.Equal([]byte(p.sign(id, token)), []byte(signed)) {
		writeError(w, &contract.Error{Status: http.StatusForbidden, Code: "ACCESS_DENIED", Text: "Access denied."})
		return
	}
	f.Serve(w)
}

// Serve sends the file as a download.
func (f File) Serve(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(f.Data)))
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	_, _ = w.Write(f.Data)
}

// File finds a stored file.
func (p *files) File(id int64) (File, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.st.Files[id]; f != nil {
		return *f, true
	}
	return File{}, false
}
