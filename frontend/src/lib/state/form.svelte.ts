import { asProblem, type Problem } from '#lib/api/index.ts';

/** A form on its way to the server: whether it is busy, and what the server did not like. */
export class Form {
	busy = $state(false);
	problem = $state.raw<Problem>();
	#fields: readonly string[];

	/** `fields`: names of the inputs that show their own errors. */
	constructor(fields: readonly string[] = []) {
		this.#fields = fields;
	}

	/** Run `action` once at a time; gives its result, or undefined after a failure. */
	async send<T>(action: () => Promise<T>): Promise<T | undefined> {
		if (this.busy) return undefined;
		this.busy = true;
		this.problem = undefined;
		try {
			return await action();
		} catch (error) {
			this.problem = asProblem(error);
			return undefined;
		} finally {
			this.busy = false;
		}
	}

	errors(field: string): string[] {
		return this.problem?.of(field) ?? [];
	}

	/** What belongs above the button, because no input shows it. */
	get message(): string {
		return this.problem?.rest(this.#fields) ?? '';
	}
}
