import { describe, expect, it } from 'vitest';
import { type ConnectOptions, connect, each, once, Problem, seen } from './index.ts';

const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init);
const problem = (status: number, rest: object = {}) =>
	json({ type: '/problems/any', title: 'No', status, detail: '', errors: [], ...rest }, { status });

/** A server that knows one pair of tokens at a time, and answers who is called by it. */
function server() {
	const seenTokens: (string | null)[] = [];
	let number = 0;
	const pair = () => ({ access: `access-${number}`, refresh: `refresh-${number}` });
	return {
		seenTokens,
		renewals: () => number,
		expire: () => {
			number += 0.5; // between two pairs: nobody has this one
		},
		async fetch(request: Request): Promise<Response> {
			const path = new URL(request.url).pathname;
			if (path === '/api/v1/token/') {
				const { password } = await request.json();
				return password === 'right' ? json(pair()) : problem(401);
			}
			if (path === '/api/v1/token/refresh/') {
				const { refresh } = await request.json();
				if (refresh !== `refresh-${Math.floor(number)}`) return problem(401);
				number = Math.floor(number) + 1;
				return json(pair());
			}
			if (path === '/api/v1/token/blacklist/') return json({});
			const header = request.headers.get('Authorization');
			seenTokens.push(header);
			if (header?.startsWith('Bearer lh_pat_')) return json({ by: header });
			if (header !== `Bearer access-${number}`) return problem(401);
			return json({ by: header, sent: request.method === 'POST' ? await request.json() : null });
		}
	};
}

const credentials = { email: 'kim@example.org', password: 'right' };
const kept: unknown[] = [];
const open = (fetch: ConnectOptions['fetch'], options: ConnectOptions = {}) =>
	connect('https://api.example.org', { fetch, keep: (tokens) => kept.push(tokens), ...options });
const call = (api: ReturnType<typeof open>, body?: unknown) =>
	body ? api.post({ url: '/api/v1/orders/', body }) : api.get({ url: '/api/v1/orders/' });

describe('connect', () => {
	it('sends a personal token, and nothing else, with every call', async () => {
		const { fetch, seenTokens } = server();
		await call(open(fetch, { token: 'lh_pat_1' }));
		expect(seenTokens).toEqual(['Bearer lh_pat_1']);
	});

	it('signs in, and goes on with what an earlier sign-in left', async () => {
		const { fetch } = server();
		const api = open(fetch);
		await api.signIn(credentials);
		const tokens = { access: 'access-0', refresh: 'refresh-0' };
		expect(kept.pop()).toEqual(tokens);
		await expect(call(api)).resolves.toMatchObject({ data: { by: 'Bearer access-0' } });
		await expect(call(open(fetch, { tokens }))).resolves.toMatchObject({ response: { ok: true } });
	});

	it('renews once for all calls of the same moment, and sends their bodies again', async () => {
		const house = server();
		const api = open(house.fetch);
		await api.signIn(credentials);
		house.expire();
		const answers = await Promise.all([1, 2, 3, 4].map((number) => call(api, { number })));
		expect(answers.map(({ data }) => data)).toEqual(
			[1, 2, 3, 4].map((number) => ({ by: 'Bearer access-1', sent: { number } }))
		);
		expect(house.renewals()).toBe(1);
		expect(kept.pop()).toEqual({ access: 'access-1', refresh: 'refresh-1' });
	});

	it('tells that a sign-in has ended, once', async () => {
		const { fetch } = server();
		const api = open(fetch, { tokens: { access: 'stolen', refresh: 'stolen' } });
		kept.length = 0;
		await expect(Promise.all([call(api), call(api)])).rejects.toMatchObject({ status: 401 });
		expect(kept).toEqual([undefined]);
	});

	it('forgets the tokens at signing out', async () => {
		const { fetch, seenTokens } = server();
		const api = open(fetch);
		await api.signIn(credentials);
		await api.signOut();
		expect(kept.pop()).toBeUndefined();
		await expect(call(api)).rejects.toBeInstanceOf(Problem);
		expect(seenTokens).toEqual([null]);
	});

	it.each([
		[async () => problem(422, { errors: [{ field: 'name', message: 'Too long.' }] }), 422],
		[async () => new Response('Bad gateway', { status: 502 }), 502],
		[() => Promise.reject(new TypeError('Failed to fetch')), 0]
	])('throws a problem, whatever failed', async (fetch, status) => {
		const error = await call(open(fetch)).catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(Problem);
		expect(error).toMatchObject({ status });
	});
});

describe('each', () => {
	it.each([
		['page', [undefined, 2, 3]],
		['cursor', [undefined, '2', '3']]
	] as const)('follows a list by its %s', async (name, asked) => {
		const queries: unknown[] = [];
		const rows: number[] = [];
		for await (const row of each<number>(async (page) => {
			queries.push(page[name]);
			const number = queries.length;
			const next = number < 3 ? `https://x.example/?page_size=1&${name}=${number + 1}` : null;
			return { data: { results: [number], next } };
		})) {
			rows.push(row);
		}
		expect(rows).toEqual([1, 2, 3]);
		expect(queries).toEqual(asked);
	});
});

it('binds an edit to what was read, or refuses to', () => {
	const response = new Response(null, { headers: { ETag: '"3-abc"' } });
	expect(seen({ response })).toEqual({ 'If-Match': '"3-abc"' });
	expect(() => seen({ response: new Response() })).toThrow('no ETag');
});

it('makes another key for each create', () => {
	expect(once()).not.toEqual(once());
	expect(once('mine')).toEqual({ 'Idempotency-Key': 'mine' });
});
