// The portal's own pages: polling for changes, drag and drop in the kanban, sliders.
"use strict";
const portal = (() => {
	const place = document.getElementById("toast");
	let hideToast = 0;
	function toast(text) {
		place.textContent = text;
		clearTimeout(hideToast);
		hideToast = setTimeout(() => { place.textContent = ""; }, 5000);
	}

	let dragged = null; // the card that is being dragged

	// renew replaces the parts of the page that may have changed, except those that the user is editing.
	async function renew() {
		const answer = await fetch(location.href, { headers: { "X-Portal-Live": "1" } });
		if (!answer.ok) return;
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		for (const old of document.querySelectorAll("[data-live]")) {
			const fresh = page.getElementById(old.getAttribute("id"));
			const busy = old.matches("[open]") || old.querySelector("details[open]") || old.contains(document.activeElement) && old.querySelector("input:focus, select:focus");
			if (fresh && !busy && old.innerHTML !== fresh.innerHTML) old.replaceWith(document.adoptNode(fresh));
		}
		document.body.dataset.version = page.body.dataset.version;
	}

	async function poll() {
		try {
			const { version } = await (await fetch("/_sandbox/version")).json();
			if (String(version) !== document.body.dataset.version && !document.hidden && !dragged) await renew();
		} catch { /* the portal is being restarted */ }
		setTimeout(poll, 1500);
	}
	setTimeout(poll, 1500);

	// slide shows a page of the portal in a slider over this one.
	function slide(path, closed, title) {
		const overlay = document.createElement("div");
		overlay.className = "slider";
		const close = document.createElement("button");
		close.type = "button";
		close.textContent = "✕";
		close.setAttribute("aria-label", "Закрыть");
		const frame = document.createElement("iframe");
		const url = new URL(path, location.href);
		url.searchParams.set("IFRAME", "Y");
		frame.src = url;
		frame.title = title || "Слайдер";
		frame.dataset.slider = "1";
		const end = () => { overlay.remove(); document.removeEventListener("keydown", byKey); closed?.(); };
		const byKey = (e) => { if (e.key === "Escape") end(); };
		close.addEventListener("click", end);
		document.addEventListener("keydown", byKey);
		overlay.append(frame, close);
		overlay.end = end;
		document.body.append(overlay);
		close.focus();
	}

	// closeSlider closes the slider that contains this window by a message to the page that opened it.
	function closeSlider() {
		if (window.parent !== window) window.parent.postMessage("portal:close", location.origin);
	}
	window.addEventListener("message", (e) => {
		if (e.origin === location.origin && e.data === "portal:close") [...document.querySelectorAll(".slider")].pop()?.end();
	});

	document.addEventListener("change", (e) => {
		if (e.target.matches("[data-submit]")) e.target.form.requestSubmit();
	});

	document.addEventListener("click", (e) => {
		const a = e.target.closest("a[data-slide]");
		if (!a) return;
		e.preventDefault();
		slide(a.getAttribute("href"));
	});

	// Links inside a slider keep its reduced layout.
	document.addEventListener("click", (e) => {
		const a = e.target.closest("a[href]");
		if (!a || !document.body.classList.contains("slim") || a.origin !== location.origin) return;
		const url = new URL(a.href);
		url.searchParams.set("IFRAME", "Y");
		a.href = url;
	});

	// Kanban: a card is dragged to another column.
	document.addEventListener("dragstart", (e) => {
		dragged = e.target.closest?.(".cardlet") || null;
		if (!dragged) return;
		dragged.classList.add("dragged");
		e.dataTransfer.effectAllowed = "move";
		e.dataTransfer.setData("text/plain", dragged.dataset.id);
	});
	document.addEventListener("dragend", () => {
		document.querySelectorAll(".dragged, .over").forEach((c) => c.classList.remove("dragged", "over"));
		dragged = null;
	});
	document.addEventListener("dragover", (e) => {
		const column = e.target.closest?.(".column");
		if (!dragged || !column) return;
		e.preventDefault();
		document.querySelectorAll(".over").forEach((c) => c.classList.toggle("over", c === column));
		column.classList.add("over");
	});
	document.addEventListener("drop", async (e) => {
		const column = e.target.closest?.(".column");
		document.querySelectorAll(".over").forEach((c) => c.classList.remove("over"));
		if (!dragged || !column) return;
		e.preventDefault();
		const card = dragged;
		dragged = null;
		const body = new URLSearchParams({ type: column.closest(".kanban").dataset.type, id: card.dataset.id, stage: column.dataset.stage });
		const answer = await fetch("/_portal/move", { method: "POST", body, headers: { Accept: "application/json" } });
		if (!answer.ok) toast((await answer.json()).error);
		await renew();
	});

	return { toast, renew, slide, closeSlider };
})();
