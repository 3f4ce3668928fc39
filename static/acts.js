// The pages work without this script where the browser keeps our cookie. With it they fit the frame,
// open the portal's cards in its sliders, keep what was typed when the network fails, renew what is on its
// way, and go on without cookies: the visit then travels in a header and never in an address.
"use strict";
(() => {
	const frame = (() => {
		const [domain, protocol, sid] = window.name.split("|");
		if (!sid || window.parent === window) return null;
		const host = domain.replace(/:(80|443)$/, "");
		return { origin: (protocol === "0" ? "http://" : "https://") + host, domain, protocol, sid };
	})();
	let visit = ""; // only in memory
	let calls = 0;

	// The parent window's protocol: "method:params:callback:sid" there, "callback:answer" back.
	function ask(method, params, wait) {
		if (!frame) return Promise.reject(new Error("Откройте эту страницу из портала Битрикс24."));
		const id = "acts" + ++calls + Math.random().toString(36).slice(2);
		const text = [method, params ? JSON.stringify(params) : "", wait ? id : "", frame.sid].join(":");
		window.parent.postMessage(text, frame.origin);
		if (!wait) return Promise.resolve();
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => done(null, new Error("Портал не ответил. Обновите вкладку портала.")), wait);
			const hear = (e) => {
				if (e.origin !== frame.origin || typeof e.data !== "string" || !e.data.startsWith(id + ":")) return;
				const body = e.data.slice(id.length + 1);
				done(body ? JSON.parse(body) : undefined);
			};
			const done = (value, error) => {
				clearTimeout(late);
				window.removeEventListener("message", hear);
				if (error) reject(error); else resolve(value);
			};
			window.addEventListener("message", hear);
		});
	}

	let height = 0;
	function fit() {
		const want = Math.max(document.documentElement.offsetHeight, document.body.scrollHeight, 300);
		if (want === height) return;
		height = want;
		ask("resizeWindow", { width: "100%", height: want }).catch(() => {});
	}

	function say(text) {
		const place = document.getElementById("messages");
		if (!place) return;
		const p = document.createElement("p");
		p.className = "alert problem";
		p.setAttribute("role", "alert");
		p.dataset.testid = "alert";
		p.textContent = text;
		place.replaceChildren(p);
		p.scrollIntoView({ block: "nearest" });
		fit();
	}

	// load fetches a page of ours with the visit; without cookies it enters anew when the visit is over.
	async function load(url, options = {}, again = true) {
		const headers = new Headers(options.headers || {});
		if (visit) headers.set("X-Acts-Visit", visit);
		const answer = await fetch(url, { ...options, headers, credentials: "same-origin" });
		if (answer.status === 401 && again && frame) {
			await enter(new URL(url, location.href).pathname);
			return load(url, options, false);
		}
		return answer;
	}

	// enter proves the user by what the parent window knows of him.
	async function enter(path) {
		const known = await ask("getInitData", null, 5000);
		const form = new URLSearchParams({
			DOMAIN: known.DOMAIN, PROTOCOL: String(known.PROTOCOL), AUTH_ID: known.AUTH_ID, AUTH_EXPIRES: String(known.AUTH_EXPIRES || 3600),
			REFRESH_ID: known.REFRESH_ID, member_id: known.MEMBER_ID, PLACEMENT: known.PLACEMENT || "DEFAULT",
			PLACEMENT_OPTIONS: JSON.stringify(known.PLACEMENT_OPTIONS || {}), LANG: known.LANG || "ru", APP_SID: frame.sid, path,
		});
		const answer = await fetch("/placement/return", { method: "POST", body: form, headers: { Accept: "application/json" }, credentials: "same-origin" });
		if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).text || "Не удалось войти. Откройте вкладку портала ещё раз.");
		visit = (await answer.json()).visit;
	}

	// read takes a page of ours out of an answer; what a balancer says in our place is not one.
	async function read(answer) {
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		if (!page.body.hasAttribute("data-origin")) throw new TypeError();
		lengthen(page);
		return page;
	}

	// A list has short links to cards of the portal. A person may open them in a tab of their own, so they become whole ones.
	const cards = { d: "deal", c: "company", k: "contact" };
	function lengthen(page) {
		for (const a of page.querySelectorAll("td > a[href]")) {
			const [, kind, id] = /^(?:\.\.\/|\/p\/\d+\/)?([dck])\/(\d+)$/.exec(a.getAttribute("href")) || [];
			if (id) Object.assign(a, { href: `${page.body.dataset.origin}/crm/${cards[kind]}/details/${id}/`, target: "_blank" });
		}
	}

	let shown = 0; // pages so far
	function show(answer, page, push) {
		shown++;
		document.title = page.title;
		document.body.replaceWith(document.adoptNode(page.body));
		if (push) history[answer.url === location.href ? "replaceState" : "pushState"](null, "", answer.url);
		start();
	}

	// A browser words a failed fetch in its own way, always as a TypeError.
	const why = (e, advice) => e instanceof TypeError ? "Сервис не отвечает. " + advice : e.message;

	async function go(url, push = true) {
		try {
			const answer = await load(url);
			show(answer, await read(answer), push);
			document.body.scrollIntoView();
		} catch (e) {
			say(why(e, "Повторите через минуту."));
		}
	}

	async function submit(form, button) {
		const url = button?.getAttribute("formaction") || form.getAttribute("action") || location.href;
		const data = new FormData(form, button);
		const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
		button?.setAttribute("aria-busy", "true");
		try {
			const answer = await load(url, { method: "POST", body }), page = await read(answer);
			const message = !answer.ok && page.querySelector("[data-testid=message] p");
			if (message) throw new Error(message.textContent); // what was typed stays
			show(answer, page, answer.redirected); // only a page that F5 can show again gets an address
			const wrong = document.querySelector(".fault, .alert.problem"), sheet = document.querySelector("details.preview[open]");
			if (wrong) wrong.scrollIntoView({ block: "center" }); else (sheet || document.body).scrollIntoView();
		} catch (e) {
			say(why(e, "Введённое сохранено на странице, повторите через минуту."));
		} finally {
			button?.removeAttribute("aria-busy");
		}
	}

	// asked is the address of the page that a filter asks for with a button; what was left empty is not in it.
	function asked(form, button) {
		const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
		const query = new URLSearchParams(chosen).toString();
		return new URL(button?.getAttribute("formaction") || form.getAttribute("action"), location.href).pathname + (query && "?" + query);
	}

	document.addEventListener("submit", (e) => {
		e.preventDefault();
		if (e.target.method === "get") return void go(asked(e.target, e.submitter));
		if (!e.submitter?.matches("[aria-busy]")) submit(e.target, e.submitter);
	});

	document.addEventListener("click", (e) => {
		if (e.target.closest("[data-action=reenter]")) return void reenter();
		const copy = e.target.closest("[data-action=copy]");
		if (copy) return void take(copy);
		const picker = e.target.closest("[data-action=pick]");
		if (picker) return void pick(picker);
		const a = e.target.closest("a[href]");
		if (!a || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
		const path = a.dataset.path || (a.origin === document.body.dataset.origin && !a.hasAttribute("data-outside") && a.pathname);
		if (path && frame) {
			e.preventDefault();
			ask("openPath", { path }, 0).catch(() => {});
			return;
		}
		if (a.target || a.origin !== location.origin) return;
		if (a.matches("[download], [data-save]")) {
			if (!visit && a.hasAttribute("download")) return;
			e.preventDefault();
			return void save(a);
		}
		if (visit) {
			e.preventDefault();
			go(a.href);
		}
	});

	// pick has the portal's own dialog choose employees and sends them as if they had been checked in the form.
	async function pick(button) {
		const form = button.form;
		const chosen = await ask("selectUser", { title: button.dataset.title, mult: true }, 600000).catch(() => []);
		if (!form.isConnected || !chosen?.length) return;
		for (const box of form.querySelectorAll("[name=id]")) box.checked = false;
		for (const { id } of chosen) {
			const field = Object.assign(document.createElement("input"), { type: "hidden", name: "id", value: id });
			form.append(field);
		}
		submit(form, form.querySelector("button.primary"));
	}

	// take puts a shown link into the clipboard; where the frame may not, it is selected for the person to copy.
	async function take(button) {
		const field = button.parentElement.querySelector("input");
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
		} catch {
			document.execCommand("copy");
		}
		button.textContent = "Скопировано";
	}

	// save fetches a file; the browser cannot where only we carry the visit, nor can it say here why there is none.
	async function save(a) {
		if (a.ariaBusy === "true") return;
		a.ariaBusy = "true";
		try {
			const answer = await load(a.href);
			if (!answer.ok) throw new Error((await read(answer)).querySelector("[data-testid=message] p")?.textContent || "Файл не получен. Повторите через минуту.");
			const name = a.download || nameIn(answer.headers.get("Content-Disposition") || "");
			const url = URL.createObjectURL(await answer.blob());
			const link = Object.assign(document.createElement("a"), { href: url, download: name });
			link.click();
			setTimeout(() => URL.revokeObjectURL(url), 1000);
			a.closest("details.menu")?.removeAttribute("open");
		} catch (e) {
			say(why(e, "Файл не получен, повторите через минуту."));
		} finally {
			a.ariaBusy = null;
		}
	}

	// nameIn reads the name of a file, in either of the two shapes that the header has.
	function nameIn(header) {
		const coded = /filename\*=utf-8''([^;]+)/i.exec(header)?.[1];
		return coded ? decodeURIComponent(coded) : /filename="?([^";]+)"?/.exec(header)?.[1] || "act";
	}

	// A preview is fetched when it is unfolded; without cookies only we can carry the visit to it.
	async function preview(fold) {
		const page = fold?.open && fold.querySelector("iframe[data-src]");
		if (!page) return;
		const { src, look } = page.dataset;
		delete page.dataset.src;
		if (!visit) return void (page.src = src + look);
		const answer = await load(src).catch(() => null);
		if (!answer?.ok) {
			page.dataset.src = src;
			fold.open = false;
			return say("Печатная форма не получена. Повторите через минуту.");
		}
		page.src = URL.createObjectURL(await answer.blob()) + look;
	}
	document.addEventListener("toggle", (e) => preview(e.target.closest("details.preview")), true);

	// The fields of the conditions are fetched when they are unfolded.
	async function unfold(fold) {
		const button = fold?.open && fold.querySelector("[data-fields]");
		if (!button) return;
		try {
			const fields = (await read(await load(asked(button.form, button)))).querySelector(".conditions .fields");
			if (!fields) throw new TypeError();
			button.parentElement.replaceWith(document.adoptNode(fields));
			fit();
		} catch (e) {
			fold.open = false;
			say(why(e, "Условия не получены, повторите через минуту."));
		}
	}
	document.addEventListener("toggle", (e) => unfold(e.target.closest("details.conditions")), true);

	window.addEventListener("popstate", () => go(location.href, false));

	async function reenter() {
		const place = document.querySelector("[data-return]"), button = place?.querySelector("button");
		const path = place?.dataset.return || location.pathname;
		button?.setAttribute("aria-busy", "true");
		try {
			await enter(path);
			await go(path === location.pathname ? path + location.search : path);
		} catch (e) {
			if (place) place.querySelector("p").textContent = why(e, "Повторите через минуту.");
			fit();
		} finally {
			button?.removeAttribute("aria-busy");
		}
	}

	// What is on its way is looked at again, soon while something waits; typing is never disturbed.
	let timer = 0;
	function watch() {
		clearTimeout(timer);
		if (!document.querySelector("[data-live]")) return;
		const busy = document.querySelector("[data-busy]");
		timer = setTimeout(async () => {
			const seen = shown;
			if (!document.hidden) {
				try {
					const answer = await load(location.href, { headers: { "X-Acts-Live": "1" } });
					const page = answer.ok && await read(answer);
					if (page && seen === shown) renew(page);
				} catch { /* the next look may do better */ }
			}
			if (seen === shown) watch();
		}, busy ? 2000 : 15000);
	}

	function renew(page) {
		for (const old of document.querySelectorAll("[data-live][id]")) {
			const fresh = page.getElementById(old.getAttribute("id"));
			if (!fresh || old.innerHTML === fresh.innerHTML || old.contains(document.activeElement) || old.querySelector("details[open], input[readonly], td input:checked")
				|| [...old.querySelectorAll("input")].some((i) => i.files?.length || i.checked !== i.defaultChecked)) continue;
			old.replaceWith(document.adoptNode(fresh));
		}
		document.querySelector("[data-busy]")?.toggleAttribute("data-busy", !!page.querySelector("[data-busy]"));
		const place = document.querySelector("[data-testid]");
		if (page.querySelector("[data-busy]")) place?.setAttribute("data-busy", "");
		finish();
		fit();
	}

	// finish ends the installation: the portal reloads itself and opens the app. One that has ended already is left alone.
	let finished = false;
	async function finish() {
		if (finished || !frame || !document.querySelector("[data-install-finish]")) return;
		finished = true;
		const known = await ask("getInitData", null, 5000).catch(() => null);
		if (known?.INSTALL) ask("setInstallFinish", {}).catch(() => {});
	}

	// The operator follows from the id; an id is mended by the server.
	document.addEventListener("input", (e) => {
		if (e.target.name !== "participant") return;
		const operator = e.target.form?.elements.operator;
		const prefix = e.target.value.trim().slice(0, 3).toUpperCase();
		if (operator && [...operator.options].some((o) => o.value === prefix)) operator.value = prefix;
	});

	// One box checks all of its name on the page.
	document.addEventListener("change", (e) => {
		const name = e.target.dataset.all;
		if (name) for (const box of e.target.form.querySelectorAll(`input[name="${name}"]`)) box.checked = e.target.checked;
	});

	// The acts of a page are chosen together; who leaves one out has not chosen the page.
	document.addEventListener("change", (e) => {
		const form = e.target.closest("form.choice"), page = form?.querySelector("[data-action=page]");
		if (!page) return;
		const list = [...form.querySelectorAll("[name=act]")];
		page.value = list.map((act) => act.value).join(); // the list may have been renewed
		if (e.target === page) for (const act of list) act.checked = page.checked;
		else if (e.target.name === "act" && !e.target.checked) page.checked = false;
	});

	function start() {
		height = 0;
		if (document.querySelector("[data-reenter]")) return void reenter();
		finish();
		preview(document.querySelector("details.preview[open]"));
		for (const picker of document.querySelectorAll("[data-action=pick]")) picker.hidden = !frame;
		fit();
		watch();
	}
	lengthen(document);
	new ResizeObserver(fit).observe(document.documentElement);
	start();
})();
