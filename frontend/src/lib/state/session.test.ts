import { afterEach, describe, expect, it, vi } from 'vitest';
import { client } from '#lib/api/generated/client.gen.ts';
import { Problem } from '#lib/api/index.ts';
import { Session, safeNext, signInPath } from './session.svelte.ts';

const user = {
	id: 'f3b0',
	email: 'ada@longhouse.example',
	display_name: 'Ada',
	avatar_url: null,
	theme: 'auto' as const,
	time_zone: 'Europe/Berlin',
	roles: ['manager'],
	permissions: ['app.change_thing'],
	is_staff: false
};

/** The server, as far as these tests need it. */
function answer(...answers: (() => Response | Promise<Response>)[]) {
	const fetch = vi.fn(async () => {
		const next = answers.shift();
		if (!next) throw new Error('Unexpected request');
		return next();
	});
	client.setConfig({ baseUrl: 'http://localhost', fetch });
	return fetch;
}

afterEach(() => void client.setConfig({ fetch: undefined }));

describe('Session', () => {
	it('asks once, however many pages want to know', async () => {
		const fetch = answer(() => Response.json({ user }));
		const session = new Session();
		await Promise.all([session.load(), session.load()]);
		expect(session.user?.display_name).toBe('Ada');
		expect(fetch).toHaveBeenCalledOnce();
	});

	it('asks again after the server could not be reached', async () => {
		answer(
			() => Promise.reject(new TypeError('Failed to fetch')),
			() => Response.json({ user: null })
		);
		const session = new Session();
		await expect(session.load()).rejects.toBeInstanceOf(Problem);
		await session.load();
		expect(session.user).toBeNull();
	});

	it('is lost once, and to nobody who signs out', async () => {
		const session = new Session();
		answer(() => Response.json({ user }));
		await session.load();
		expect(session.lose()).toBe(true);
		expect(session.user).toBeNull();
		expect(session.lose()).toBe(false);

		vi.stubGlobal('document', { cookie: 'csrftoken=token' });
		session.set(user);
		const lost: boolean[] = [];
		answer(() => {
			lost.push(session.lose());
			return new Response(null, { status: 204 });
		});
		await session.signOut();
		expect(lost).toEqual([false]);
		vi.unstubAllGlobals();
	});

	it('knows what the person may do, and nobody may do nothing', async () => {
		const session = new Session();
		expect(session.can('app.change_thing')).toBe(false);
		answer(() => Response.json({ user }));
		await session.load();
		expect(session.can('app.change_thing')).toBe(true);
		expect(session.can('app.delete_thing')).toBe(false);
	});
});

describe('safeNext', () => {
	it.each([
		['/app/things?status=open#top', '/app/things?status=open#top'],
		[null, '/app'],
		['', '/app'],
		['https://evil.example/', '/app'],
		['//evil.example/app', '/app'],
		['/\\evil.example', '/app'],
		['/.//evil.example', '/app'],
		['/\t/evil.example', '/app'],
		['javascript:alert(1)', '/app']
	])('%s leads to %s', (next, expected) => {
		expect(safeNext(next, 'https://longhouse.example')).toBe(expected);
	});

	it('takes back what signInPath gave', () => {
		const here = new URL('https://longhouse.example/app/things?q=lamp&page=2');
		const next = new URL(signInPath(here), here).searchParams.get('next');
		expect(safeNext(next, here.origin)).toBe('/app/things?q=lamp&page=2');
	});
});
