import { asProblem, isAbort, type Problem } from '#lib/api/problem.ts';

/** Faster answers would only make the page flicker. */
const SKELETON_AFTER = 200;

export type Fetcher<T> = (signal: AbortSignal) => Promise<T>;

/**
 * One thing read from the API: its data, whether it is loading, and why it failed.
 *
 * A newer load aborts the older one, so a slow old answer never replaces a new one. Data stays on
 * screen while it reloads; an answer equal to it leaves the object, and with it the DOM, untouched.
 */
export class Resource<T> {
	data = $state.raw<T>();
	problem = $state.raw<Problem>();
	loading = $state(false);
	/** True once a first load takes long enough to deserve a skeleton. */
	slow = $state(false);
	#fetcher: Fetcher<T>;
	#running: AbortController | undefined;

	constructor(fetcher: Fetcher<T>, initial?: T) {
		this.#fetcher = fetcher;
		this.data = initial;
	}

	/** Load again, from now on with `fetcher` when given. A failure is kept in `problem`. */
	async load(fetcher: Fetcher<T> = this.#fetcher): Promise<void> {
		this.#fetcher = fetcher;
		this.#running?.abort();
		const running = new AbortController();
		this.#running = running;
		this.loading = true;
		const timer = setTimeout(() => {
			this.slow = this.data === undefined;
		}, SKELETON_AFTER);
		try {
			const fresh = await fetcher(running.signal);
			if (running.signal.aborted) return;
			if (!same(fresh, this.data)) this.data = fresh;
			this.problem = undefined;
		} catch (error) {
			if (running.signal.aborted || isAbort(error)) return;
			this.problem = asProblem(error);
		} finally {
			clearTimeout(timer);
			if (this.#running === running) {
				this.loading = false;
				this.slow = false;
			}
		}
	}

	/** Forget the running load; its answer will not arrive. */
	cancel() {
		this.#running?.abort();
		this.loading = false;
		this.slow = false;
	}

	/**
	 * Show a change before the server confirms it. `commit` sends it and may return the confirmed data;
	 * if it fails, the data from before the change comes back, unless newer data came in between.
	 */
	async optimistically(change: (data: T) => T, commit: () => Promise<T | undefined>) {
		const before = this.data;
		if (before === undefined) return;
		// An answer that left the server before this change must not undo it on screen.
		this.cancel();
		const expected = change(before);
		this.data = expected;
		try {
			const confirmed = await commit();
			if (confirmed !== undefined && this.data === expected) this.data = confirmed;
		} catch (error) {
			if (this.data === expected) this.data = before;
			throw error;
		}
	}
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
