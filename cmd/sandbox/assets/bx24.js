// The part of the BX24 library that apps use, for pages inside the portal's frames.
"use strict";
(() => {
	const [domain, protocol, sid] = window.name.split("|");
	if (!sid) {
		window.BX24 = null;
		throw new Error("Unable to initialize Bitrix24 JS library!");
	}
	const origin = (protocol === "0" ? "http://" : "https://") + domain.replace(/:(80|443)$/, "");
	const waiting = new Map();
	let auth = null, data = null, first = [], started = false;

	const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(32)), (n) => (n % 36).toString(36)).join("");

	function send(method, params, callback, keep) {
		const id = callback ? randomId() : "";
		if (callback) waiting.set(id, { callback, keep });
		parent.postMessage([method, params ? JSON.stringify(params) : "", id, sid].join(":"), origin);
	}

	window.addEventListener("message", (e) => {
		if (e.origin !== origin || typeof e.data !== "string") return;
		const at = e.data.indexOf(":"), id = e.data.slice(0, at), text = e.data.slice(at + 1);
		const entry = waiting.get(id);
		if (!entry) return;
		if (!entry.keep) waiting.delete(id);
		entry.callback(text ? JSON.parse(text) : undefined);
	});

	function keepAuth(d) {
		auth = {
			access_token: d.AUTH_ID, refresh_token: d.REFRESH_ID, expires_in: Date.now() + Number(d.AUTH_EXPIRES) * 1000,
			domain, member_id: data.MEMBER_ID,
		};
	}

	// form encodes nested values in PHP's bracket notation.
	function form(out, name, value) {
		if (value instanceof Date) out.append(name, value.toISOString());
		else if (Array.isArray(value) && value.length === 0) out.append(name, "");
		else if (value && typeof value === "object") for (const [k, v] of Object.entries(value)) form(out, name + "[" + k + "]", v);
		else out.append(name, value ?? "");
	}

	async function rest(method, params, again = true) {
		const body = new URLSearchParams({ auth: auth.access_token });
		for (const [name, value] of Object.entries(params || {})) form(body, name, value);
		const answer = await (await fetch(origin + data.PATH + "/" + method + ".json", { method: "POST", body })).json();
		if (answer.error === "expired_token" && again) {
			await new Promise((done) => BX24.refreshAuth(done));
			return rest(method, params, false);
		}
		return answer;
	}

	function result(answer, method, params, callback) {
		return {
			answer, query: { method, data: params }, status: answer.error ? 0 : 200,
			data: () => answer.result, total: () => Number(answer.total), more: () => answer.next !== undefined,
			error: () => answer.error === undefined ? undefined : { ex: answer, toString: () => answer.error + ": " + answer.error_description },
			next: () => answer.next !== undefined && BX24.callMethod(method, { ...params, start: answer.next }, callback),
		};
	}

	window.BX24 = {
		init(callback) {
			if (started) return void callback();
			first.push(callback);
			if (first.length > 1) return;
			send("getInitData", null, (d) => {
				data = d;
				keepAuth(d);
				started = true;
				for (const f of first) f();
				first = [];
			});
		},
		install(callback) { BX24.init(() => { if (data.FIRST_RUN) callback(); }); },
		installFinish() { if (data && data.INSTALL === false) return; send("setInstallFinish", {}); },
		getAuth: () => auth && auth.expires_in > Date.now() ? { ...auth } : false,
		refreshAuth(callback) { send("refreshAuth", {}, (d) => { keepAuth(d); callback?.({ ...auth }); }); },
		getDomain: () => domain,
		getLang: () => data?.LANG,
		isAdmin: () => Boolean(data?.IS_ADMIN),
		fitWindow(callback) { BX24.resizeWindow("100%", document.documentElement.scrollHeight, callback); },
		resizeWindow(width, height, callback) { if (height > 0) send("resizeWindow", { width, height }, callback || (() => {})); },
		setTitle(title, callback) { send("setTitle", { title }, callback); },
		scrollParentWindow(scroll, callback) { send("setScroll", { scroll }, callback); },
		reloadWindow(callback) { send("reloadWindow", null, callback); },
		openPath(path, callback) { send("openPath", { path }, callback || (() => {})); },
		openApplication(params, callback, settings) {
			const named = Object.entries(settings || {}).map(([name, value]) => ["bx24_" + name, value]);
			send("openApplication", { ...params, ...Object.fromEntries(named) }, callback || (() => {}));
		},
		closeApplication(callback) { send("closeApplication", null, callback); },
		selectUser(callback, title) { send("selectUser", { title: typeof title === "string" ? title : "", mult: false }, callback); },
		selectUsers(callback, title) { send("selectUser", { title: typeof title === "string" ? title : "", mult: true }, callback); },
		selectAccess(value, callback) { send("selectAccess", { value }, callback || value); },
		placement: {
			info: () => ({ placement: data.PLACEMENT, options: data.PLACEMENT_OPTIONS }),
			getInterface(callback) { send("getInterface", null, callback); },
			call(command, params, callback) { send(command, params, callback || (() => {})); },
			bindEvent(event, callback) { send("placementBindEvent", { event }, callback, true); },
		},
		callMethod(method, params, callback) { rest(method, params).then((a) => callback?.(result(a, method, params, callback))); },
	};
})();
