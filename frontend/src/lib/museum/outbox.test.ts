import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { client } from '#lib/api/generated/client.gen.ts';
import { Outbox } from './outbox.svelte.ts';

const receipt = { id: '1', machine_name: 'Ace High', machine_slug: 'ace-high' };
const report = { asset_number: 'M-1', category: 'ball' as const, description: 'Stuck' };

let sent: unknown[];
let answers: (() => Response)[];
const items = new Map<string, string>();
const store = {
	getItem: (key: string) => items.get(key) ?? null,
	setItem: (key: string, value: string) => void items.set(key, value),
	removeItem: (key: string) => void items.delete(key)
};

const offline = () => {
	throw new TypeError('Failed to fetch');
};
const created = () => Response.json(receipt, { status: 201 });
const refused = () =>
	Response.json(
		{ type: '/problems/invalid', title: 'Check', status: 422, detail: '', errors: [] },
		{ status: 422 }
	);

beforeEach(() => {
	vi.useFakeTimers({ now: new Date('2026-11-20T10:00:00Z') });
	vi.stubGlobal('document', { cookie: 'csrftoken=t' });
	items.clear();
	sent = [];
	answers = [];
	client.setConfig({
		baseUrl: 'http://localhost',
		fetch: async (input) => {
			sent.push(await (input as Request).json());
			return (answers.shift() ?? offline)();
		}
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	client.setConfig({ fetch: undefined });
});

it('sends a report and forgets it', async () => {
	answers = [created];
	const outbox = new Outbox('M-1', store);
	await outbox.send(report);
	expect(outbox.state).toBe('sent');
	expect(outbox.receipt?.machine_slug).toBe('ace-high');
	expect(outbox.pending).toBeUndefined();
});

it('waits without a connection and tries again by itself, with the time of the first try', async () => {
	answers = [offline, created];
	const outbox = new Outbox('M-1', store);
	await outbox.send(report);
	expect(outbox.state).toBe('waiting');
	await vi.advanceTimersByTimeAsync(3000);
	expect(outbox.state).toBe('sent');
	expect(sent).toMatchObject([
		{ occurred_at: '2026-11-20T10:00:00.000Z' },
		{ occurred_at: '2026-11-20T10:00:00.000Z' }
	]);
});

it('survives a closed tab', async () => {
	answers = [offline, created];
	const before = new Outbox('M-1', store);
	await before.send(report);
	before.stop();
	const after = new Outbox('M-1', store);
	expect(after.pending?.description).toBe('Stuck');
	await after.resume();
	expect(after.state).toBe('sent');
});

it('does not send again what the server refused', async () => {
	answers = [refused, created];
	const outbox = new Outbox('M-1', store);
	await outbox.send(report);
	expect(outbox.state).toBe('refused');
	await vi.advanceTimersByTimeAsync(120_000);
	expect(sent).toHaveLength(1);
	expect(outbox.pending).toBeUndefined();
});

it('works where storage is blocked', async () => {
	answers = [offline, created];
	const blocked = {
		...store,
		setItem: () => {
			throw new DOMException('blocked', 'QuotaExceededError');
		}
	};
	const outbox = new Outbox('M-1', blocked);
	await outbox.send(report);
	await vi.advanceTimersByTimeAsync(3000);
	expect(outbox.state).toBe('sent');
});
