import { SvelteMap } from 'svelte/reactivity';
import * as Y from 'yjs';
import type { Present } from '#lib/live/follow.ts';
import { decode, encode } from './base64.ts';
import { connect, type Line, type Said } from './cable.ts';

export type Person = Present<{ name: string }>;
/** Where somebody's caret is: a position of Yjs, which moves with the text. */
type Caret = { user: string; at: unknown };

const MAX_UPDATE = 32 * 1024; // bytes; DOCUMENTS_MAX_UPDATE
const SEND_EVERY = 200; // ms
const TELL_EVERY = 1000; // ms
const TRY_AGAIN = 1500; // ms

/**
 * A text that several people write, kept in step with the server whenever there is a connection.
 *
 * What is written meanwhile waits here: `pending` until the server has said that it is stored.
 */
export class SharedDocument {
	readonly doc = new Y.Doc();
	readonly shared = this.doc.getText('text');

	text = $state('');
	/** The text has been here once: it can be shown, and written. */
	ready = $state(false);
	connected = $state(false);
	writable = $state(false);
	pending = $state(false);
	/** Why nothing is stored any more. */
	problem = $state('');
	people = $state.raw<Person[]>([]);
	readonly carets = new SvelteMap<string, Caret>();

	#line: Line;
	#client = '';
	#waiting: Uint8Array[] = [];
	#sent: { id: number; updates: Uint8Array[] } | undefined;
	#count = 0;
	#held: Uint8Array[] | undefined;
	#closing = false;
	#sending: ReturnType<typeof setTimeout> | undefined;
	#telling: ReturnType<typeof setTimeout> | undefined;
	#caret: unknown = null;

	constructor(name: string, open = connect) {
		this.shared.observe(() => {
			this.text = this.shared.toString();
		});
		this.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin === this) return;
			this.#waiting.push(update);
			this.pending = true;
			this.#sendSoon();
		});
		this.#line = open(name, {
			connected: () => this.#sync(),
			disconnected: () => this.#isAway(),
			rejected: () => {
				this.#isAway();
				this.writable = false;
				this.problem = 'You may not read this any more.';
			},
			received: (said) => this.#hear(said)
		});
	}

	/** Let others see where the caret is; null: nowhere. */
	tellCaret(index: number | null) {
		this.#caret =
			index === null
				? null
				: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.shared, index));
		this.#telling ??= setTimeout(() => {
			this.#telling = undefined;
			if (this.connected) this.#line.perform('aware', { state: this.#caret });
		}, TELL_EVERY);
	}

	/** The number of the line, from 1 on, in which a caret is. */
	lineOf({ at }: Caret): number {
		const position = Y.createAbsolutePositionFromRelativePosition(
			Y.createRelativePositionFromJSON(at),
			this.doc
		);
		return this.text.slice(0, position?.index ?? 0).split('\n').length;
	}

	/** While something is being composed, what others write is kept back. */
	hold(composing: boolean) {
		if (composing) {
			this.#held ??= [];
			return;
		}
		const held = this.#held ?? [];
		this.#held = undefined;
		for (const update of held) Y.applyUpdate(this.doc, update, this);
	}

	/** Leave, once what can be stored is. */
	close() {
		this.#closing = true;
		clearTimeout(this.#telling);
		this.#leaveIfDone();
	}

	#hear(said: Said) {
		if (said.type === 'document.sync') this.#meet(said.data);
		else if (said.type === 'document.update') this.#take(decode(said.data.update));
		else if (said.type === 'document.saved') this.#isSaved(said.data.id);
		else if (said.type === 'document.refused') this.#isRefused(said.data);
		else if (said.type === 'document.aware') this.#see(said.data);
		else if (said.type === 'presence.here') this.people = said.data;
		else if (said.type === 'presence.joined') {
			this.people = [...this.people.filter(({ user }) => user !== said.data.user), said.data];
			if (this.#caret) this.#line.perform('aware', { state: this.#caret });
		} else if (said.type === 'presence.left') {
			this.people = this.people.filter(({ user }) => user !== said.data.user);
			for (const [client, { user }] of this.carets) {
				if (user === said.data.user) this.carets.delete(client);
			}
		} else if (said.type === 'reset') this.#sync();
	}

	/** Step 1: what is here already. */
	#sync() {
		this.#line.perform('sync', { state: encode(Y.encodeStateVector(this.doc)) });
	}

	/** Step 2, and the server's step 1: what it has not got. */
	#meet(server: { update: string; state: string; writable: boolean; client: string }) {
		this.#take(decode(server.update));
		this.#client = server.client;
		this.writable = server.writable;
		this.connected = this.ready = true;
		this.#takeBack();
		const lacking = Y.encodeStateAsUpdate(this.doc, decode(server.state));
		const hasMore = this.#waiting.length || lacking[0];
		if (hasMore && lacking.length <= MAX_UPDATE) this.#waiting = [lacking];
		this.pending = this.#waiting.length > 0;
		this.#send();
	}

	#take(update: Uint8Array) {
		if (this.#held) this.#held.push(update);
		else Y.applyUpdate(this.doc, update, this);
	}

	#sendSoon() {
		this.#sending ??= setTimeout(() => this.#send(), SEND_EVERY);
	}

	/** One message at a time, with all that fits. */
	#send() {
		clearTimeout(this.#sending);
		this.#sending = undefined;
		if (this.#sent || !this.connected || !this.writable || this.problem) return;
		const updates: Uint8Array[] = [];
		let size = 0;
		for (const update of this.#waiting) {
			size += update.length;
			if (updates.length && size > MAX_UPDATE) break;
			updates.push(update);
		}
		if (!updates.length) return this.#leaveIfDone();
		this.#waiting.splice(0, updates.length);
		this.#sent = { id: ++this.#count, updates };
		const update = encode(Y.mergeUpdates(updates));
		this.#line.perform('update', { id: this.#sent.id, update });
	}

	#isSaved(id: number) {
		if (id !== this.#sent?.id) return;
		this.#sent = undefined;
		this.pending = this.#waiting.length > 0;
		if (this.pending) this.#sendSoon();
		this.#leaveIfDone();
	}

	#isRefused({ reason, detail }: { reason: string; detail: string }) {
		this.#takeBack();
		if (reason === 'too-fast' || reason === 'incomplete') {
			this.connected = false;
			setTimeout(() => this.#sync(), TRY_AGAIN);
		} else if (reason === 'read-only') this.writable = false;
		else this.problem = detail;
	}

	/** What was not said to be stored is sent again: the server takes it once. */
	#takeBack() {
		this.#waiting.unshift(...(this.#sent?.updates ?? []));
		this.#sent = undefined;
	}

	#isAway() {
		this.connected = false;
		this.people = [];
		this.carets.clear();
	}

	#see({ client, user, state }: { client: string; user: string; state: unknown }) {
		if (client === this.#client) return;
		if (state === null) this.carets.delete(client);
		else this.carets.set(client, { user, at: state });
	}

	#leaveIfDone() {
		if (!this.#closing || (this.pending && this.connected && this.writable && !this.problem))
			return;
		clearTimeout(this.#sending);
		this.connected = false;
		this.#line.close();
		this.doc.destroy();
	}
}
