// What lists add to acts.js: the order of columns and the whole text of shortened names.
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

	document.addEventListener("click", (e) => {
		const button = e.target.closest("[data-move]");
		if (!button) return;
		e.preventDefault();
		moveColumn(button);
	});
})();
