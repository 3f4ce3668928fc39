package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// systemctl starts and stops units as systemd does, as far as ours need it: credentials, environment, user.
const systemctl = `#!/bin/bash
set -e
unit=${@: -1}; unit=${unit%.service}; file=/lib/systemd/system/$unit.service; credentials=/run/credentials/$unit
case $1 in
daemon-reload | disable) exit 0 ;;
try-restart | restart) "$0" stop "$unit"; exec "$0" start "$unit" ;;
stop) kill "$(cat /run/$unit.pid)"; tail --pid="$(cat /run/$unit.pid)" -f /dev/null; exit 0 ;;
esac
mkdir -p "$credentials"; chmod 755 /run/credentials
sed -n 's/^LoadCredential=//p' "$file" | while IFS=: read -r name from; do install -o acts24 -m 400 "$from" "$credentials/$name"; done
set -a; for settings in $(sed -n 's/^EnvironmentFile=//p' "$file"); do . "$settings"; done
eval "$(sed -n 's/^Environment=//p' "$file" | sed "s#%d#$credentials#")"; set +a
as="setpriv --reuid acts24 --regid acts24 --clear-groups $(sed -n 's/^ExecStart=//p' "$file")"
if grep -q Type=oneshot "$file"; then exec $as; fi
$as >/var/log/$unit.log 2>&1 & echo $! >/run/$unit.pid`

// guide returns the blocks of commands of docs/operate.md by the section in which they stand, and the command of a dump.
func guide(t *testing.T) (sections map[string][]string, dump string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	sections = map[string][]string{}
	for section := range strings.SplitSeq(string(text), "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		for _, block := range regexp.MustCompile("(?s)\n *```\n(.*?\n) *```\n").FindAllStringSubmatch(body, -1) {
			sections[title] = append(sections[title], block[1])
		}
	}
	dumps := regexp.MustCompile("`(pg_dump [^`]+)`").FindStringSubmatch(string(text))
	followed := map[string]int{"First day": 3, "Restore": 1, "Upgrade and rollback": 2, "Rotation of keys and secrets": 3, "A portal that leaves": 1,
		"Requests about personal data": 2} // every block of the guide
	for title := range sections {
		if len(sections[title]) != followed[title] {
			t.Errorf("%s has the commands %q, want %d blocks", title, sections[title], followed[title])
		}
	}
	if len(sections) != len(followed) || dumps == nil {
		t.Fatalf("%d sections with commands, want %d; dump %q", len(sections), len(followed), dumps)
	}
	return sections, dumps[1]
}

// mayMount reports whether this process has the capability CAP_SYS_ADMIN, which a throwaway root needs.
func mayMount() bool {
	status, err := os.ReadFile("/proc/self/status")
	match := regexp.MustCompile(`(?m)^CapEff:\s*([0-9a-f]+)$`).FindSubmatch(status)
	if err != nil || match == nil {
		return false
	}
	effective, err := strconv.ParseUint(string(match[1]), 16, 64)
	const sysAdmin = 21 // linux/capability.h
	return err == nil && effective&(1<<sysAdmin) != 0
}

// checkGuide compares the guide with the unpacked package: the files it names and the commands of actsd.
func checkGuide(t *testing.T, sections map[string][]string, built string) {
	t.Helper()
	root := t.TempDir()
	apptest.RunInRoot(t, "dpkg-deb", "--extract", built, root)
	text, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile(filepath.Join(root, "usr/share/doc/acts24/operate.md"))
	if err != nil || !bytes.Equal(packed, text) {
		t.Errorf("the guide of the package is another one: %v", err)
	}
	files := regexp.MustCompile(`/(etc/acts24|usr/share/doc/acts24)[\w./-]*`).FindAllString(string(text), -1)
	if len(files) < 5 {
		t.Errorf("the guide names the files %q", files)
	}
	for _, file := range files {
		_, err := os.Stat(filepath.Join(root, file))
		if secret := filepath.Dir(file) == "/etc/acts24/secrets"; err != nil && !secret {
			t.Errorf("the guide names a file that the package lacks: %v", err)
		}
	}
	all := strings.Join(slices.Concat(slices.Collect(maps.Values(sections))...), "\n")
	for _, unit := range regexp.MustCompile(`systemctl .*?(acts24[\w-]*)`).FindAllStringSubmatch(all+string(text), -1) {
		if _, err := os.Stat(filepath.Join(root, "lib/systemd/system", unit[1]+".service")); err != nil {
			t.Errorf("the guide names a unit that the package lacks: %v", err)
		}
	}
	help, _ := exec.Command(filepath.Join(root, "usr/bin/actsd")).CombinedOutput() // without a command it prints its usage and fails
	for _, command := range regexp.MustCompile(`actsd ([a-z]+)`).FindAllStringSubmatch(all, -1) {
		if !strings.Contains(string(help), " "+command[1]+" ") {
			t.Errorf("the guide names the command %s, the usage is %s", command[1], help)
		}
	}
}

