package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// needs skips the test when a program of Debian is missing; where make check runs for a change it has to be there.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", program)
	}
	t.Skipf("%s is missing: packages are built on Debian", program)
}

// isolated runs a script in a copy of this machine that nobody sees, and reports whether the machine permits that.
func isolated(script string) (printed string, permitted bool, err error) {
	const enter = `set -e; mount -t tmpfs none /mnt; mkdir /mnt/upper /mnt/work /mnt/root
		mount -t overlay none -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
		mount -t proc none /mnt/root/proc; mount --bind /dev /mnt/root/dev; echo isolated; exec chroot /mnt/root sh -c "$1"`
	out, err := exec.Command("unshare", "--mount", "sh", "-c", enter, "-", script).CombinedOutput()
	printed, permitted = strings.CutPrefix(string(out), "isolated\n")
	return printed, permitted, err
}

// The package is built, installed, removed and purged. Where the machine permits no throwaway root, it is unpacked and looked at.
func TestDebianPackage(t *testing.T) {
	needs(t, "dpkg-deb")
	unpacked, built := filepath.Join(t.TempDir(), "unpacked"), apptest.BuildPackage(t, "1.2.3~rc1", "")
	fields := apptest.RunInRoot(t, "dpkg-deb", "--field", built)
	for _, want := range []string{"Package: acts24", "Version: 1.2.3~rc1", "Depends: adduser"} {
		if !strings.Contains(fields, want) {
			t.Errorf("%q is missing in\n%s", want, fields)
		}
	}
	apptest.RunInRoot(t, "dpkg-deb", "--extract", built, unpacked)
	for file, mode := range map[string]os.FileMode{"usr/bin/actsd": 0o755, "etc/acts24/acts24.env": 0o644, "lib/systemd/system/acts24.service": 0o644,
		"lib/systemd/system/acts24-migrate.service": 0o644, "usr/share/man/man8/actsd.8.gz": 0o644, "usr/share/doc/acts24/operate.md": 0o644,
		"usr/share/doc/acts24/examples/nginx.conf": 0o644} {
		if info, err := os.Stat(filepath.Join(unpacked, file)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v, want %v", file, info, err, mode)
		}
	}
	if info, err := os.Stat(filepath.Join(unpacked, "etc/acts24/secrets")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of secrets: %v, %v", info, err)
	}
	printed, permitted, err := isolated(strings.ReplaceAll(`set -e
		dpkg --force-depends -i PACKAGE
		getent passwd acts24
		stat -c '%a %U' /etc/acts24/secrets
		/usr/bin/actsd version
		! /usr/bin/actsd serve
		echo a:key > /etc/acts24/secrets/keys
		dpkg -r acts24
		test ! -e /usr/bin/actsd; test -e /etc/acts24/acts24.env
		dpkg -P acts24
		test -e /etc/acts24/secrets/keys; ! getent passwd acts24
		rm /etc/acts24/secrets/keys; dpkg --force-depends -i PACKAGE; dpkg -P acts24; test ! -e /etc/acts24; echo purged`, "PACKAGE", built))
	if !permitted {
		if os.Getenv("CI") == "true" && mayMount() {
			t.Fatalf("this process may mount, but a throwaway root fails: %s", printed)
		}
		t.Logf("no throwaway root here, the package was only unpacked: %s", printed)
		return
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, printed)
	}
	for _, want := range []string{`acts24:x:\d+`, `700 root`, `(?m)^acts24 `, `needs no rights of root`, `holds keys and is kept`, `(?m)^purged$`} {
		if !regexp.MustCompile(want).MatchString(printed) {
			t.Errorf("%s is missing in\n%s", want, printed)
		}
	}
}

// The units leave the program no rights that it does not need: exposure by systemd's own measure, in tenths.
func TestHardenedUnits(t *testing.T) {
	needs(t, "systemd-analyze")
	for _, unit := range []string{"acts24.service", "acts24-migrate.service"} {
		apptest.RunInRoot(t, "systemd-analyze", "security", "--offline=yes", "--threshold=20", "deploy/"+unit)
	}
}

// Every metric that alerts and the dashboard name is one of the program, and every alert has its line in the runbook.
func TestAlertsNameMetrics(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	source, guide, alerts, dashboard := read("cmd/app/metrics.go"), read("docs/operate.md"), read("deploy/alerts.yml"), read("deploy/grafana.json")
	if !json.Valid([]byte(dashboard)) {
		t.Error("the dashboard is no JSON")
	}
	for _, name := range regexp.MustCompile(`acts24_[a-z_]+`).FindAllString(alerts+dashboard, -1) {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count")
		if !strings.Contains(source, `"`+name+`"`) {
			t.Errorf("there is no metric %s", name)
		}
	}
	for _, alert := range regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(alerts, -1) {
		if !strings.Contains(guide, alert[1]) {
			t.Errorf("the runbook lacks %s", alert[1])
		}
	}
}
