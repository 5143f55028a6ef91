// Inlined into every page before the stylesheet, so that the right colours are there from the first
// paint. Works without any framework: pages only need a button with the data-theme-toggle attribute.
(() => {
	const root = document.documentElement;
	const system = matchMedia('(prefers-color-scheme: dark)');
	const bars = [...document.querySelectorAll('meta[name="theme-color"]')];
	const colours = bars.map((bar) => bar.content);
	let choice = 'auto';
	try {
		choice = localStorage.getItem('theme') ?? 'auto';
	} catch {
		// Storage is blocked: follow the system.
	}

	const isDark = () => (choice === 'auto' ? system.matches : choice === 'dark');

	function apply() {
		const dark = isDark();
		root.dataset.theme = dark ? 'longhouse-dark' : 'longhouse-light';
		root.style.colorScheme = dark ? 'dark' : 'light';
		for (const bar of bars) bar.content = colours[dark ? 1 : 0];
		document.dispatchEvent(new CustomEvent('themechange', { detail: choice }));
	}

	function change(next) {
		choice = next;
		try {
			if (next === 'auto') localStorage.removeItem('theme');
			else localStorage.setItem('theme', next);
		} catch {
			// The choice then lasts for this page only.
		}
		const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
		if (document.startViewTransition && !still) document.startViewTransition(apply);
		else apply();
	}

	apply();
	system.addEventListener('change', apply);
	document.addEventListener('click', (event) => {
		if (!event.target.closest?.('[data-theme-toggle]')) return;
		const dark = !isDark();
		// Back at what the system asks for means: follow the system again.
		change(dark === system.matches ? 'auto' : dark ? 'dark' : 'light');
	});
	// One page fades into the next. Asked for here: browsers complain of pages that are left before a
	// stylesheet has asked. They complain as well where one goes on to what takes no part: Django's
	// own pages and files.
	const transitions = new CSSStyleSheet();
	transitions.replaceSync('@view-transition { navigation: auto; }');
	document.adoptedStyleSheets.push(transitions);
	for (const event of ['pageswap', 'pagereveal']) {
		window.addEventListener(event, ({ viewTransition, activation }) => {
			if (!viewTransition) return;
			viewTransition.ready.catch(() => {}); // that there is none is no error
			const { pathname } = new URL(activation?.entry.url ?? location.href);
			if (/^\/(admin|api|media|static)\//.test(pathname)) viewTransition.skipTransition();
		});
	}
	window.longhouseTheme = {
		get choice() {
			return choice;
		},
		change
	};
})();
