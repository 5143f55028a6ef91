import { NextStep, unexpected } from './answers.ts';
import type { AuthenticatorType } from './generated';
import { getAuthSession, postAuth2FaTrust } from './index.ts';

export type Step =
	| 'start'
	| 'login_by_code'
	| 'verify_email'
	| 'mfa_authenticate'
	| 'provider_signup';

const STEPS: ReadonlySet<string> = new Set<Step>([
	'login_by_code',
	'verify_email',
	'mfa_authenticate',
	'provider_signup'
]);

/** The way from a first proof to being signed in; the server says which step comes next. */
export class SignIn {
	step = $state<Step>('start');
	/** Second factors that the person has. */
	factors = $state.raw<readonly AuthenticatorType[]>([]);
	/** Whether this browser is to be spared the second factor from now on. */
	trust = $state(false);
	#before: Promise<unknown> | undefined;

	/**
	 * Send one step. True: signed in; false: `step` says what comes next.
	 * Throws a Problem when the server refuses; `step` is 'start' again when it waits for nothing.
	 */
	async take(request: () => Promise<unknown>): Promise<boolean> {
		await this.#before;
		try {
			await request();
			return true;
		} catch (error) {
			if (!(error instanceof NextStep)) {
				const problem = unexpected(error);
				if (problem.status === 409) this.step = 'start';
				throw problem;
			}
			const { pending } = error;
			// Asked on the page of the second factor already.
			if (pending?.id === 'mfa_trust') {
				return this.take(() => postAuth2FaTrust({ body: { trust: this.trust } }));
			}
			if (!pending || !STEPS.has(pending.id)) {
				this.step = 'start';
				throw unexpected(error);
			}
			this.factors = pending.types ?? [];
			this.step = pending.id as Step;
			return false;
		}
	}

	/**
	 * Ask for something that belongs to no step. The next step waits for the answer: each of the two
	 * could begin a session, and the browser would keep the one that comes last.
	 */
	beside<T>(request: () => Promise<T>): Promise<T> {
		const answer = request();
		this.#before = answer.catch(() => undefined);
		return answer;
	}

	/** Go on where the server is, e.g. after another provider sent the person back. */
	resume(): Promise<boolean> {
		return this.take(() => getAuthSession());
	}

	restart() {
		this.step = 'start';
	}
}
