package sbistest

import "acts24/integrations/fakehttp"

// Start serves a fake SBIS for a test on its own address, with the data of Demo.
func Start(t fakehttp.TB, options ...func(*Config)) *Server {
	t.Helper()
	var cfg Config
	for _, o := range options {
		o(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatalf("start fake SBIS: %v", err)
	}
	s.SetURL(fakehttp.Serve(t, s))
	s.Demo()
	return s
}

// The credentials of the demonstration account and the thumbprint of its server key. The login, the client id and the thumbprint are those of
// the recorded samples (docs/contracts/sbis.md, "Samples").
const (
	DemoLogin     = "robot@example.ru"
	DemoPassword  = "sandbox-password"
	DemoClientID  = "1234567890"
	DemoAppSecret = "sandbox-app-secret"
	DemoSecretKey = "sandbox-secret-key"

	DemoThumbprint = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"
)

// Demo adds the demonstration data: one account with two organisations, and counterparties with and without an EDO operator.
func (s *Server) Demo() {
	director := Person{"Иванов", "Иван", "Иванович"}
	now := s.Now()
	certificate := func(thumb, kind string) Certificate {
		return Certificate{
			Thumbprint: thumb, Owner: director, INN: "7701010105", Position: "Генеральный директор",
			From: now.AddDate(0, -6, 0), Until: now.AddDate(0, 9, 0), KeyType: kind, Activated: kind == keyServer,
		}
	}
	s.AddAccount(Account{
		Login: DemoLogin, Password: DemoPassword, Number: "1234567", Owner: director,
		AppClientID: DemoClientID, AppSecret: DemoAppSecret, SecretKey: DemoSecretKey,
		Own: []Organization{
			{INN: "7701010105", KPP: "770101001", Name: `ООО "Пример-Исполнитель"`, BoxID: "2BE64c9ac2bb5fe46c3ac32844bb97be6bc", Connected: true},
			{INN: "500303030368", Person: Person{"Ёлкина", "Анна", "Петровна"}, BoxID: "2BE957b527bcfbad2e80f58d20683931435", Connected: true},
		},
		Certificates: []Certificate{certificate(DemoThumbprint, keyServer), certificate("00AA", keyClient)},
	})
	tensor := Box{ID: "2BE794aad24cbd58461011ed9094b7fa212", Operator: "2BE", Name: `ООО "Компания "Тензор"`, Main: true}
	diadoc := Box{ID: "2BM-7707083893-770701001-202001010000000000001", Operator: "2BM", Name: "Диадок", Main: true, Roaming: true}
	s.AddCounterparty(demoCompany("7802020205", "780201001", `ООО "Пример-Заказчик"`, true, tensor))
	s.AddCounterparty(demoCompany("7707083893", "770701001", `ООО "Роуминг"`, true, diadoc))
	s.AddCounterparty(demoCompany("7601000985", "760601001", "СК Премьер, ОАО", false))
	s.AddCounterparty(Counterparty{Organization: Organization{
		INN: "500303030368", Person: Person{"Ёлкина", "Анна", "Петровна"}, Connected: true,
	}, Boxes: []Box{{ID: "2BE957b527bcfbad2e80f58d20683931435", Operator: "2BE", Name: tensor.Name, Main: true}}})
}

func demoCompany(inn, kpp, name string, connected bool, boxes ...Box) Counterparty {
	return Counterparty{Organization: Organization{INN: inn, KPP: kpp, Name: name, Connected: connected}, Boxes: boxes}
}
