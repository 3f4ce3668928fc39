// looks returns what is wrong with the page as it is displayed now, one problem a line: content that is wider than the window, texts and
// controls that overlap, texts that are cut, more than one filled button, and texts with a contrast below 4.5.
// A name or a note may be shortened with an ellipsis, because lists.js shows the whole of it; a label may not, except in rows of one line.
"use strict";
window.looks = () => {
	const problems = new Set();
	const visible = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
	const name = (e) => {
		const place = e.closest("[data-testid]")?.dataset.testid, text = (e.value || e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
		return `<${e.localName}${e.className && typeof e.className === "string" ? "." + e.className.trim().replace(/\s+/g, ".") : ""}> «${text}»${place ? " in " + place : ""}`;
	};
	// hidden from sight, but read aloud
	const clipped = new Map();
	const unseen = (e) => {
		if (!e || e === document.body) return false;
		if (!clipped.has(e)) clipped.set(e, getComputedStyle(e).clipPath === "inset(50%)" || unseen(e.parentElement));
		return clipped.get(e);
	};
	const scrolls = (e) => {
		for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
		return false;
	};

	// Every text with its place; the height is that of the letters, because lines stand closer than the boxes of their fonts.
	const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node = walker.nextNode(); node; node = walker.nextNode()) {
		const e = node.parentElement;
		if (!node.data.trim() || e.closest("script, style, option, datalist, noscript, title, desc") || !visible(e) || unseen(e)) continue;
		const range = document.createRange();
		range.selectNodeContents(node);
		for (const r of range.getClientRects()) {
			if (r.width < 1 || r.height < 1) continue;
			texts.push({ e, node, left: r.left, right: r.right, top: r.top + r.height * .27, bottom: r.bottom - r.height * .27 });
		}
	}
	const controls = [...document.querySelectorAll("a.button, button, input:not([type=hidden]), select, textarea, summary.secondary, summary.primary")]
		.filter((e) => visible(e) && !unseen(e)).map((e) => ({ e, r: e.getBoundingClientRect() })).filter(({ r }) => r.width > 0 && r.height > 0)
		.map(({ e, r }) => ({ e, node: e, left: r.left, right: r.right, top: r.top, bottom: r.bottom }));

	// Overflow: nothing is wider than the window, except within a box that scrolls.
	if (document.documentElement.scrollWidth > innerWidth) problems.add(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
	for (const t of [...texts, ...controls]) {
		if ((t.right > innerWidth + .5 || t.left < -.5) && !scrolls(t.e)) problems.add(`outside the window: ${name(t.e)}`);
	}

	// Cut: a box hides a part of its text.
	const hiding = new Map();
	const hides = (e) => {
		if (!hiding.has(e)) {
			const s = getComputedStyle(e);
			hiding.set(e, { cuts: /hidden|clip/.test(s.overflowX + s.overflowY), short: s.webkitLineClamp !== "none" || s.textOverflow === "ellipsis", r: e.getBoundingClientRect() });
		}
		return hiding.get(e);
	};
	for (const t of texts) {
		for (let e = t.e; e && e !== document.body; e = e.parentElement) {
			const box = hides(e);
			if (!box.cuts) continue;
			if (t.right > box.r.right + 1 || t.left < box.r.left - 1 || t.bottom > box.r.bottom + 1 || t.top < box.r.top - 1) {
				t.cut = true;
				if (!box.short || t.e.closest(".chip, .button, button") && !t.e.closest(".compact")) problems.add(`cut: ${name(t.e)}`);
			}
		}
	}
	for (const e of document.querySelectorAll("select, button, .button")) {
		if (visible(e) && e.localName !== "select" && e.scrollWidth > e.clientWidth + 1) problems.add(`cut: ${name(e)}`);
	}

	// Overlap: texts and controls do not stand on each other.
	const boxes = [...texts.filter((t) => !t.cut), ...controls].sort((a, b) => a.top - b.top);
	for (let i = 0; i < boxes.length; i++) {
		for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
			const a = boxes[i], b = boxes[j];
			if (a.node === b.node || a.e.contains(b.e) || b.e.contains(a.e) && (a.node === a.e || b.node === b.e)) continue;
			if (a.e.closest(".date") && a.e.closest(".date") === b.e.closest(".date")) continue; // the calendar's button stands in its field
			const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (wide > 1.5 && high > 1.5) problems.add(`overlap: ${name(a.e)} and ${name(b.e)}`);
		}
	}

	// One filled button.
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const known = new Map();
	const rgba = (color) => {
		if (!known.has(color)) {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = color;
			canvas.fillRect(0, 0, 1, 1);
			const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
			known.set(color, [r, g, b, a / 255]);
		}
		return known.get(color);
	};
	const probe = document.createElement("i");
	probe.style.color = "var(--primary)";
	document.body.append(probe);
	const primary = getComputedStyle(probe).color;
	probe.remove();
	const filled = [...document.querySelectorAll("button, .button, summary")].filter((e) => visible(e) && getComputedStyle(e).backgroundColor === primary);
	if (filled.length > 1) problems.add(`${filled.length} filled buttons: ${filled.map(name).join(", ")}`);

	// Contrast of texts with what is behind them.
	const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
	const grounds = new Map();
	const ground = (e) => {
		if (!e) return rgba(matchMedia("(prefers-color-scheme: dark)").matches && document.documentElement.style.colorScheme !== "light" ? "#121212" : "#fff");
		if (!grounds.has(e)) {
			const own = rgba(getComputedStyle(e).backgroundColor);
			grounds.set(e, own[3] === 1 ? own : over(own, ground(e.parentElement)));
		}
		return grounds.get(e);
	};
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
	const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
	const solid = (e) => { let o = 1; for (let up = e; up; up = up.parentElement) o *= +getComputedStyle(up).opacity; return o; };
	const weak = (e, style, what) => {
		if (e.closest(":disabled, [aria-busy=true]") || e.closest("label")?.querySelector(":disabled")) return;
		const behind = ground(e), ink = rgba(e instanceof SVGElement ? style.fill : style.color).slice();
		ink[3] *= solid(e);
		const c = contrast(over(ink, behind), behind);
		if (c < 4.5) problems.add(`contrast ${c.toFixed(2)} of ${what} ${name(e)}`);
	};
	for (const e of new Set(texts.map((t) => t.e))) weak(e, getComputedStyle(e), "the text of");
	for (const e of document.querySelectorAll("input[placeholder]:placeholder-shown, textarea[placeholder]:placeholder-shown")) {
		if (visible(e) && e.placeholder.trim()) weak(e, getComputedStyle(e, "::placeholder"), "the placeholder of");
	}
	return [...problems].join("\n");
};
