package apptest

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// Visitor is a browser without scripts: it opens placements as the portal's page does and keeps cookies.
type Visitor struct {
	Portal *bitrix24test.Portal
	User   int64
	AppURL string
	client *http.Client
}

// NewVisitor returns a visitor for a user of a portal, without cookies.
func NewVisitor(p *bitrix24test.Portal, user int64, appURL string) *Visitor {
	jar, _ := cookiejar.New(nil) // cookiejar.New returns no errors
	return &Visitor{Portal: p, User: user, AppURL: appURL, client: &http.Client{Jar: laxJar{jar}, Timeout: 60 * time.Second}}
}

// laxJar accepts Secure cookies on http://localhost, as browsers do.
type laxJar struct{ *cookiejar.Jar }

func secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

// SetCookies stores the cookies of a response.
func (j laxJar) SetCookies(u *url.URL, cookies []*http.Cookie) { j.Jar.SetCookies(secure(u), cookies) }

// Cookies returns the cookies to send.
func (j laxJar) Cookies(u *url.URL) []*http.Cookie { return j.Jar.Cookies(secure(u)) }

// Page is a response that was read completely.
type Page struct {
	Status int
	Path   string // after redirects
	Body   string
	Header http.Header
}

// Open posts the opening of a placement and follows redirects to the page.
func (v *Visitor) Open(placement, handler string, object int64) (Page, error) {
	var options bitrix24test.Fields
	if object != 0 {
		options = bitrix24test.Fields{"ID": fmt.Sprint(object)}
	}
	o := v.Portal.Open(v.User, placement, v.AppURL+handler, options)
	r, err := o.Request()
	if err != nil {
		return Page{}, err
	}
	return v.do(r)
}

// OpenDeal opens our tab in the card of a deal.
func (v *Visitor) OpenDeal(deal int64) (Page, error) {
	return v.Open("CRM_DEAL_DETAIL_TAB", "/placement/deal", deal)
}

// OpenLink opens the app through the link of a notification with its parameters.
func (v *Visitor) OpenLink(params map[string]any) (Page, error) {
	r, err := v.Portal.Open(v.User, "REST_APP_URI", v.AppURL+"/placement/link", params).Request()
	if err != nil {
		return Page{}, err
	}
	return v.do(r)
}

// Get requests one of our pages.
func (v *Visitor) Get(path string) (Page, error) {
	r, err := http.NewRequest(http.MethodGet, v.AppURL+path, nil)
	if err != nil {
		return Page{}, err
	}
	return v.do(r)
}

