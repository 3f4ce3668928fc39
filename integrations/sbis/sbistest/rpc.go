package sbistest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"acts24/integrations/fakehttp"
)

// maxBody is the largest JSON body (docs/contracts/sbis.md, "Envelope").
const maxBody = 100 << 20

// call is the execution of one method call, under the server's lock.
type call struct {
	*Server
	account *Account
	session string // the header's value
	base    string // scheme and host for links
	line    *Line
	plan    fakehttp.Plan
	padding int // bytes of filler behind a file
}

// method is one entry of the service's table.
type method struct {
	auth bool // is at the login address and needs no session
	run  func(*call, dict) (any, *refusal)
}

var methods map[string]method

func init() {
	methods = map[string]method{
		"СБИС.Аутентифицировать": {auth: true, run: (*call).logIn},
		"СБИС.ПроверитьСессию":   {auth: true, run: (*call).checkSession},
		"СБИС.Выход":             {auth: true, run: (*call).logOut},

		"СБИС.ЗаписатьДокумент":                {run: (*call).writeDocument},
		"СБИС.ПрочитатьДокумент":               {run: (*call).readDocument},
		"СБИС.УдалитьДокумент":                 {run: (*call).deleteDocument},
		"СБИС.СписокИзменений":                 {run: (*call).changes},
		"СБИС.ПодготовитьДействие":             {run: (*call).prepareAction},
		"СБИС.ВыполнитьДействие":               {run: (*call).executeAction},
		"СБИС.ИнформацияОКонтрагенте":          {run: (*call).counterpartyInfo},
		"СБИС.СписокНашихОрганизаций":          {run: (*call).ownOrganizations},
		"СБИС.СписокСертификатов":              {run: (*call).certificates},
		"СБИС.ПолучитьКодАктивацииСертификата": {run: (*call).sendCode},
		"СБИС.АктивироватьСертификат":          {run: (*call).activate},
		"СБИС.ИнформацияОТекущемПользователе":  {run: (*call).currentUser},
		"СБИС.ИнформацияОВерсии":               {run: (*call).versionInfo},
		"СБИС.ОтправитьПриглашение":            {run: (*call).sendInvitation},
		"СБИС.ПрочитатьПриглашение":            {run: (*call).readInvitation},
	}
}

// envelope is the request; id is returned unchanged.
type envelope struct {
	Version string `json:"jsonrpc"`
	Method  string `json:"method"`
	Params  any    `json:"params"`
	ID      any    `json:"id"`
}

// serveRPC answers the auth and the service address (docs/contracts/sbis.md, "Addresses" and "Envelope").
func (s *Server) serveRPC(w http.ResponseWriter, r *http.Request) {
	auth := r.URL.Path == "/auth/service/"
	if r.Method != http.MethodPost || r.Header.Get("User-Agent") == "" || (!auth && r.URL.Query().Get("srv") != "1") {
		page(w, http.StatusForbidden)
		return
	}
	in, broken := readEnvelope(r, auth)
	c := &call{Server: s, base: s.baseOf(r), session: sessionOf(r), line: s.trace.begin(in.Method)}
	c.line.Params = printable(in.Params)
	defer s.trace.end(c.line)
	c.plan = s.draw(in.Method)
	c.line.Faults = c.plan.Kinds()
	if !c.before(w) {
		return
	}
	result, refused := any(nil), broken
	if refused == nil {
		result, refused = c.guarded(in, auth)
	}
	status, body := answer(in.ID, result, refused)
	c.line.Status = status
	if refused != nil {
		c.line.Error = refused.text
	}
	c.after(w, r, status, body)
}

// readEnvelope refuses a body without a charset: SBIS reads it as windows-1251, which breaks Cyrillic method names
// (docs/contracts/sbis.md, "Envelope").
func readEnvelope(r *http.Request, auth bool) (in envelope, broken *refusal) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	plain := auth && kind == "application/json"
	if err != nil || (!plain && (kind != "application/json-rpc" || !strings.EqualFold(params["charset"], "utf-8"))) {
		return in, errParse
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(raw) > maxBody {
		return in, errParse
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		return envelope{}, errParse
	}
	if in.Method == "" || in.Version != "2.0" {
		return in, protocol(-32600, "Invalid Request")
	}
	return in, nil
}

// guarded checks session and limits, then executes the method.
func (c *call) guarded(in envelope, auth bool) (any, *refusal) {
	m, known := methods[in.Method]
	if !known || m.auth != auth {
		return nil, errNoMethod
	}
	params, isObject := in.Params.(map[string]any)
	if !isObject {
		return nil, protocol(-32602, "Invalid params")
	}
	if !m.auth {
		if !c.meter.enter(c.session, c.cfg.Limits) {
			return nil, errTooMany
		}
		defer c.meter.leave(c.session)
		c.applyLatency() // a slow call counts as running
		if !c.authorized() {
			return nil, errNotAuthorized
		}
	} else {
		c.applyLatency()
	}
	if f, ok := c.plan.Find(FaultRefuse); ok {
		return nil, refuse("%s", f.Text)
	}
	c.hook("before", in.Method)
	result, refused := c.locked(m, params)
	c.hook("after", in.Method)
	return result, refused
}

// applyLatency applies a latency before the execution.
func (c *call) applyLatency() {
	if f, ok := c.plan.Find(FaultLatency); ok {
		time.Sleep(f.Delay)
	}
}

func (c *call) locked(m method, params dict) (any, *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return m.run(c, params)
}

// answer returns status and body.
func answer(id, result any, refused *refusal) (int, []byte) {
	var body any = dict{"jsonrpc": "2.0", "result": result, "id": id}
	status := http.StatusOK
	if refused != nil {
		status, body = refused.status, refused.body(id)
	}
	if refused == errTooMany {
		return status, []byte("<html><body>Too Many Requests</body></html>")
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return status, raw
}

// baseOf returns the base address of links.
func (s *Server) baseOf(r *http.Request) string {
	if base := s.URL(); base != "" {
		return base
	}
	return "http://" + r.Host
}

// page answers with the page of a gateway.
func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<html><body>Сервис временно недоступен</body></html>")
}
