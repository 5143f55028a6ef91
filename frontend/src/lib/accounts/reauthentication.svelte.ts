import { Problem, tellSignedOut } from '#lib/api/index.ts';
import { type Flow, NextStep } from './answers.ts';
import type { AuthenticatorType } from './generated';
import { getAccountAuthenticators, getAuthSession } from './index.ts';

/** Asks people to prove again who they are, in the middle of what they do. */
export class Reauthentication {
	/** What they can prove it by while they are asked; undefined while they are not. */
	flows = $state.raw<readonly Flow[]>();
	#settle: ((proved: boolean) => void) | undefined;

	get password(): boolean {
		return this.flows?.some(({ id }) => id === 'reauthenticate') ?? false;
	}

	get factors(): readonly AuthenticatorType[] {
		return this.flows?.find(({ id }) => id === 'mfa_reauthenticate')?.types ?? [];
	}

	/** Run `action`; when the server wants proof first, ask for it and run `action` again. */
	async guard<T>(action: () => Promise<T>): Promise<T> {
		for (;;) {
			try {
				return await action();
			} catch (error) {
				if (error instanceof NextStep && !error.authenticated) {
					tellSignedOut();
					throw refused('Your session has ended. Please sign in again.');
				}
				const flows = await neededBy(error);
				if (!flows) throw error;
				if (!(await this.#ask(flows))) {
					throw refused('Nothing was changed: it needs your confirmation first.');
				}
			}
		}
	}

	/** The dialog's answer: proved, or closed without. */
	answer(proved: boolean) {
		this.flows = undefined;
		this.#settle?.(proved);
		this.#settle = undefined;
	}

	#ask(flows: readonly Flow[]): Promise<boolean> {
		this.answer(false);
		this.flows = flows;
		return new Promise((resolve) => {
			this.#settle = resolve;
		});
	}
}

/** How to prove it, when a lack of proof is what `error` says; allauth itself names the ways. */
async function neededBy(error: unknown): Promise<readonly Flow[] | undefined> {
	if (error instanceof NextStep) return error.flows;
	if (!(error instanceof Problem) || !error.type.endsWith('/reauthentication-needed')) return;
	const [session, factors] = await Promise.all([getAuthSession(), getAccountAuthenticators()]);
	const types = [...new Set(factors.data.map(({ type }) => type))];
	return [
		...(session.data.user.has_usable_password ? [{ id: 'reauthenticate' }] : []),
		...(types.length ? [{ id: 'mfa_reauthenticate', types }] : [])
	];
}

const refused = (detail: string) => new Problem({ title: 'Not confirmed', status: 401, detail });

export const reauthentication = new Reauthentication();
