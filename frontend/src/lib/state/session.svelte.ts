import {
	askSession,
	// without accounts: type Credentials,
	getSession,
	type SessionUser,
	// without accounts: signIn as sendSignIn,
	signOut as sendSignOut
} from '#lib/api/index.ts';
import { theme } from './theme.svelte.ts';

/** Who uses the site. Asked once for each visit; afterwards kept up to date by what the person does. */
export class Session {
	user = $state.raw<SessionUser | null>(null);
	#asked: Promise<void> | undefined;
	#leaving = false;

	/** Throws a Problem when the server cannot be reached; the next call asks again. */
	load(): Promise<void> {
		this.#asked ??= askSession().then(
			({ user }) => {
				this.user = user;
			},
			(problem) => {
				this.#asked = undefined;
				throw problem;
			}
		);
		return this.#asked;
	}

	// without accounts: async signIn(credentials: Credentials): Promise<void> {
	// feature: accounts
	/** Somebody has signed in just now: ask who. */
	async enter(): Promise<void> {
		// end feature: accounts
		const { user } = await getSession(); // feature: accounts
		// without accounts: const { user } = await sendSignIn({ body: credentials });
		this.set(user);
		// The theme kept in the profile comes along to a new device.
		if (user && user.theme !== 'auto') theme.change(user.theme);
	}

	async signOut(): Promise<void> {
		this.#leaving = true;
		try {
			await sendSignOut();
			this.set(null);
		} finally {
			this.#leaving = false;
		}
	}

	/**
	 * The server no longer knows the person. Answers whether that is news: what was under way while they
	 * signed out is refused, too.
	 */
	lose(): boolean {
		const news = this.user !== null && !this.#leaving;
		this.set(null);
		return news;
	}

	/** What the server said about the person just now. */
	set(user: SessionUser | null) {
		this.user = user;
		this.#asked = Promise.resolve();
	}

	/** Whether the person may do something, e.g. "app.change_thing". The server decides in the end. */
	can(permission: string): boolean {
		return this.user?.permissions.includes(permission) ?? false;
	}
}

export const session = new Session();

/** Where to go after signing in: a path of this site, never another site. */
export function safeNext(next: string | null, origin: string): string {
	const home = '/app';
	if (!next?.startsWith('/')) return home;
	const url = URL.parse(next, origin);
	// `/.//elsewhere` is a path here, but what is left of it, `//elsewhere`, names another site.
	if (url?.origin !== origin || url.pathname.startsWith('//')) return home;
	return url.pathname + url.search + url.hash;
}

export function signInPath({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string {
	return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}
