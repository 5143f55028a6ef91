const search = document.querySelector("#search");
const found = document.querySelector("#found");
const operations = [...document.querySelectorAll("details")];

function filter() {
	const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
	for (const operation of operations) {
		const text = operation.textContent.toLowerCase();
		operation.hidden = !words.every((word) => text.includes(word));
	}
	for (const section of document.querySelectorAll("section")) {
		section.hidden = !section.querySelector("details:not([hidden])");
	}
	const left = operations.filter((operation) => !operation.hidden).length;
	found.textContent = words.length ? `${left} of ${operations.length} operations` : "";
}

// A link to one operation opens it.
function open() {
	const target = document.getElementById(location.hash.slice(1));
	if (target instanceof HTMLDetailsElement) target.open = true;
}

search.addEventListener("input", filter);
window.addEventListener("hashchange", open);
open();