// An operator follows docs/operate.md on a fresh machine: from the packages to an installed portal, to the next version and back, with new keys, through a
// request about personal data, and back from a dump. The commands are those of the guide; what systemd does is done by a script, and the names of the
// pretended remote systems are added to the settings. Without the right to mount, the guide is only compared with the unpacked package.
func TestFirstDay(t *testing.T) {
	needs(t, "dpkg-deb")
	built, dir := apptest.BuildPackage(t, "1.2.3", ""), t.TempDir()
	sections, dump := guide(t)
	checkGuide(t, sections, built)
	if !mayMount() {
		t.Log("this process may not mount: the guide was only compared with the package")
		return
	}
	needs(t, "pg_createcluster")
	next := apptest.BuildPackage(t, "1.3.0", apptest.NextMigration)
	address, postgres := apptest.FreeAddress(t), strings.TrimPrefix(apptest.FreeAddress(t), "127.0.0.1:")
	w := apptest.NewWorld(t, "http://"+address, 1)
	cfg, buyer := w.Config("", 1), apptest.CounterpartyOf(1).INN
	commands := func(title string, block int) string {
		return strings.NewReplacer("apt install postgresql", "apt-get install -y --no-upgrade postgresql", "apt install ", "apt-get install -y ",
			"./acts24_*.deb", built, "./acts24_NEW.deb", next, "./acts24_OLD.deb", built,
			"PASSWORD '…'", "PASSWORD 'pw'", ":…@127.0.0.1/", ":pw@127.0.0.1:"+postgres+"/", "echo '…'", "echo '"+cfg.ClientSecret+"'",
			"7802020205", buyer, "portal_id = 3", "portal_id = 1", "archive 3 ", "archive 1 ").Replace(sections[title][block])
	}
	check := commands("First day", 2)
	operator := func(command string) string { return "(" + strings.ReplaceAll(check, "actsd check", command) + ")\n" } // with the variables of the service
	ready := "for i in $(seq 300); do curl -fsS " + address + "/readyz && break; sleep 0.2; done\n"
	script := "set -e; cd " + dir + "; export PGPORT=" + postgres + " DEBIAN_FRONTEND=noninteractive\n" +
		"reached() { echo; echo $1; read -r line; }\n" +
		"rm -f /usr/bin/systemctl; cat >/usr/bin/systemctl <<'END'\n" + systemctl + "\nEND\n" +
		"chmod 755 /usr/bin/systemctl; rm -f /var/lib/man-db/auto-update\n" +
		"pg_createcluster $(ls /usr/lib/postgresql | tail -1) firstday --port " + postgres + " --start\n" +
		commands("First day", 0) + "(" + commands("First day", 1) + ")\n" +
		fmt.Sprintf("sed -i 's#^ACTS_PUBLIC_URL=.*#ACTS_PUBLIC_URL=%s#; s#^ACTS_CLIENT_ID=.*#ACTS_CLIENT_ID=%s#; s#^ACTS_ADDR=.*#ACTS_ADDR=%s#; /METRICS/d' /etc/acts24/acts24.env\n", w.AppURL, cfg.ClientID, address) +
		fmt.Sprintf("printf 'ACTS_AUTH_URL=%s\\nACTS_SBIS_URL=%s\\nACTS_ALLOW_PLAIN=true\\n' >>/etc/acts24/acts24.env\n", cfg.AuthURL, cfg.SBISURL) +
		"systemctl start acts24-migrate\nsystemctl enable --now acts24\n" + ready + operator("actsd check") + "reached installed\n" +
		"mkdir -p /run/systemd/system\n" + // the package restarts the service where systemd runs
		commands("Upgrade and rollback", 0) + ready + "dpkg-query --show acts24; psql \"$(cat /etc/acts24/secrets/migrate-url)\" -tAc 'TABLE next_release' && reached upgraded\n" +
		commands("Upgrade and rollback", 1) + ready + "dpkg-query --show acts24; reached rolled-back\n" +
		commands("Upgrade and rollback", 0) + ready +
		"(" + commands("Rotation of keys and secrets", 0) + ")\n" + ready + operator("actsd reseal; actsd check") +
		"(" + commands("Rotation of keys and secrets", 1) + commands("Rotation of keys and secrets", 2) + ")\n" + ready + operator("actsd check") + "reached rotated\n" +
		operator(commands("Requests about personal data", 0)+"cat export.json; actsd subject export --inn "+buyer+"\n") + commands("Requests about personal data", 1) +
		operator(commands("A portal that leaves", 0)+"test -s /root/portal-3.zip") + "reached erased\n" +
		dump + "\nsystemctl stop acts24; rmdir /run/systemd/system\n" + commands("Restore", 0) + operator("actsd check") + "systemctl start acts24\n" + ready +
		operator("actsd tenants; actsd reconcile --yes; actsd tenants") + "reached restored; systemctl stop acts24\n"
	const enter = `set -e; mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work /mnt/root
		mount -t overlay none -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
		mount -t proc none /mnt/root/proc; mount --bind /dev /mnt/root/dev; mount --bind "$2" "/mnt/root$2"; echo isolated; exec chroot /mnt/root bash -c "$1"`
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", enter, "-", script, filepath.Dir(dir))
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	cmd.Stderr = cmd.Stdout
	if err1 != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal(err1, err2)
	}
	printed := bufio.NewReader(out)
	first, _ := printed.ReadString('\n')
	if first != "isolated\n" {
		_ = cmd.Wait() // it has failed
		if os.Getenv("CI") == "true" {
			t.Fatalf("this process may mount, but a throwaway root fails: %s", first)
		}
		t.Skipf("no throwaway root here: %s", first)
	}
	manager := apptest.NewVisitor(w.Portals[0], w.Portals[0].Manager(), w.AppURL)
	registry := "" // its address
	for _, state := range []struct {
		mark string
		want []string // patterns of what is printed before it
		then func() error
	}{
		{"installed", []string{`ok +keys in use`}, func() error {
			if err := apptest.Connect(w.Portals[0], w.AppURL, apptest.OurCompany); err != nil {
				return err
			}
			page, err := manager.OpenDeal(1)
			if base, _, ok := strings.Cut(page.Path, "/deals/"); ok {
				registry = base + "/acts"
			}
			return errors.Join(err, succeeded(page))
		}},
		{"upgraded", []string{`(?m)^acts24\s+1\.3\.0$`}, func() error { return visit(manager, registry) }},
		{"rolled-back", []string{`(?m)^acts24\s+1\.2\.3$`}, func() error { return visit(manager, registry) }},
		{"rotated", []string{`[1-9]\d* values sealed under the key 2027a`, `(?m)^keys in use: 2027a$`, `ok +keys in use: 2027a\n`}, func() error { return visit(manager, registry) }},
		{"erased", []string{`"inn": "` + buyer + `"`, `to erase`, `Nothing was changed`, `(?m)^1 .* erased `, `subject-erase`}, func() error { return visit(manager, registry) }},
		{"restored", []string{`(?m)^1 +\S+ +held`, `released`, `(?m)^1 +\S+ +active`}, func() error { return visit(manager, registry) }},
	} {
		text := ""
		for line := ""; strings.TrimSpace(line) != state.mark; text += line {
			var err error
			if line, err = printed.ReadString('\n'); err != nil {
				t.Fatalf("%s is not reached: %v\n%s", state.mark, err, text+line)
			}
		}
		for _, want := range state.want {
			if !regexp.MustCompile(want).MatchString(text) {
				t.Errorf("%s: %s is missing in\n%s", state.mark, want, text)
			}
		}
		if strings.Contains(text, "FAIL") {
			t.Errorf("%s: a check fails:\n%s", state.mark, text)
		}
		if err := state.then(); err != nil {
			t.Errorf("%s: %v\n%s", state.mark, err, text)
		}
		if _, err := io.WriteString(in, "\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// visit opens a page in the visit that the manager has.
func visit(manager *apptest.Visitor, path string) error {
	page, err := manager.Get(path)
	return errors.Join(err, succeeded(page))
}

func succeeded(page apptest.Page) error {
	if page.Status != http.StatusOK {
		return fmt.Errorf("%s answers %d", page.Path, page.Status)
	}
	return nil
}
