// Fields of our own instead of those of the browser, whose texts are in the language of the browser: dates with a mask and a calendar,
// and files with a drop zone. Without this script they are a plain text field and the file field of the browser.
"use strict";
(() => {
	const months = "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь".split(" ");
	const ofMonth = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(" ");
	const weekdays = [["пн", "понедельник"], ["вт", "вторник"], ["ср", "среда"], ["чт", "четверг"], ["пт", "пятница"], ["сб", "суббота"], ["вс", "воскресенье"]];

	// Days are UTC midnights, so that no change of the clocks moves them.
	const day = (y, m, d) => new Date(Date.UTC(y, m, d));
	const two = (n) => String(n).padStart(2, "0");
	const shown = (t) => `${two(t.getUTCDate())}.${two(t.getUTCMonth() + 1)}.${t.getUTCFullYear()}`;
	const iso = (t) => t.toISOString().slice(0, 10);
	const weekday = (t) => (t.getUTCDay() + 6) % 7;
	function parse(text) {
		const russian = /^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})\s*$/.exec(text), other = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(text);
		const [y, m, d] = russian ? [russian[3], russian[2], russian[1]] : other ? other.slice(1) : [];
		if (!y) return null;
		const t = day(+y, m - 1, +d);
		return t.getUTCMonth() === m - 1 && t.getUTCDate() === +d && +y >= 1900 ? t : null;
	}
	const changed = (field) => {
		for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
	};

	// mask adds dots after the day and the month. A date written 2026-12-05 is replaced when it is complete.
	function mask(field) {
		let text = field.value.replace(/[,/]/g, ".").replace(/\.{2,}/g, ".");
		text = text.replace(/^(\d{1,2}\.\d{1,2})\.?-/, (all, typed) => typed.slice(-2) > 12 ? typed.replace(".", "") + "-" : typed + ".");
		text = text.replace(/^(\d{1,2})\.-/, "$1.");
		const digits = /^(\d\d)(\d\d)(\d{4})$/.exec(text);
		if (digits) text = digits.slice(1).join(".");
		else if (/^\d\d$/.test(text) || /^\d{1,2}\.(0[1-9]|1[0-2])$/.test(text)) text += ".";
		if (/^\d{4}-/.test(text) && parse(text)) text = shown(parse(text));
		if (text !== field.value) field.value = text;
	}
	document.addEventListener("input", (e) => {
		const field = e.target;
		if (!field.matches("[data-date]") || e.inputType?.startsWith("delete")) return;
		if (field.selectionStart === null || field.selectionStart === field.value.length) mask(field);
	}, true);
	document.addEventListener("focusin", (e) => {
		if (e.target.matches("[data-date]")) e.target.inputMode = "numeric"; // the mask types the dots
	});
	document.addEventListener("focusout", (e) => {
		const day = e.target.matches?.("[data-date]") && parse(e.target.value);
		if (day && e.target.value !== shown(day)) e.target.value = shown(day);
	});

	// open is the calendar that is shown, with its field: a dialog with a grid of days.
	let open = null;
	const element = (tag, attributes, ...children) => {
		const made = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
		made.append(...children);
		return made;
	};
	const nav = (step, label, sign) => element("button", { type: "button", "data-step": step, "aria-label": label }, sign);

	function show(button) {
		const place = button.closest(".date"), field = place.querySelector("[data-date]"), label = place.querySelector("label span").textContent;
		if (open) close(false);
		const max = parse(field.dataset.max || ""), now = new Date();
		const today = max || day(now.getFullYear(), now.getMonth(), now.getDate());
		const heading = element("strong", { "aria-live": "polite" }), body = element("tbody", {});
		const days = element("tr", {}, ...weekdays.map(([short, long]) => element("th", { scope: "col", abbr: long }, short)));
		const dialog = element("div", { role: "dialog", "aria-modal": "true", "aria-label": "Календарь: " + label, class: "month", "data-testid": "calendar" },
			element("div", { class: "bar" }, nav(-12, "Предыдущий год", "«"), nav(-1, "Предыдущий месяц", "‹"), heading, nav(1, "Следующий месяц", "›"), nav(12, "Следующий год", "»")),
			element("table", { role: "grid", "aria-label": label }, element("thead", {}, days), body),
			element("div", { class: "foot" }, element("button", { type: "button", "data-day": iso(today) }, "Сегодня"), element("button", { type: "button", "data-close": "" }, "Закрыть")));
		open = { place, field, button, dialog, heading, body, today, max, chosen: parse(field.value), at: parse(field.value) || today };
		place.append(dialog);
		button.setAttribute("aria-expanded", "true");
		draw();
		focusDay();
		if (dialog.getBoundingClientRect().right > document.documentElement.clientWidth - 8) dialog.classList.add("right");
		document.dispatchEvent(new Event("acts:resize"));
	}

	function close(back = true) {
		const { dialog, button } = open;
		open = null;
		dialog.remove();
		button.removeAttribute("aria-expanded");
		if (back) button.focus();
		document.dispatchEvent(new Event("acts:resize"));
	}

	function draw() {
		const { at, heading, body, chosen, today, max } = open;
		const y = at.getUTCFullYear(), m = at.getUTCMonth(), first = day(y, m, 1);
		heading.textContent = months[m] + " " + y;
		body.replaceChildren();
		for (let t = day(y, m, 1 - weekday(first)); t < day(y, m + 1, 1);) {
			const row = element("tr", {});
			for (let i = 0; i < 7; i++, t = day(t.getUTCFullYear(), t.getUTCMonth(), t.getUTCDate() + 1)) {
				if (t.getUTCMonth() !== m) {
					row.append(element("td", { "aria-hidden": "true" }));
					continue;
				}
				const off = max && t > max;
				row.append(element("td", { role: "gridcell", tabindex: +t === +at ? "0" : "-1", "data-day": iso(t), "aria-selected": String(+t === +chosen), "aria-disabled": off ? "true" : null,
					"aria-current": +t === +today ? "date" : null, class: i > 4 ? "off" : null, "aria-label": `${t.getUTCDate()} ${ofMonth[m]} ${y}, ${weekdays[i][1]}` }, String(t.getUTCDate())));
			}
			body.append(row);
		}
	}
	const focusDay = () => open.body.querySelector("[tabindex='0']").focus();

	// move goes to another day; in a month without it, to the last day of that month.
	function move(months, days) {
		const { at } = open, y = at.getUTCFullYear(), m = at.getUTCMonth() + months;
		const last = day(y, m + 1, 0).getUTCDate(), to = day(y, m, (months ? Math.min(at.getUTCDate(), last) : at.getUTCDate()) + days);
		if (to.getUTCFullYear() < 1900 || to.getUTCFullYear() > 9999) return;
		open.at = to;
		draw();
	}

	function choose(text) {
		const chosen = parse(text), { field, max } = open;
		if (max && chosen > max) return;
		field.value = shown(chosen);
		close();
		changed(field);
	}

	document.addEventListener("click", (e) => {
		const button = e.target.closest("[data-action=calendar]");
		if (button) {
			e.preventDefault();
			if (open?.button === button) return close();
			return show(button);
		}
		if (!open) return;
		if (!open.dialog.contains(e.target)) return close(false);
		const step = e.target.closest("[data-step]"), at = e.target.closest("[data-day]");
		if (step) move(+step.dataset.step, 0);
		else if (at) choose(at.dataset.day);
		else if (e.target.closest("[data-close]")) close();
	});

	document.addEventListener("keydown", (e) => {
		if (e.target.matches?.("[data-date]") && e.altKey && e.key === "ArrowDown") {
			e.preventDefault();
			return show(e.target.closest(".date").querySelector("[data-action=calendar]"));
		}
		if (!open?.dialog.contains(e.target)) return;
		if (e.key === "Escape") {
			e.preventDefault();
			e.stopPropagation();
			return close();
		}
		if (e.key === "Tab") {
			const stops = [...open.dialog.querySelectorAll("button, [tabindex='0']")], at = stops.indexOf(e.target);
			const next = stops[(at + (e.shiftKey ? -1 : 1) + stops.length) % stops.length];
			e.preventDefault();
			return next.focus();
		}
		if (!e.target.matches("td")) return;
		if (e.key === "Enter" || e.key === " ") {
			e.preventDefault();
			return choose(e.target.dataset.day);
		}
		const column = weekday(open.at);
		const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [0, -7], ArrowDown: [0, 7], Home: [0, -column], End: [0, 6 - column],
			PageUp: [e.shiftKey ? -12 : -1, 0], PageDown: [e.shiftKey ? 12 : 1, 0] }[e.key];
		if (!way) return;
		e.preventDefault();
		move(...way);
		focusDay();
	});

	// The names of the chosen files are shown in the field.
	document.addEventListener("change", (e) => {
		if (!e.target.matches(".file input")) return;
		const names = e.target.closest(".file").querySelector("[data-names]"), files = [...e.target.files];
		names.dataset.empty ??= names.textContent;
		names.textContent = files.length ? files.map((f) => f.name).join(", ") : names.dataset.empty;
		document.dispatchEvent(new Event("acts:resize"));
	});

	// The first files of an act are uploaded as they are chosen; the button does it at once.
	let uploading = 0;
	document.addEventListener("change", (e) => {
		const form = e.target.closest("form[data-upload]");
		if (!form || e.target.type !== "file") return;
		clearTimeout(uploading);
		if (e.target.files.length) uploading = setTimeout(() => form.isConnected && form.requestSubmit(form.querySelector("button")), 1500);
	});

	// drawThumbnails draws pictures small. A canvas, unlike an image, keeps its markup, by which the page is compared with a newer one.
	const drawn = new WeakSet();
	function drawThumbnails() {
		for (const place of document.querySelectorAll("canvas[data-thumbnail]")) {
			if (drawn.has(place)) continue;
			drawn.add(place);
			const picture = new Image();
			picture.dataset.source = place.dataset.thumbnail;
			picture.addEventListener("load", () => {
				const side = Math.min(picture.naturalWidth, picture.naturalHeight);
				place.getContext("2d").drawImage(picture, (picture.naturalWidth - side) / 2, (picture.naturalHeight - side) / 2, side, side, 0, 0, place.width, place.height);
			});
			document.dispatchEvent(new CustomEvent("acts:picture", { detail: picture }));
		}
	}
	new MutationObserver(drawThumbnails).observe(document.documentElement, { childList: true, subtree: true });
	drawThumbnails();

	// Files may be dropped on their field. A file dropped elsewhere must not replace the page.
	const carries = (e) => e.dataTransfer?.types.includes("Files");
	let over = null;
	function mark(field) {
		if (over === field) return;
		over?.classList.remove("over");
		over = field;
		over?.classList.add("over");
	}
	for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (e) => {
		if (!carries(e)) return;
		e.preventDefault();
		const place = e.target.closest?.(".file"), field = place?.querySelector("input");
		const fits = field && (field.multiple || e.dataTransfer.items.length < 2);
		e.dataTransfer.dropEffect = fits ? "copy" : "none";
		mark(kind === "dragover" && fits ? place : null);
		if (kind !== "drop" || !fits) return;
		field.files = e.dataTransfer.files;
		changed(field);
	});
	document.addEventListener("dragleave", (e) => { if (!e.relatedTarget) mark(null); });
})();
