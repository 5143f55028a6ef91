import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '#lib/api/index.ts';
import { NewSecret, toAnswer } from './answers.ts';
import { client } from './generated/client.gen.ts';
import { getAuthSession, getAuthWebauthnLogin } from './index.ts';
import { Reauthentication } from './reauthentication.svelte.ts';
import { SignIn } from './sign-in.svelte.ts';

const signedIn = () => Response.json({ status: 200, data: { user: {} } });
const waits = (...flows: object[]) =>
	Response.json(
		{
			status: 401,
			data: { flows: [{ id: 'login' }, ...flows] },
			meta: { is_authenticated: false }
		},
		{ status: 401 }
	);

/** allauth, as far as these tests need it; gives the paths that were asked for. */
function answer(...answers: Response[]): string[] {
	const asked: string[] = [];
	const fetch = vi.fn(async (request: Request) => {
		asked.push(new URL(request.url).pathname.replace('/_allauth/browser/v1/', ''));
		const next = answers.shift();
		if (!next) throw new Error('Unexpected request');
		return next;
	});
	client.setConfig({ baseUrl: 'http://localhost', fetch: fetch as typeof globalThis.fetch });
	vi.stubGlobal('document', { cookie: 'csrftoken=token' });
	return asked;
}

afterEach(() => {
	client.setConfig({ fetch: undefined });
	vi.unstubAllGlobals();
});

const take = (flow: SignIn) => flow.take(() => getAuthSession());

describe('SignIn', () => {
	it('is done when the server asks for nothing more', async () => {
		answer(signedIn());
		expect(await take(new SignIn())).toBe(true);
	});

	it('goes to the step that the server waits for', async () => {
		answer(waits({ id: 'mfa_authenticate', is_pending: true, types: ['totp', 'webauthn'] }));
		const flow = new SignIn();
		expect(await take(flow)).toBe(false);
		expect(flow.step).toBe('mfa_authenticate');
		expect(flow.factors).toEqual(['totp', 'webauthn']);
	});

	it('answers by itself whether the browser is trusted', async () => {
		const asked = answer(waits({ id: 'mfa_trust', is_pending: true }), signedIn());
		const flow = new SignIn();
		flow.trust = true;
		expect(await take(flow)).toBe(true);
		expect(asked).toEqual(['auth/session', 'auth/2fa/trust']);
	});

	it('starts again when the server waits for nothing', async () => {
		answer(waits());
		const flow = new SignIn();
		flow.step = 'verify_email';
		await expect(take(flow)).rejects.toThrow('start again');
		expect(flow.step).toBe('start');
	});

	it('waits for what was asked beside it, for both could begin a session', async () => {
		const asked = answer(signedIn());
		const flow = new SignIn();
		const { promise, resolve } = Promise.withResolvers<void>();
		flow.beside(() => promise);
		const done = take(flow);
		await new Promise((later) => setTimeout(later));
		expect(asked).toEqual([]);
		resolve();
		expect(await done).toBe(true);
	});

	it('goes on when what was asked beside it has failed', async () => {
		answer(Response.json({ status: 429 }, { status: 429 }), signedIn());
		const flow = new SignIn();
		flow.beside(() => getAuthWebauthnLogin()).catch(() => undefined);
		expect(await take(flow)).toBe(true);
	});

	it('stays at its step after a wrong code', async () => {
		const errors = [{ message: 'Incorrect code.', code: 'incorrect_code', param: 'code' }];
		answer(Response.json({ status: 400, errors }, { status: 400 }));
		const flow = new SignIn();
		flow.step = 'login_by_code';
		const problem = await take(flow).catch((error: Problem) => error);
		expect((problem as Problem).of('code')).toEqual(['Incorrect code.']);
		expect(flow.step).toBe('login_by_code');
	});
});

describe('Reauthentication', () => {
	const proof = () =>
		Response.json(
			{
				status: 401,
				data: { flows: [{ id: 'reauthenticate' }] },
				meta: { is_authenticated: true }
			},
			{ status: 401 }
		);

	it('goes on with what it interrupted', async () => {
		const asked = answer(proof(), signedIn());
		const reauthentication = new Reauthentication();
		const done = reauthentication.guard(() => getAuthSession());
		await vi.waitFor(() => expect(reauthentication.password).toBe(true));
		reauthentication.answer(true);
		expect(await done).toMatchObject({ status: 200 });
		expect(asked).toHaveLength(2);
		expect(reauthentication.flows).toBeUndefined();
	});

	it('says that nothing was changed when it was closed', async () => {
		answer(proof());
		const reauthentication = new Reauthentication();
		const done = reauthentication.guard(() => getAuthSession());
		done.catch(() => undefined);
		await vi.waitFor(() => expect(reauthentication.flows).toBeDefined());
		reauthentication.answer(false);
		await expect(done).rejects.toThrow('Nothing was changed');
	});
});

describe('toAnswer', () => {
	it('knows the secret of a new authenticator app from a missing page', () => {
		const body = { status: 404, meta: { secret: 'S', totp_url: 'otpauth://totp/S' } };
		expect(toAnswer(body, new Response(null, { status: 404 }))).toBeInstanceOf(NewSecret);
		expect(toAnswer({}, new Response(null, { status: 404 }))).toBeInstanceOf(Problem);
	});

	it('says what a bare status means', () => {
		const problem = toAnswer({ status: 429 }, new Response(null, { status: 429 })) as Problem;
		expect(problem.rest([])).toContain('Too many attempts');
	});
});