// Post posts a form to one of our pages.
func (v *Visitor) Post(path string, form url.Values) (Page, error) {
	return v.Send(path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Send posts a body of the given content type.
func (v *Visitor) Send(path, contentType string, body io.Reader) (Page, error) {
	r, err := http.NewRequest(http.MethodPost, v.AppURL+path, body)
	if err != nil {
		return Page{}, err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(r)
}

// Upload posts a multipart form with files, streaming the files.
func (v *Visitor) Upload(path string, form url.Values, files ...UploadFile) (Page, error) {
	body, pipe := io.Pipe()
	w := multipart.NewWriter(pipe)
	go func() { pipe.CloseWithError(writeForm(w, form, files)) }()
	defer body.Close()
	return v.Send(path, w.FormDataContentType(), body)
}

func writeForm(w *multipart.Writer, form url.Values, files []UploadFile) error {
	for name, values := range form {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				return err
			}
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile("file", f.Name)
		if err != nil {
			return err
		}
		if _, err := part.Write(f.Body); err != nil {
			return err
		}
	}
	return w.Close()
}

// UploadFile is a file chosen by the visitor.
type UploadFile struct {
	Name string
	Body []byte
}

func (v *Visitor) do(r *http.Request) (Page, error) {
	answer, err := v.client.Do(r)
	if err != nil {
		return Page{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return Page{Status: answer.StatusCode, Path: answer.Request.URL.RequestURI(), Body: string(body), Header: answer.Header}, err
}

// Company holds the settings of a company of ours.
type Company struct {
	ID                                    int64
	Participant, Signer, Position, Ground string
	Function                              string
}

// Connect installs the app on a portal and fills in the settings: an SBIS account and our companies that use it.
func Connect(p *bitrix24test.Portal, appURL string, companies ...Company) error {
	return ConnectTo(Account(0), p, appURL, companies...)
}

// ConnectTo is Connect with the given SBIS account.
func ConnectTo(a sbistest.Account, p *bitrix24test.Portal, appURL string, companies ...Company) error {
	admin := NewVisitor(p, p.Admin(), appURL)
	base, err := admin.Install()
	if err != nil {
		return err
	}
	if err := admin.save(base+"/settings/accounts/0", url.Values{"name": {"Основной"}, "app_client_id": {a.AppClientID},
		"app_secret": {a.AppSecret}, "secret_key": {a.SecretKey}}); err != nil {
		return err
	}
	account, err := AccountOf(admin, base)
	if err != nil {
		return err
	}
	for _, c := range companies {
		if err := admin.save(fmt.Sprintf("%s/settings/companies/%d", base, c.ID), url.Values{"account": {account}, "participant": {c.Participant},
			"signer": {c.Signer}, "position": {c.Position}, "ground": {c.Ground}, "function": {c.Function}, "numbers": {"{N}"}}); err != nil {
			return err
		}
	}
	return nil
}

// Install performs the installation as an administrator, opens the app from the portal, and returns the base
// address of the portal's pages.
func (v *Visitor) Install(form ...url.Values) (base string, err error) {
	page, err := v.Open("DEFAULT", "/install", 0)
	if err != nil || page.Status != http.StatusOK {
		return "", fmt.Errorf("install: status %d at %s: %v\n%s", page.Status, page.Path, err, page.Body)
	}
	base = strings.TrimSuffix(page.Path, "/install")
	if strings.Contains(page.Body, `data-testid="install-plan"`) {
		if err := v.save(page.Path, append(form, url.Values{})[0]); err != nil {
			return base, err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	installed := func() bool {
		page, err = v.Get(base + "/install")
		return err != nil || strings.Contains(page.Body, `data-testid="install-done"`) || strings.Contains(page.Body, `data-testid="install-failed"`)
	}
	if late := Await(ctx, installed); late != nil || err != nil || !strings.Contains(page.Body, `data-testid="install-done"`) {
		return base, fmt.Errorf("install: %v %v\n%s", late, err, page.Body)
	}
	v.Portal.FinishInstall(true)
	_, err = v.Open("DEFAULT", "/placement/menu", 0)
	return base, err
}

func (v *Visitor) save(path string, form url.Values) error {
	page, err := v.Post(path, form)
	if err != nil || page.Status != http.StatusOK {
		return fmt.Errorf("post %s: status %d: %v\n%s", path, page.Status, err, page.Body)
	}
	return nil
}

// AccountOf reads the id of the first account from the settings page.
func AccountOf(admin *Visitor, base string) (string, error) {
	page, err := admin.Get(base + "/settings/accounts")
	if err != nil {
		return "", err
	}
	_, rest, ok := strings.Cut(page.Body, `data-testid="check-account-`)
	if !ok {
		return "", fmt.Errorf("no account on the settings page: status %d", page.Status)
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id, nil
}

// Await calls cond repeatedly until it returns true or ctx is done.
func Await(ctx context.Context, cond func() bool) error {
	for !cond() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Cookies returns the Cookie header that the browser sends to a page.
func (v *Visitor) Cookies(path string) string {
	u, err := url.Parse(v.AppURL + path)
	if err != nil {
		return ""
	}
	var pairs []string
	for _, c := range v.client.Jar.Cookies(u) {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; ")
}
