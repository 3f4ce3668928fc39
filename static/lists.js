// What lists add to acts.js: selecting rows, the order of columns, the whole text of shortened names, the way back from an act, and that to the
// actions.
"use strict";
(() => {
	// moveColumn moves a column in the choice of columns; the order of the fields is what the form sends.
	function moveColumn(button) {
		const row = button.closest("li"), up = button.dataset.move === "up";
		let other = row;
		do other = up ? other.previousElementSibling : other.nextElementSibling; while (other?.hidden);
		if (!other) return;
		other[up ? "before" : "after"](row);
		button.focus();
	}

	// A shortened name of a list shows its whole text.
	document.addEventListener("mouseover", (e) => {
		const name = e.target.closest(".rows td > :is(a, span, small)");
		if (name && (name.scrollHeight > name.clientHeight || name.offsetLeft + name.offsetWidth > name.parentElement.offsetLeft + name.parentElement.clientWidth)) name.title = name.textContent;
	});

	// keepList keeps the address of a list, so that an act opened from it leads back to it with its filter and order.
	let list = "";
	function keepList() {
		const back = document.querySelector("[data-back]");
		try {
			if (!back) sessionStorage.setItem("list", list = document.querySelector("table.rows") ? location.pathname + location.search : "");
			else list = sessionStorage.getItem("list") || list;
		} catch { /* a frame without storage: the list is kept until a page is loaded */ }
		if (!back || !list) return;
		back.href = list;
		back.hidden = false;
	}
	document.addEventListener("acts:shown", keepList);
	keepList();

	// Enter in a checkbox of a list leads to the actions with what is selected, which stand above the list; it never submits the form.
	document.addEventListener("keydown", (e) => {
		const form = e.key === "Enter" && e.target.matches("form.choice input[type=checkbox]") && e.target.form;
		if (!form) return;
		e.preventDefault();
		[...form.querySelectorAll("button[name=action]")].find((button) => button.offsetParent)?.focus();
	});

	// One checkbox checks all of its name on the page.
	document.addEventListener("change", (e) => {
		const name = e.target.dataset.all;
		if (name) for (const box of e.target.form.querySelectorAll(`input[name="${name}"]`)) box.checked = e.target.checked;
	});

	// "All acts of the page" stays selected only while every act of the page is checked.
	document.addEventListener("change", (e) => {
		const form = e.target.closest("form.choice"), page = form?.querySelector("[data-action=page]");
		if (!page) return;
		setTimeout(() => countSelected(form));
		const list = [...form.querySelectorAll("[name=act]")];
		page.value = list.map((act) => act.value).join(); // the list may have been reloaded
		if (e.target === page) for (const act of list) act.checked = page.checked;
		else if (e.target.name === "act" && !e.target.checked) page.checked = false;
	});

	function countSelected(form) {
		const all = form.elements.all?.checked, acts = form.querySelectorAll("[name=act]:checked").length;
		form.querySelector("[data-selected]").textContent = all ? "Выбраны все" : "Выбрано: " + acts;
	}

	document.addEventListener("click", (e) => {
		const button = e.target.closest("[data-move]");
		if (!button) return;
		e.preventDefault();
		moveColumn(button);
	});
})();
