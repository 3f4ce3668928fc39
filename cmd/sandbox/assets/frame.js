// The parent window of an app: opens its frames and answers their messages.
"use strict";
(() => {
	for (const form of document.querySelectorAll("form[data-open]")) form.submit();

	const frames = () => [...document.querySelectorAll("iframe[data-sid]")];

	// parse splits "method:params:callback:sid"; the middle parts may be missing and params may contain colons.
	function parse(data) {
		if (data && typeof data === "object" && data.method) {
			return { method: data.method, params: data.params || {}, callback: data.callback || data.requestId || "", sid: data.appSid };
		}
		if (typeof data !== "string") return null;
		const parts = data.split(":");
		if (parts.length < 3) return null;
		const method = parts.shift(), sid = parts.pop(), callback = parts.pop() ?? "", text = parts.join(":");
		try {
			return { method, sid, callback, params: text ? JSON.parse(text) : {} };
		} catch {
			return null;
		}
	}

	window.addEventListener("message", async (e) => {
		const ask = parse(e.data);
		const frame = ask && frames().find((f) => f.dataset.sid === ask.sid && f.contentWindow === e.source && f.dataset.origin === e.origin);
		const work = frame && methods[ask.method];
		if (!work) return; // no answer, like the portal
		const reply = (value) => {
			if (ask.callback) e.source.postMessage(ask.callback + ":" + (value === undefined ? "" : JSON.stringify(value)), e.origin);
		};
		const value = await work(ask.params, frame, reply);
		if (value !== later) reply(value);
	});

	const later = {}; // these answer when something ends, or never
	const ask = async (path, options) => {
		const answer = await fetch(path, options);
		return answer.ok ? answer.json() : undefined;
	};

	const placement = async (f) => (await ask("/_portal/frame/" + f.dataset.sid)).PLACEMENT;

	const methods = {
		getInitData: (_, f) => ask("/_portal/frame/" + f.dataset.sid),
		refreshAuth: (_, f) => ask("/_portal/frame/" + f.dataset.sid + "/refresh", { method: "POST" }),
		async setInstallFinish(params, f) {
			const value = params.value === false ? "?value=false" : "";
			const answer = await ask("/_portal/frame/" + f.dataset.sid + "/installed" + value, { method: "POST" });
			if (answer) location.assign(answer.to);
			return later;
		},
		setInstall: (params) => params,
		resizeWindow({ height }, f) {
			if (height > 0) f.style.height = Math.min(height, 20000) + "px";
			return { width: f.clientWidth, height: f.clientHeight };
		},
		setTitle(params) {
			document.title = params.title;
			const heading = document.querySelector("[data-title]");
			if (heading) heading.textContent = params.title;
			return params;
		},
		setScroll: (params) => { window.scrollTo(0, Number(params.scroll) || 0); return params; },
		reloadWindow: () => { location.reload(); return later; },
		reloadData: async () => { await portal.renew(); return {}; },
		openPath({ path }, _, reply) {
			if (/BitrixMobile/.test(navigator.userAgent)) return { result: "error", errorCode: "METHOD_NOT_SUPPORTED_ON_DEVICE" };
			if (!/^\/(crm\/(deal|lead|contact|company)\/details\/|crm\/type\/\d+\/details\/|company\/personal\/user\/|workgroups\/group\/|marketplace\/)/.test(path || "")) {
				return { result: "error", errorCode: "PATH_NOT_AVAILABLE" };
			}
			portal.slide(path, () => reply({ result: "close" }));
			return later;
		},
		// Where the documentation does not say that openApplication works, nothing answers: on phones, and in the menu of a list.
		async openApplication(params, f, reply) {
			if (/BitrixMobile/.test(navigator.userAgent) || /_LIST_MENU$/.test(await placement(f))) return later;
			const url = new URL(f.dataset.page, location.href);
			for (const [name, value] of Object.entries(params || {})) url.searchParams.set("params[" + name + "]", value);
			portal.slide(url, () => reply(), params?.bx24_title);
			return later;
		},
		closeApplication: () => { portal.closeSlider(); return later; },
		// Only the commands of the placement itself; the common ones, such as openApplication, are not listed.
		getInterface: async (_, f) => ({ command: /_(DETAIL_TAB|DETAIL_ACTIVITY|LIST_MENU)$/.test(await placement(f)) ? ["reloadData"] : [], event: [] }),
		placementBindEvent: () => later,
		selectUser: (params, _, reply) => choose(params, reply, (u) => u),
		selectAccess: (params, _, reply) => choose({ ...params, mult: true }, reply, (u) => ({ id: "U" + u.id, name: u.name, provider: "user" })),
		imCallTo: () => later, imPhoneTo: () => later, imOpenMessenger: () => later, imOpenHistory: () => later,
	};

	// choose shows the portal's dialog for choosing employees.
	async function choose({ title, mult }, reply, shape) {
		const people = await ask("/_portal/people");
		const dialog = document.createElement("dialog");
		dialog.setAttribute("aria-label", title || "Выбор сотрудников");
		const form = document.createElement("form");
		form.method = "dialog";
		const heading = document.createElement("h2");
		heading.textContent = title || "Выбор сотрудников";
		form.append(heading);
		for (const u of people) {
			const label = document.createElement("label"), input = document.createElement("input");
			input.type = mult ? "checkbox" : "radio";
			input.name = "user";
			input.value = u.id;
			label.append(input, u.name);
			form.append(label);
		}
		const ok = document.createElement("button");
		ok.className = "primary";
		ok.textContent = "Выбрать";
		form.append(ok);
		dialog.append(form);
		document.body.append(dialog);
		form.addEventListener("submit", () => {
			const ids = new FormData(form).getAll("user"), chosen = people.filter((u) => ids.includes(u.id)).map(shape);
			reply(mult ? chosen : chosen[0]);
		});
		dialog.addEventListener("close", () => dialog.remove());
		dialog.showModal();
		return later;
	}
})();
