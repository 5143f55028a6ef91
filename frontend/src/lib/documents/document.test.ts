import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { decode, encode } from './base64.ts';
import type { Listener, Said } from './cable.ts';
import { SharedDocument } from './document.svelte.ts';

/** The other end of the line: keeps the document as the server does, answers when it is let to. */
class Server {
	doc = new Y.Doc();
	listeners = new Set<Listener>();
	sent: { action: string; data: Record<string, unknown> }[] = [];
	refusal: { reason: string; detail: string } | undefined;
	closed = 0;
	writable = true;

	open = (_name: string, listener: Listener) => {
		this.listeners.add(listener);
		return {
			perform: (action: string, data: object) => this.#answer(listener, action, { ...data }),
			close: () => {
				this.closed += 1;
				this.listeners.delete(listener);
			}
		};
	};

	get text() {
		return this.doc.getText('text').toString();
	}

	get updates() {
		return this.sent.filter(({ action }) => action === 'update');
	}

	tell(said: Said) {
		for (const listener of this.listeners) listener.received(said);
	}

	connect() {
		for (const listener of this.listeners) listener.connected();
	}

	cut() {
		for (const listener of this.listeners) listener.disconnected();
	}

	#answer(listener: Listener, action: string, data: Record<string, unknown>) {
		this.sent.push({ action, data });
		if (action === 'sync') {
			listener.received({
				type: 'document.sync',
				data: {
					update: encode(Y.encodeStateAsUpdate(this.doc, decode(String(data.state)))),
					state: encode(Y.encodeStateVector(this.doc)),
					writable: this.writable,
					client: 'me'
				}
			});
		} else if (action === 'update' && this.refusal) {
			const id = Number(data.id);
			listener.received({ type: 'document.refused', data: { id, ...this.refusal } });
		} else if (action === 'update') {
			const update = String(data.update);
			Y.applyUpdate(this.doc, decode(update));
			this.tell({ type: 'document.update', data: { update } });
			if (this.answers) {
				listener.received({ type: 'document.saved', data: { id: Number(data.id) } });
			}
		}
	}

	answers = true;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const later = () => vi.advanceTimersByTimeAsync(5000);

it('sends what is typed in one message, and says when it is stored', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	expect(note.ready).toBe(false);
	server.connect();
	expect([note.ready, note.connected, note.pending]).toEqual([true, true, false]);
	for (const letter of 'abc') note.shared.insert(note.shared.length, letter);
	expect(note.pending).toBe(true);
	await later();
	expect([server.text, note.text, note.pending]).toEqual(['abc', 'abc', false]);
	expect(server.updates).toHaveLength(1);
});

it('merges what both sides wrote while the line was cut', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'middle');
	await later();
	server.cut();
	note.shared.insert(6, ' end');
	server.doc.getText('text').insert(0, 'start ');
	await later();
	expect([note.text, note.pending, note.connected]).toEqual(['middle end', true, false]);
	server.connect();
	await later();
	expect(server.text).toBe('start middle end');
	expect([note.text, note.pending]).toEqual([server.text, false]);
});

it('sends again what was not said to be stored', async () => {
	const server = new Server();
	server.answers = false;
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'once');
	await later();
	note.shared.insert(4, '!');
	await later();
	expect([server.updates.length, note.pending]).toEqual([1, true]);
	server.cut();
	server.answers = true;
	server.connect();
	await later();
	expect([server.text, note.pending]).toEqual(['once!', false]);
});

it('gives the server back what it has lost', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'kept');
	await later();
	server.doc = new Y.Doc();
	server.cut();
	server.connect();
	expect(server.text).toBe('kept');
});

it('splits what is too large for one message', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	for (let part = 0; part < 5; part += 1) note.shared.insert(0, `${part}`.repeat(10_000));
	server.connect();
	await later();
	expect(server.text).toBe(note.text);
	expect(server.updates.length).toBeGreaterThan(1);
	for (const { data } of server.updates) {
		expect(decode(String(data.update)).length).toBeLessThanOrEqual(32 * 1024);
	}
});

it('waits and tries again when it was too fast', async () => {
	const server = new Server();
	server.refusal = { reason: 'too-fast', detail: 'Wait.' };
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'slow');
	await vi.advanceTimersByTimeAsync(500);
	expect([note.pending, note.connected]).toEqual([true, false]);
	server.refusal = undefined;
	await later();
	expect([server.text, note.pending, note.problem]).toEqual(['slow', false, '']);
});

it('stops at what is refused for good, and says why', async () => {
	const server = new Server();
	server.refusal = { reason: 'document-too-large', detail: 'This is too long.' };
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'long');
	await later();
	expect([server.updates.length, note.pending, note.problem]).toEqual([
		1,
		true,
		'This is too long.'
	]);
});

it('knows who is here and where their carets are, until they go', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'one\ntwo');
	const ada = { user: '7', meta: { name: 'Ada' } };
	server.tell({ type: 'presence.joined', data: ada });
	const at = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(note.shared, 5));
	server.tell({ type: 'document.aware', data: { client: 'other', user: '7', state: at } });
	server.tell({ type: 'document.aware', data: { client: 'me', user: '1', state: at } });
	expect(note.people).toEqual([ada]);
	expect([...note.carets.values()].map((caret) => note.lineOf(caret))).toEqual([2]);
	note.shared.insert(0, 'zero\n');
	expect([...note.carets.values()].map((caret) => note.lineOf(caret))).toEqual([3]);
	server.tell({ type: 'presence.left', data: { user: '7' } });
	expect([note.people, note.carets.size]).toEqual([[], 0]);
});

it('keeps back what others write while something is composed', () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.hold(true);
	const other = new Y.Doc();
	other.getText('text').insert(0, 'theirs');
	const update = encode(Y.encodeStateAsUpdate(other));
	server.tell({ type: 'document.update', data: { update } });
	expect(note.text).toBe('');
	note.hold(false);
	expect(note.text).toBe('theirs');
});

it('leaves only when what was written is stored', async () => {
	const server = new Server();
	const note = new SharedDocument('note:1', server.open);
	server.connect();
	note.shared.insert(0, 'last words');
	note.close();
	expect(server.closed).toBe(0);
	await later();
	expect([server.text, server.closed]).toEqual(['last words', 1]);
	const reader = new SharedDocument('note:1', server.open);
	reader.close();
	expect(server.closed).toBe(2);
});
