// The page polls the SBIS account: it is loaded again when the version has grown,
// and a comment that is being typed is kept.
"use strict";

async function changed() {
	const answer = await fetch("/_sandbox/version", { cache: "no-store" });
	if (!answer.ok) return false;
	const { version, now } = await answer.json();
	document.querySelector(".now").textContent = now.replace(/ (\d\d)\.(\d\d).*/, " $1:$2");
	return String(version) !== document.body.dataset.version;
}

function typing() {
	return Array.from(document.querySelectorAll("main input")).some((field) => field.value !== "" || field === document.activeElement);
}

async function refresh() {
	const answer = await fetch(location.href, { cache: "no-store" });
	const page = new DOMParser().parseFromString(await answer.text(), "text/html");
	const focused = document.activeElement && document.activeElement.dataset.testid;
	for (const part of document.querySelectorAll("[data-live]")) {
		const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
		if (fresh) part.replaceWith(fresh);
	}
	document.title = page.title;
	document.body.dataset.version = page.body.dataset.version;
	if (focused) {
		const again = document.querySelector(`[data-testid="${CSS.escape(focused)}"]`);
		if (again) again.focus();
	}
}

async function watch() {
	try {
		if (!document.hidden && !typing() && await changed()) await refresh();
	} catch {
		// The sandbox is being restarted; tried again at the next poll.
	}
	setTimeout(watch, 1000);
}

// The response to a failed POST must not be loaded again by its URL.
if (!location.pathname.startsWith("/cabinet/")) watch();
