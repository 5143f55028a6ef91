import { vi } from 'vitest';

type Listener = (event: { data: string; lastEventId: string }) => void;

/** For tests: the browser's EventSource, in their hands. */
export class FakeSource {
	static CLOSED = 2;
	static opened: FakeSource[] = [];
	readyState = 1;
	listeners = new Map<string, Listener>();

	constructor(readonly url: string) {
		FakeSource.opened.push(this);
	}

	addEventListener(type: string, listener: Listener) {
		this.listeners.set(type, listener);
	}

	close() {
		this.readyState = FakeSource.CLOSED;
	}

	say(type: string, data: unknown = {}, lastEventId = '') {
		this.listeners.get(type)?.({ data: JSON.stringify(data), lastEventId });
	}

	/** As when the server answers with anything but a stream. */
	refuse() {
		this.close();
		this.listeners.get('error')?.({ data: '', lastEventId: '' });
	}

	/** The one that was opened last. */
	static get last(): FakeSource {
		return FakeSource.opened[FakeSource.opened.length - 1] as FakeSource;
	}
}

/** Put it, and a clock that tests turn, in the place of the browser's; gives the page that is seen. */
export function fakeBrowser(): EventTarget & { hidden: boolean } {
	vi.useFakeTimers();
	vi.stubGlobal('EventSource', FakeSource);
	const page = Object.assign(new EventTarget(), { hidden: false });
	vi.stubGlobal('document', page);
	FakeSource.opened = [];
	return page;
}
