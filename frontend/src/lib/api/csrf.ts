// Behind https the cookie is this host's alone, and its name says so.
const COOKIE = /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/;

export function readToken(cookies: string): string | undefined {
	return COOKIE.exec(cookies)?.[1];
}

/**
 * The CSRF token for a write. Static pages come without the cookie, so the first write of a visit asks
 * for it; writes that start meanwhile wait for the same answer.
 */
export class CsrfToken {
	#asked: Promise<unknown> | undefined;
	readonly #cookies: () => string;
	readonly #ask: () => Promise<unknown>;

	constructor(cookies: () => string, ask: () => Promise<unknown>) {
		this.#cookies = cookies;
		this.#ask = ask;
	}

	async get(): Promise<string | undefined> {
		const token = readToken(this.#cookies());
		if (token) return token;
		this.#asked ??= this.#ask().finally(() => {
			this.#asked = undefined;
		});
		await this.#asked;
		return readToken(this.#cookies());
	}
}
