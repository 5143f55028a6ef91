/**
 * Events of topics from `/events/`: resumed after every interruption, nothing missed.
 *
 * A page that nobody sees lets go of its stream: browsers have six connections for all tabs of a
 * site, without HTTP/2.
 */

/** One person in a topic, as the server describes them. */
export type Present<Meta> = { user: string; meta: Meta };

type Envelope = { topic: string; data: unknown };
type Handlers<Events> = { [Type in keyof Events & string]?: (data: Events[Type]) => void };

export type Follow<Events, Meta = unknown> = {
	topics?: string[];
	/** Topics in which the person is present as long as this goes on. */
	present?: string[];
	on?: Handlers<Events>;
	/** What is shown may be out of date: at the start, and after a reset. */
	renew?: () => void;
	/** The stream broke off, and is asked for again (true); it is there (false). */
	down?: (isDown: boolean) => void;
	/** Who is in a topic, in the order in which they came; at every change. */
	people?: (topic: string, people: Present<Meta>[]) => void;
};

const FIRST_RETRY = 2000; // ms; later ones wait twice as long each
const LAST_RETRY = 60_000;

/** Listen, while the page can be seen, until the returned function is called. */
export function follow<Events, Meta = unknown>({
	topics = [],
	present = [],
	on = {},
	renew,
	down,
	people
}: Follow<Events, Meta>): () => void {
	const here = new Map<string, Present<Meta>[]>();
	let source: EventSource | undefined;
	let cursor = '';
	let retry = FIRST_RETRY;
	let timer: ReturnType<typeof setTimeout> | undefined;

	function connect() {
		clearTimeout(timer);
		const query = new URLSearchParams([
			...topics.map((topic) => ['topic', topic]),
			...present.map((topic) => ['present', topic])
		]);
		if (cursor) query.set('after', cursor);
		const opened = new EventSource(`/events/?${query}`);
		source = opened;
		listen('ready', () => {
			down?.(false);
			// The data on the page was read before this: what happened in between is only there.
			if (!cursor) renew?.();
			retry = FIRST_RETRY;
		});
		listen('reset', () => renew?.());
		listen('closed', end); // no right to it any more
		opened.addEventListener('error', () => {
			down?.(true);
			// The browser comes back by itself, unless the server refused.
			if (opened.readyState === EventSource.CLOSED) again();
		});
		for (const [type, handle] of Object.entries(on as Handlers<Record<string, unknown>>)) {
			listen(type, ({ data }) => handle?.(data));
		}
		listen('presence.here', ({ topic, data }) => show(topic, data as Present<Meta>[]));
		listen('presence.joined', ({ topic, data }) => {
			const person = data as Present<Meta>;
			show(topic, [...others(topic, person.user), person]);
		});
		listen('presence.left', ({ topic, data }) => {
			show(topic, others(topic, (data as { user: string }).user));
		});
	}

	function listen(type: string, handle: (event: Envelope) => void) {
		source?.addEventListener(type, (event: MessageEvent<string>) => {
			const envelope = JSON.parse(event.data);
			handle(envelope);
			cursor = event.lastEventId || cursor;
		});
	}

	const others = (topic: string, user: string) =>
		(here.get(topic) ?? []).filter((person) => person.user !== user);

	function show(topic: string, everybody: Present<Meta>[]) {
		here.set(topic, everybody);
		people?.(topic, everybody);
	}

	function again() {
		clearTimeout(timer);
		timer = setTimeout(connect, retry * (1 + Math.random()));
		retry = Math.min(LAST_RETRY, retry * 2);
	}

	function pause() {
		clearTimeout(timer);
		source?.close();
	}

	const look = () => (document.hidden ? pause() : connect());

	function end() {
		document.removeEventListener('visibilitychange', look);
		pause();
	}

	document.addEventListener('visibilitychange', look);
	look();
	return end;
}
