package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

func TestShot(t *testing.T) {
	s, _ := sbistest.New(sbistest.Config{})
	s.Demo()
	s.SetURL("http://127.0.0.1:18025")
	s.SetPages(newSBISPages(s))
	go http.ListenAndServe("127.0.0.1:18025", s)
	c, err := sbis.New(sbis.Config{AuthURL: s.URL() + "/auth/service/", ServiceURL: s.URL() + "/service/?srv=1", OAuthURL: s.URL() + "/oauth/service/",
		Login: sbis.Login{AppClientID: sbistest.DemoClientID, AppSecret: sbistest.DemoAppSecret, SecretKey: sbistest.DemoSecretKey}, Sessions: &sbis.MemorySessions{}})
	if err != nil {
		t.Fatal(err)
	}
	own := sbistest.Organization{INN: "7701010105", KPP: "770101001", Name: `ООО "Пример-Исполнитель"`, BoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc"}
	buyers := []sbistest.Organization{
		{INN: "7802020205", KPP: "780201001", Name: `ООО "Пример-Заказчик"`, BoxID: "2BE794aad24cbd58461011ed9094b7fa212"},
		{INN: "500303030368", Person: sbistest.Person{Surname: "Ёлкина", Name: "Анна", Patronymic: "Петровна"}},
		{INN: "7601000985", KPP: "760601001", Name: "СК Премьер, ОАО"},
	}
	for n := range 9 {
		b := buyers[n%3]
		id := fmt.Sprintf("5b9ad7f0-3d1e-4f5c-9a30-5d1d4b1c7a%02d", n)
		name, data := sbistest.SampleTitle("ДОП", fmt.Sprint(15+n), "31.10.2026", id, own, b)
		org := func(o sbistest.Organization) sbis.Organization {
			if o.KPP != "" {
				return sbis.Organization{Legal: &sbis.Legal{INN: o.INN, KPP: o.KPP, Name: o.Name}}
			}
			return sbis.Organization{Person: &sbis.Person{INN: o.INN}}
		}
		_, err := c.WriteDocument(context.Background(), sbis.Draft{ID: id, Type: sbis.TypeOutgoingAct, Note: "Сделка 1024", Ours: org(own), Counterparty: org(b),
			Files: []sbis.DraftFile{{ID: "9a0f2f52-7f0d-4b33-9a8e-0b1f8c3de1" + fmt.Sprintf("%02d", n), Content: sbis.Content{Name: name, Data: data}}}})
		if err != nil {
			t.Fatal(err)
		}
		var do []sbistest.Move
		switch n {
		case 0:
			do = []sbistest.Move{"sign-by-us", "sign-by-counterparty", "annul"}
		case 1:
			do = []sbistest.Move{"sign-by-us"}
		case 2, 8:
			do = []sbistest.Move{"sign-by-us"}
		case 3:
			do = []sbistest.Move{"sign-by-us", "reject"}
		case 4:
			do = []sbistest.Move{"sign-by-us", "delivery-error"}
		case 6:
			do = []sbistest.Move{"sign-by-us", "sign-with-remarks"}
		}
		for _, m := range do {
			if err := s.Act(id, sbistest.Do{Move: m}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if os.Getenv("SERVE") != "" {
		select {}
	}
}
