// Pages work without this script if the browser accepts our cookie. The script resizes the frame, opens the
// portal's cards in its sliders, keeps typed values when the network fails, polls running work, and works
// without cookies: the visit is then sent in a header and never in a URL.
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

	// callPortal calls a method of the parent window. Protocol: we send "method:params:callback:sid", it answers "callback:answer".
	function callPortal(method, params, wait) {
		if (!frame) return Promise.reject(new Error("Откройте эту страницу из портала Битрикс24."));
		const id = "acts" + ++calls + Math.random().toString(36).slice(2);
		const text = [method, params ? JSON.stringify(params) : "", wait ? id : "", frame.sid].join(":");
		window.parent.postMessage(text, frame.origin);
		if (!wait) return Promise.resolve();
		return new Promise((resolve, reject) => {
			const timeout = setTimeout(() => settle(null, new Error("Портал не ответил. Обновите вкладку портала.")), wait);
			const onMessage = (e) => {
				if (e.origin !== frame.origin || typeof e.data !== "string" || !e.data.startsWith(id + ":")) return;
				const body = e.data.slice(id.length + 1);
				settle(body ? JSON.parse(body) : undefined);
			};
			const settle = (value, error) => {
				clearTimeout(timeout);
				window.removeEventListener("message", onMessage);
				if (error) reject(error); else resolve(value);
			};
			window.addEventListener("message", onMessage);
		});
	}

	let height = 0;
	function resizeFrame() {
		const want = Math.max(document.documentElement.offsetHeight, document.body.scrollHeight, 300, popup ? popup.box.offsetTop + popup.box.offsetHeight + 16 : 0);
		if (want === height) return;
		height = want;
		callPortal("resizeWindow", { width: "100%", height: want }).catch(() => {});
	}

	function showError(text) {
		const place = document.getElementById("messages");
		if (!place) return;
		const p = document.createElement("p");
		p.className = "alert problem";
		p.setAttribute("role", "alert");
		p.dataset.testid = "alert";
		p.textContent = text;
		place.replaceChildren(p);
		p.scrollIntoView({ block: "nearest" });
		resizeFrame();
	}

	// fetchPage fetches one of our pages with the visit; without cookies it starts a new visit when the old one has expired.
	async function fetchPage(url, options = {}, again = true) {
		const headers = new Headers(options.headers || {});
		if (visit) headers.set("X-Acts-Visit", visit);
		const answer = await fetch(url, { ...options, headers, credentials: "same-origin" });
		if (answer.status === 401 && again && frame) {
			await startVisit(new URL(url, location.href).pathname);
			return fetchPage(url, options, false);
		}
		return answer;
	}

	// startVisit starts a visit with the user's token from the parent window. The token is valid for an hour and is renewed only on request.
	async function startVisit(path) {
		const auth = await callPortal("getInitData", null, 5000);
		let answer = await sendToken(auth, path);
		if (answer.status === 401 || answer.status === 403) {
			const fresh = await callPortal("refreshAuth", {}, 5000).catch(() => null);
			if (fresh?.AUTH_ID) answer = await sendToken({ ...auth, ...fresh }, path);
		}
		if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).text || "Не удалось войти. Откройте вкладку портала ещё раз.");
		visit = (await answer.json()).visit;
	}

	function sendToken(auth, path) {
		const form = new URLSearchParams({
			DOMAIN: auth.DOMAIN, PROTOCOL: String(auth.PROTOCOL), AUTH_ID: auth.AUTH_ID, AUTH_EXPIRES: String(auth.AUTH_EXPIRES || 3600),
			REFRESH_ID: auth.REFRESH_ID, member_id: auth.MEMBER_ID, PLACEMENT: auth.PLACEMENT || "DEFAULT",
			PLACEMENT_OPTIONS: JSON.stringify(auth.PLACEMENT_OPTIONS || {}), LANG: auth.LANG || "ru", APP_SID: frame.sid, path,
		});
		return fetch("/placement/return", { method: "POST", body: form, headers: { Accept: "application/json" }, credentials: "same-origin" });
	}

	// parsePage extracts our page from a response; any other page, such as that of a load balancer, is an error.
	async function parsePage(answer) {
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		if (!page.body.hasAttribute("data-origin")) throw new TypeError();
		return page;
	}

	let shown = 0; // number of pages shown
	function showPage(answer, page, push) {
		shown++;
		popup = null;
		document.title = page.title;
		document.body.replaceWith(document.adoptNode(page.body));
		if (push) history[answer.url === location.href ? "replaceState" : "pushState"](null, "", answer.url);
		initPage();
	}

	// errorText returns the message of an error. That of a failed fetch differs between browsers; it is always a TypeError.
	const errorText = (e, advice) => e instanceof TypeError ? "Сервис не отвечает. " + advice : e.message;

	// navigate shows another page. With stay the scroll position is kept, and the focus: on a field that has to be corrected, or on what had it.
	async function navigate(url, push = true, stay = false) {
		const focused = stay && (popup?.opener || document.activeElement)?.closest("[data-testid]")?.dataset.testid, top = window.scrollY;
		try {
			const answer = await fetchPage(url);
			showPage(answer, await parsePage(answer), push);
			if (!stay) return void document.body.scrollIntoView();
			window.scrollTo(window.scrollX, top);
			const wrong = firstFault();
			if (wrong) focusField(wrong); else if (focused) focusAgain(CSS.escape(focused));
		} catch (e) {
			showError(errorText(e, "Повторите через минуту."));
		}
	}

	// focusAgain focuses the control with a test id. After a removed condition of a filter it is the first one left, or the button that adds one.
	function focusAgain(id) {
		const places = [`[data-testid="${id}"]:is(a, button, input, select)`, `li[data-testid="${id}"] a`, ".narrowed a", "[data-testid=add-field]", "[data-testid=search]"];
		places.map((place) => document.querySelector(place)).find(Boolean)?.focus({ preventScroll: true });
	}

	async function submit(form, button) {
		const url = button?.getAttribute("formaction") || form.getAttribute("action") || location.href;
		const data = new FormData(form, button);
		cancelCalculation();
		const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
		const idle = showBusy(button);
		try {
			const answer = await fetchPage(url, { method: "POST", body }), page = await parsePage(answer);
			const message = !answer.ok && page.querySelector("[data-testid=message] p");
			if (message) throw new Error(message.textContent); // keeps the typed values
			showPage(answer, page, answer.redirected); // the URL changes only for a page that F5 can load
			if (answer.ok) return void (document.querySelector("details.preview[open]") || document.body).scrollIntoView();
			const summary = document.querySelector("#messages .alert"), first = firstFault();
			if (first) focusField(first);
			else if (summary) summary.focus({ preventScroll: true }), summary.scrollIntoView({ block: "center" });
		} catch (e) {
			showError(errorText(e, "Введённое сохранено на странице, повторите через минуту."));
		} finally {
			idle();
		}
	}

	// showBusy shows that a button is at work. Its text changes only after a moment, so that quick answers do not flicker.
	function showBusy(button) {
		if (!button) return () => {};
		const text = button.innerHTML, word = /загрузить/i.test(button.textContent) ? "Загружаем…" : /сохранить/i.test(button.textContent) ? "Сохраняем…" : "Выполняем…";
		button.setAttribute("aria-busy", "true");
		const late = setTimeout(() => { button.textContent = word; }, 500);
		return () => {
			clearTimeout(late);
			button.removeAttribute("aria-busy");
			if (button.textContent === word) button.innerHTML = text;
		};
	}

	// firstFault returns the first field with a mistake, in the order of the page, or the message of a form without such a field.
	function firstFault() {
		const ids = [...document.querySelectorAll("#messages a[href^='#fault-']")].map((a) => a.hash.slice(1));
		return document.querySelector("[aria-invalid=true]") || [...document.querySelectorAll("[id^=fault-]")].find((place) => ids.includes(place.id));
	}

	// focusField brings a person to a field, or to a message without one.
	function focusField(place) {
		for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
		const field = place.matches("input, select, textarea") ? place : document.querySelector(`[aria-describedby~="${CSS.escape(place.id)}"]`) ||
			place.closest("label, td, .field, fieldset")?.querySelector("input:not([type=hidden]), select, textarea");
		place.scrollIntoView({ block: "center" });
		field?.focus({ preventScroll: true });
	}

	// unsaved reports whether a form has typed values that are not saved: they differ from those of the page, or it shows their mistakes.
	let sending = false;
	const differs = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
		: field.type === "file" ? field.files.length > 0
		: field.matches("select") ? [...field.options].some((o) => o.selected !== o.defaultSelected) && [...field.options].some((o) => o.defaultSelected)
		: field.type !== "hidden" && field.matches("input, textarea") && field.value !== field.defaultValue;
	const unsaved = (except) => [...document.querySelectorAll("form[data-keep]")].some((form) => form !== except
		&& (form.querySelector("[aria-invalid=true]") || "typed" in form.dataset && [...form.elements].some(differs)));
	for (const kind of ["input", "change"]) document.addEventListener(kind, (e) => {
		const form = e.target.closest("form[data-keep]");
		if (form) form.dataset.typed = "";
	});
	window.addEventListener("beforeunload", (e) => {
		if (!sending && unsaved()) e.preventDefault();
	});

	// confirmLeaving asks before typed values are lost. The dialogs of the browser are blocked in a frame of another site.
	function confirmLeaving(except) {
		if (!unsaved(except)) return Promise.resolve(true);
		return new Promise((resolve) => {
			const dialog = document.createElement("dialog");
			dialog.className = "leave";
			dialog.dataset.testid = "unsaved";
			dialog.setAttribute("aria-labelledby", "unsaved-text");
			dialog.innerHTML = `<p id="unsaved-text"><strong>Есть несохранённые изменения.</strong> Если продолжить, введённое пропадёт.</p>
				<form method="dialog" class="actions"><button class="primary" value="stay" data-testid="unsaved-stay">Остаться</button>
				<button class="secondary" value="leave" data-testid="unsaved-leave">Не сохранять</button></form>`;
			dialog.addEventListener("close", () => {
				dialog.remove();
				resolve(dialog.returnValue === "leave");
			});
			document.body.append(dialog);
			dialog.showModal();
			dialog.scrollIntoView({ block: "center" });
		});
	}

	// calculate lets the server calculate the sums and checks of a form while it is filled in. A form that was typed in is refreshed only this way.
	let calculation = 0, calculating = null;
	function cancelCalculation() {
		clearTimeout(calculation);
		calculating?.abort();
	}
	function calculate(form) {
		cancelCalculation();
		calculation = setTimeout(async () => {
			const mine = calculating = new AbortController(), seen = shown;
			const answer = await fetchPage(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: mine.signal }).catch(() => null);
			const page = answer?.ok && await parsePage(answer).catch(() => null); // a failure is ignored: forming the act checks again
			if (!page || mine.signal.aborted || seen !== shown) return;
			for (const old of form.querySelectorAll("[data-calculated], [data-live]")) replaceBlock(old, page);
			resizeFrame();
		}, 400);
	}
	function replaceBlock(old, page) {
		const fresh = page.getElementById(old.getAttribute("id"));
		if (fresh && old.innerHTML !== fresh.innerHTML && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
	}
	function onInput(e) {
		const form = e.target.closest("form[data-preview]");
		if (!form || e.target.dataset.changes) return;
		form.dataset.touched = "";
		calculate(form);
	}
	document.addEventListener("input", onInput);
	document.addEventListener("change", onInput);

	// arrangeLines hides the empty lines of works without a product row until they are added.
	function arrangeLines() {
		const all = [...document.querySelectorAll("[data-line]")];
		const empty = (line) => [...line.querySelectorAll("[name^=free-name], [name^=free-price]")].every((field) => !field.value);
		all.forEach((line, i) => { line.hidden = i > 0 && empty(line) && !line.querySelector(".fault") && !("wanted" in line.dataset); });
		for (const button of document.querySelectorAll("[data-action=remove-line]")) button.hidden = false;
		for (const button of document.querySelectorAll("[data-action=add-line]")) button.hidden = !all.some((line) => line.hidden);
		resizeFrame();
	}
	function addLine() {
		const line = document.querySelector("[data-line][hidden]");
		line.dataset.wanted = "";
		arrangeLines();
		line.querySelector("input").focus();
	}
	function removeLine(line) {
		delete line.dataset.wanted;
		for (const field of line.querySelectorAll("[name^=free-name], [name^=free-price]")) field.value = "";
		line.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
		arrangeLines();
		if (line.hidden) document.querySelector("[data-action=add-line]").focus({ preventScroll: true });
	}

	// filterURL returns the URL of the page that a button of a filter requests, without empty fields.
	function filterURL(form, button) {
		const chosen = [...new FormData(form, button)].filter(([, value]) => value !== "");
		const query = new URLSearchParams(chosen).toString();
		return new URL(button?.getAttribute("formaction") || form.getAttribute("action"), location.href).pathname + (query && "?" + query);
	}

	document.addEventListener("submit", async (e) => {
		const form = e.target, button = e.submitter;
		if (form.method === "dialog") return;
		e.preventDefault();
		if (button?.matches("[aria-busy]") || !await confirmLeaving(form)) return;
		if (form.method === "get") navigate(filterURL(form, button), true, true);
		else submit(form, button);
	});

	document.addEventListener("click", (e) => {
		if (e.target.closest("[data-action=reenter]")) return void resumeVisit();
		const copy = e.target.closest("[data-action=copy]");
		if (copy) return void copyLink(copy);
		if (e.target.closest("[data-action=add-line]")) return void addLine();
		const removed = e.target.closest("[data-action=remove-line]");
		if (removed) return void removeLine(removed.closest("[data-line]"));
		const picker = e.target.closest("[data-action=pick]");
		if (picker) return void pickEmployees(picker);
		const opener = e.target.closest("[data-popup], .menus td:last-child a");
		if (opener && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
			e.preventDefault();
			return void openPopup(opener);
		}
		if (popup && (e.target.closest("[data-popup-close]") || !popup.box.contains(e.target))) {
			const cancelled = popup.box.contains(e.target);
			closePopup(cancelled);
			if (cancelled) return void e.preventDefault();
		}
		const a = e.target.closest("a[href]");
		if (!a || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
		const path = a.dataset.path || (a.origin === document.body.dataset.origin && !a.hasAttribute("data-outside") && a.pathname);
		if (path && frame) {
			e.preventDefault();
			return void openSlider("openPath", { path }, () => window.open(a.href, "_blank", "noopener"));
		}
		if (a.dataset.act && frame && innerWidth > 760) {
			e.preventDefault();
			return void openSlider("openApplication", { actId: a.dataset.act, bx24_title: a.title }, () => navigate(a.href), () => {
				closePopup(true);
				if (unsaved() || document.querySelector("form[data-touched], td input:checked")) scheduleRefresh(1); else navigate(location.href, false, true);
			});
		}
		if (a.target || a.origin !== location.origin) return;
		const place = a.hash && a.pathname + a.search === location.pathname + location.search && document.getElementById(a.hash.slice(1));
		if (place) {
			e.preventDefault();
			return void focusField(place);
		}
		if (a.matches("[download], [data-save]")) {
			e.preventDefault();
			return void download(a);
		}
		const stay = a.hasAttribute("data-stay");
		if (visit || stay) {
			e.preventDefault();
			confirmLeaving().then((may) => may && navigate(a.href, true, stay));
		} else if (unsaved()) {
			e.preventDefault();
			confirmLeaving().then((may) => {
				if (!may) return;
				sending = true;
				location.assign(a.href);
			});
		}
	});

	// openPopup shows the part of another page that is marked for it, below the link or button that opens it. Escape and a click elsewhere
	// close it and return the focus.
	let popup = null;
	function closePopup(focus) {
		if (!popup) return;
		const { box, opener } = popup;
		popup = null;
		box.remove();
		opener.setAttribute("aria-expanded", "false");
		if (focus) opener.focus({ preventScroll: true });
		resizeFrame();
	}
	async function openPopup(link) {
		const opener = popup?.box.contains(link) ? popup.opener : link, again = popup?.opener === link; // a popup may open the next one
		closePopup();
		if (again) return;
		try {
			const seen = shown, page = await parsePage(await fetchPage(link.form ? filterURL(link.form, link) : link.href));
			const content = page.querySelector("[data-popup-content]");
			if (seen !== shown) return;
			if (!content) throw new Error(page.querySelector("[data-testid=message] p")?.textContent || "Не получено. Обновите страницу.");
			const box = Object.assign(document.createElement("div"), { className: "popup" });
			box.append(document.adoptNode(content));
			document.body.append(box);
			const at = opener.getBoundingClientRect();
			box.style.top = at.bottom + scrollY + 4 + "px";
			box.style.left = Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 12)) + scrollX + "px";
			popup = { box, opener };
			opener.setAttribute("aria-expanded", "true");
			box.querySelector("input:not([type=hidden]), select, textarea, button, a")?.focus({ preventScroll: true });
			resizeFrame();
		} catch (e) {
			showError(errorText(e, "Повторите через минуту."));
		}
	}
	document.addEventListener("keydown", (e) => {
		if (e.key === "Escape" && popup) return void closePopup(true);
		const menu = popup?.box.querySelector(".row-menu"), step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
		if (!menu?.contains(document.activeElement) || !step) return;
		e.preventDefault();
		const items = [...menu.querySelectorAll("a, button")];
		items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
	});

	// openSlider opens a card of the portal, or an act, over the page. The portal answers when the slider is closed or cannot be opened; in the
	// second case the link is followed. An open slider covers the page, so a second click on the link means that the portal has not answered.
	const sliding = new Set();
	async function openSlider(method, params, follow, closed = () => {}) {
		const key = JSON.stringify(params);
		if (sliding.has(key)) return void follow();
		sliding.add(key);
		const answer = await callPortal(method, params, 3600000).catch(() => null);
		sliding.delete(key);
		if (answer?.result === "error") follow(); else closed();
	}

	// pickEmployees opens the portal's dialog for choosing employees and submits them as if they were checked in the form.
	async function pickEmployees(button) {
		const form = button.form;
		const chosen = await callPortal("selectUser", { title: button.dataset.title, mult: true }, 600000).catch(() => []);
		if (!form.isConnected || !chosen?.length) return;
		for (const box of form.querySelectorAll("[name=id]")) box.checked = false;
		for (const { id } of chosen) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "id", value: id }));
		submit(form, form.querySelector("button.primary"));
	}

	// copyLink copies a shown link to the clipboard; where the frame is not allowed to, it selects the link instead.
	async function copyLink(button) {
		const field = button.parentElement.querySelector("input");
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
		} catch {
			document.execCommand("copy");
		}
		button.textContent = "Скопировано";
	}

	// download downloads a file by a fetch, which sends the visit and shows an error on this page. A link that the browser follows itself would be
	// requested without the partitioned cookie of the frame.
	async function download(a) {
		if (a.ariaBusy === "true") return;
		a.ariaBusy = "true";
		try {
			const answer = await fetchPage(a.href);
			if (!answer.ok) throw new Error((await parsePage(answer)).querySelector("[data-testid=message] p")?.textContent || "Файл не получен. Повторите через минуту.");
			const name = a.download || fileName(answer.headers.get("Content-Disposition") || "");
			const url = URL.createObjectURL(await answer.blob());
			Object.assign(document.createElement("a"), { href: url, download: name }).click();
			setTimeout(() => URL.revokeObjectURL(url), 1000);
			a.closest("details.menu")?.removeAttribute("open");
		} catch (e) {
			showError(errorText(e, "Файл не получен, повторите через минуту."));
		} finally {
			a.ariaBusy = null;
		}
	}

	// fileName returns the file name from either of the two forms of the header.
	function fileName(header) {
		const coded = /filename\*=utf-8''([^;]+)/i.exec(header)?.[1];
		return coded ? decodeURIComponent(coded) : /filename="?([^";]+)"?/.exec(header)?.[1] || "act";
	}

	// loadPreview fetches a preview when it is opened; without cookies only a script can send the visit.
	async function loadPreview(fold) {
		const page = fold?.open && fold.querySelector("[data-src]");
		if (!page) return;
		const { src, look } = page.dataset;
		delete page.dataset.src;
		page.dataset.from = src;
		if (page.matches("img")) return loadPicture(page, src);
		if (!visit && !("fetched" in page.dataset)) return void (page.src = src + look); // an upload is always sent as a download
		const answer = await fetchPage(src).catch(() => null);
		if (!answer?.ok) {
			page.dataset.src = src;
			fold.open = false;
			return showError("Файл не получен. Повторите через минуту.");
		}
		if (!fold.open) return void (page.dataset.src = src);
		page.src = URL.createObjectURL(await answer.blob()) + look;
	}
	async function loadPicture(img, src) {
		if (!visit) return void (img.src = src);
		const answer = await fetchPage(src).catch(() => null), reader = new FileReader();
		reader.onload = () => { img.src = reader.result; };
		if (answer?.ok) reader.readAsDataURL(await answer.blob());
	}
	// closePreview removes the viewer of a preview that was closed: one that is still loading would take the focus from a field when it is ready.
	function closePreview(fold) {
		const viewer = fold.querySelector("iframe[src]"), empty = viewer?.cloneNode();
		if (!viewer) return;
		empty.removeAttribute("src");
		empty.dataset.src = viewer.dataset.from;
		viewer.replaceWith(empty);
	}
	document.addEventListener("toggle", (e) => {
		const fold = e.target.closest("details.preview");
		if (fold?.open) loadPreview(fold); else if (fold) closePreview(fold);
	}, true);

	// loadFilterFields fetches the fields of the filter when they are opened.
	async function loadFilterFields(fold) {
		const button = fold?.open && fold.querySelector("[data-fields]");
		if (!button) return;
		try {
			const fields = (await parsePage(await fetchPage(filterURL(button.form, button)))).querySelector(".conditions .fields");
			if (!fields) throw new TypeError();
			button.parentElement.replaceWith(document.adoptNode(fields));
			resizeFrame();
		} catch (e) {
			fold.open = false;
			showError(errorText(e, "Поля фильтра не загрузились, повторите через минуту."));
		}
	}
	document.addEventListener("toggle", (e) => loadFilterFields(e.target.closest("details.conditions")), true);

	window.addEventListener("popstate", () => navigate(location.href, false));

	async function resumeVisit() {
		const place = document.querySelector("[data-return]"), button = place?.querySelector("button");
		const path = place?.dataset.return || location.pathname;
		button?.setAttribute("aria-busy", "true");
		try {
			await startVisit(path);
			await navigate(path === location.pathname ? path + location.search : path);
		} catch (e) {
			if (place) place.querySelector("p").textContent = errorText(e, "Повторите через минуту.");
			resizeFrame();
		} finally {
			button?.removeAttribute("aria-busy");
		}
	}

	// scheduleRefresh polls running work, more often while something waits; fields in use stay as they are (refreshLive).
	let timer = 0;
	function scheduleRefresh(wait) {
		clearTimeout(timer);
		if (!document.querySelector("[data-live]")) return;
		const busy = document.querySelector("[data-busy]");
		timer = setTimeout(async () => {
			const seen = shown;
			if (!document.hidden) {
				try {
					const answer = await fetchPage(location.href, { headers: { "X-Acts-Live": "1" } });
					const page = answer.ok && await parsePage(answer);
					if (page && seen === shown) refreshLive(page);
				} catch { /* tried again at the next poll */ }
			}
			if (seen === shown) scheduleRefresh();
		}, wait || (busy ? 2000 : 15000));
	}

	function refreshLive(page) {
		const form = document.querySelector("form[data-touched]");
		if (form) calculate(form);
		for (const old of document.querySelectorAll("[data-live][id]")) {
			if (form?.contains(old)) continue;
			const fresh = page.getElementById(old.getAttribute("id"));
			if (!fresh || old.innerHTML === fresh.innerHTML || old.contains(document.activeElement) || old.contains(popup?.opener) || old.querySelector("details[open], input[readonly], td input:checked")
				|| [...old.querySelectorAll("input")].some((i) => i.files?.length || i.checked !== i.defaultChecked)) continue;
			old.replaceWith(document.adoptNode(fresh));
		}
		document.querySelector("[data-busy]")?.toggleAttribute("data-busy", !!page.querySelector("[data-busy]"));
		const place = document.querySelector("[data-testid]");
		if (page.querySelector("[data-busy]")) place?.setAttribute("data-busy", "");
		finishInstall();
		resizeFrame();
	}

	// finishInstall ends the installation: the portal reloads and opens the app. A finished installation is left alone.
	let finished = false;
	async function finishInstall() {
		if (finished || !frame || !document.querySelector("[data-install-finish]")) return;
		finished = true;
		const auth = await callPortal("getInitData", null, 5000).catch(() => null);
		if (auth?.INSTALL) callPortal("setInstallFinish", {}).catch(() => {});
	}

	// The operator is derived from the participant id.
	document.addEventListener("input", (e) => {
		if (e.target.name !== "participant") return;
		const operator = e.target.form?.elements.operator;
		const prefix = e.target.value.trim().slice(0, 3).toUpperCase();
		if (operator && [...operator.options].some((o) => o.value === prefix)) operator.value = prefix;
	});

	// Another choice submits the form immediately, without its button.
	document.addEventListener("change", async (e) => {
		const button = e.target.dataset.changes && e.target.form.elements[e.target.dataset.changes];
		if (!button) return;
		await submit(e.target.form, button);
		document.querySelector(`[data-changes="${button.name}"]`)?.focus();
	});

	function initPage() {
		height = 0;
		if (document.querySelector("[data-reenter]")) return void resumeVisit();
		finishInstall();
		loadPreview(document.querySelector("details.preview[open]"));
		for (const picker of document.querySelectorAll("[data-action=pick]")) picker.hidden = !frame;
		arrangeLines();
		for (const choice of document.querySelectorAll("[data-changes]")) choice.form.elements[choice.dataset.changes].hidden = true;
		document.dispatchEvent(new Event("acts:shown"));
		resizeFrame();
		scheduleRefresh();
	}
	document.documentElement.classList.add("scripted");
	document.addEventListener("acts:resize", resizeFrame);
	document.addEventListener("acts:picture", (e) => loadPicture(e.detail, e.detail.dataset.source));
	new ResizeObserver(resizeFrame).observe(document.documentElement);
	initPage();
})();
