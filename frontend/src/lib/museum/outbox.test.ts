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

const failed = () => Response.json({ title: 'Server error', status: 500 }, { status: 500 });
const keys = () => sent.map((body) => (body as { idempotency_key: string }).idempotency_key);

it('keeps a report on which the server failed', async () => {
	answers = [failed, created];
	const outbox = new Outbox('M-1', store);
	await outbox.send(report);
	expect(outbox.state).toBe('waiting');
	expect(outbox.pending?.description).toBe('Stuck');
	await vi.advanceTimersByTimeAsync(3000);
	expect(outbox.state).toBe('sent');
});

it('is known again by its key, however it is sent again', async () => {
	answers = [offline, offline, offline, created];
	const before = new Outbox('M-1', store);
	await before.send(report);
	await vi.advanceTimersByTimeAsync(3000);
	await before.send({ ...report });
	before.stop();
	await new Outbox('M-1', store).resume();
	expect(sent).toHaveLength(4);
	expect(new Set(keys()).size).toBe(1);
	expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/);
});

it('takes another text for another report', async () => {
	answers = [offline, created];
	const outbox = new Outbox('M-1', store);
	await outbox.send(report);
	await outbox.send({ ...report, description: 'Stuck behind the ramp' });
	expect(new Set(keys()).size).toBe(2);
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
