/**
 * What happens on the server, as events of the document, while the page can be seen.
 *
 * An element names topics and types: data-live="blog" data-live-on="article.added". On each such event
 * it gets a `live`, for hx-trigger="live"; and when something may have been missed.
 */

const FIRST_RETRY = 2000; // ms; later ones wait twice as long each
const LAST_RETRY = 60_000;

const words = (text: string | undefined) => (text ?? '').split(' ').filter(Boolean);
const listeners = () => [...document.querySelectorAll<HTMLElement>('[data-live]')];

let source: EventSource | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let retry = FIRST_RETRY;

function tell(type?: string) {
	for (const element of listeners()) {
		if (!type || words(element.dataset.liveOn).includes(type)) {
			element.dispatchEvent(new CustomEvent('live'));
		}
	}
}

function connect() {
	clearTimeout(timer);
	source?.close();
	const topics = new Set(listeners().flatMap((element) => words(element.dataset.live)));
	const types = new Set(listeners().flatMap((element) => words(element.dataset.liveOn)));
	if (!topics.size) return;
	const opened = new EventSource(
		`/events/?${new URLSearchParams([...topics].map((topic) => ['topic', topic]))}`
	);
	source = opened;
	for (const type of types) opened.addEventListener(type, () => tell(type));
	// The page was made before this: what happened in between is only there.
	opened.addEventListener('ready', () => {
		retry = FIRST_RETRY;
		tell();
	});
	opened.addEventListener('reset', () => tell());
	opened.addEventListener('closed', () => opened.close()); // no right to it any more
	opened.addEventListener('error', () => {
		// The browser comes back by itself, unless the server refused.
		if (opened.readyState !== EventSource.CLOSED) return;
		timer = setTimeout(connect, retry * (1 + Math.random()));
		retry = Math.min(LAST_RETRY, retry * 2);
	});
}

// A page that nobody sees lets go of its stream: without HTTP/2 a browser has six for all tabs.
function look() {
	if (document.hidden) {
		clearTimeout(timer);
		source?.close();
	} else {
		connect();
	}
}

document.addEventListener('visibilitychange', look);
look();
