package sbistest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// samplesDir returns the folder of the recorded samples; without it the test is skipped with the reason.
func samplesDir(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Skip("NOT COMPARED with recorded samples: set ACTS_CONTRACTS to their folder")
	}
	return filepath.Join(root, "sbis")
}

// sampleResult returns the result of a recorded sample.
func sampleResult(t *testing.T, name string) any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samplesDir(t), name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var in struct{ Response struct{ Result any } }
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	return in.Response.Result
}

// omittedByFake are members of the samples that the fake service does not return.
var omittedByFake = map[string]bool{
	"КодФилиала": true, "КодСтраны": true, "АдресЮридический": true, // of a party
	"СсылкаНаPDF": true, "СсылкаНаHTML": true, // of an attachment
}

// missing returns the paths of the members of want that got lacks; of lists the first items are compared.
func missing(path string, want, got any) []string {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return []string{path + " is no object"}
		}
		var out []string
		for name, member := range want {
			if _, there := have[name]; there {
				out = append(out, missing(path+"."+name, member, have[name])...)
			} else if !omittedByFake[name] {
				out = append(out, path+"."+name)
			}
		}
		return out
	case []any:
		have, ok := got.([]any)
		if !ok {
			return []string{path + " is no list"}
		}
		switch {
		case len(want) == 0:
		case len(have) == 0:
			return []string{path + " is empty"}
		default:
			return missing(path+"[]", want[0], have[0])
		}
	}
	return nil
}

// TestAnswersHaveTheShapeOfTheContract compares our answers with the samples, member by member.
func TestAnswersHaveTheShapeOfTheContract(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	_, login := service.post("/auth/service/", "application/json", "", `{"jsonrpc":"2.0","method":"СБИС.Аутентифицировать","params":{"Параметр":{"Логин":"`+sbistest.DemoLogin+`","Пароль":"`+sbistest.DemoPassword+`"}},"id":7}`)
	var session struct{ Result string }
	if err := json.Unmarshal([]byte(login), &session); err != nil || session.Result == "" {
		t.Fatalf("the login answers %s, %v; want a session", login, err)
	}
	document := `{"Документ":{"Идентификатор":"` + id + `"}}`
	action := `{"Документ":{"Идентификатор":"` + id + `","Этап":{"Название":"Отправка","Действие":{"Название":"Отправить","Сертификат":{"Отпечаток":"` + sbistest.DemoThumbprint + `"}}}}}`
	ours := `"НашаОрганизация":{"СвЮЛ":{"ИНН":"7701010105","КПП":"770101001"}}`
	for _, tt := range []struct{ sample, method, params string }{
		{"read_document/state_0_draft", "СБИС.ПрочитатьДокумент", document},
		{"prepare_action/send_by_thumbprint", "СБИС.ПодготовитьДействие", action},
		{"execute_action/send_server_certificate", "СБИС.ВыполнитьДействие", action},
		{"read_document/state_3_sent", "СБИС.ПрочитатьДокумент", document},
		{"list_changes/first_run_by_date", "СБИС.СписокИзменений", `{"Фильтр":{"Тип":"ДокОтгрИсх",` + ours + `,"ДатаВремяС":"01.11.2026 00.00.00"}}`},
		{"counterparty_info/legal_entity_with_ids", "СБИС.ИнформацияОКонтрагенте", `{"Участник":{"СвЮЛ":{"ИНН":"7802020205","КПП":"780201001"},"ДопПоля":"СписокИдентификаторов"}}`},
		{"counterparty_info/legal_entity_short", "СБИС.ИнформацияОКонтрагенте", `{"Участник":{"СвЮЛ":{"ИНН":"7802020205","КПП":"780201001"}}}`},
		{"counterparty_info/sole_trader", "СБИС.ИнформацияОКонтрагенте", `{"Участник":{"СвФЛ":{"ИНН":"500303030368"},"ДопПоля":"СписокИдентификаторов"}}`},
		{"list_own_organizations/ok", "СБИС.СписокНашихОрганизаций", `{"Фильтр":{"Навигация":{"Страница":"0"}}}`},
		{"list_certificates/server_key", "СБИС.СписокСертификатов", `{"Фильтр":{}}`},
		{"current_user/ok", "СБИС.ИнформацияОТекущемПользователе", `{"Параметр":null}`},
		{"version_info/ok", "СБИС.ИнформацияОВерсии", `{"Параметр":{}}`},
	} {
		t.Run(tt.sample, func(t *testing.T) {
			want := sampleResult(t, tt.sample)
			_, answer := service.post("/service/?srv=1", "application/json-rpc;charset=utf-8", session.Result,
				`{"jsonrpc":"2.0","method":"`+tt.method+`","params":`+tt.params+`,"id":0}`)
			var got struct{ Result any }
			if err := json.Unmarshal([]byte(answer), &got); err != nil || got.Result == nil {
				t.Fatalf("the answer is %s, want a result", answer)
			}
			for _, member := range missing("result", want, got.Result) {
				t.Errorf("the answer lacks %s of the sample", member)
			}
		})
	}
}

// Every sample title that the schema accepts is accepted and can be signed by both parties.
func TestSampleTitlesAreAccepted(t *testing.T) {
	pattern := filepath.Join(samplesDir(t), "upd", "samples", "dop_ul_*", "*.xml")
	paths, _ := filepath.Glob(pattern)
	if len(paths) == 0 {
		t.Fatalf("no file matches %s", pattern)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		service := newTestService(t)
		buyer := customer
		if filepath.Base(filepath.Dir(path)) == "dop_ul_ip_nds22" {
			buyer = soleTrader
		}
		d := service.newDraft(buyer)
		d.Files[0].Content = sbis.Content{Name: filepath.Base(path), Data: data}
		if _, err := service.client.WriteDocument(t.Context(), d); err != nil {
			t.Fatalf("%s: %v, want no error", path, err)
		}
		service.makeMoves(d.ID, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	}
}
