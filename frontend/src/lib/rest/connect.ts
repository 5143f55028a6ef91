import { Problem, toProblem } from '../api/problem.ts';
import { type Client, createClient, createConfig } from './generated/client/index.ts';
import { tokenBlacklistCreate, tokenCreate, tokenRefreshCreate } from './generated/sdk.gen.ts';
import type { SignIn, TokenPair } from './generated/types.gen.ts';

export type ConnectOptions = {
	/** A personal access token, for programs that do not sign in. */
	token?: string;
	/** What an earlier sign-in left, as `keep` was told. */
	tokens?: TokenPair;
	/** Told of every new pair, to store it, and of `undefined` when the sign-in has ended. */
	keep?: (tokens: TokenPair | undefined) => unknown;
	/** Sends a request; `fetch` unless given. */
	fetch?: (request: Request) => Promise<Response>;
};

/** The client that every generated function takes as `client`. */
export type Api = Client & {
	/** Sign in by email and password; throws a Problem, as everything here does. */
	signIn(credentials: SignIn): Promise<void>;
	/** End this sign-in, or with `everywhere` all that the person has by tokens. */
	signOut(options?: { everywhere?: boolean }): Promise<void>;
};

/** The public API at `baseUrl`, such as https://example.org. */
export function connect(baseUrl: string, options: ConnectOptions = {}): Api {
	const send = options.fetch ?? ((request: Request) => fetch(request));
	const open = client(baseUrl, send);
	let tokens = options.tokens;
	let renewing: Promise<void> | undefined;

	async function keep(next: TokenPair | undefined) {
		tokens = next;
		await options.keep?.(next);
	}

	async function renew(refresh: string) {
		try {
			const { data } = await tokenRefreshCreate({ client: open, body: { refresh } });
			await keep(data);
		} catch (error) {
			if (error instanceof Problem && error.status === 401) await keep(undefined);
			throw error;
		}
	}

	/** Sent with the token; once more with its successor when it has expired. */
	async function sendSigned(request: Request): Promise<Response> {
		const used = tokens;
		const again = used && request.clone();
		const response = await send(signed(request, options.token ?? used?.access));
		if (response.status !== 401 || !used || !again) return response;
		// A refresh token works once: calls at the same moment wait for one renewal.
		if (tokens === used) {
			renewing ??= renew(used.refresh).finally(() => {
				renewing = undefined;
			});
		}
		await renewing;
		return tokens ? send(signed(again, tokens.access)) : response;
	}

	return Object.assign(
		client(baseUrl, (request) => sendSigned(request)),
		{
			async signIn(credentials: SignIn) {
				const { data } = await tokenCreate({ client: open, body: credentials });
				await keep(data);
			},
			async signOut({ everywhere = false } = {}) {
				if (!tokens) return;
				const body = { refresh: tokens.refresh, everywhere };
				await tokenBlacklistCreate({ client: open, body });
				await keep(undefined);
			}
		}
	);
}

function client(baseUrl: string, send: (request: Request) => Promise<Response>): Client {
	const made = createClient(
		createConfig({ baseUrl, throwOnError: true, fetch: (input) => send(input as Request) })
	);
	made.interceptors.error.use((error, response) => toProblem(error, response));
	return made;
}

function signed(request: Request, token: string | undefined): Request {
	if (token) request.headers.set('Authorization', `Bearer ${token}`);
	return request;
}
