// Reports once that a person, not a mail scanner, uses the form. The form works without it.
"use strict";
(() => {
	const form = document.querySelector("form[data-opened]");
	if (!form) return;
	const kinds = ["pointerdown", "keydown", "focusin"];
	const seen = (e) => {
		if (!e.isTrusted) return;
		for (const kind of kinds) form.removeEventListener(kind, seen);
		fetch(form.dataset.opened, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
	};
	for (const kind of kinds) form.addEventListener(kind, seen);
})();
