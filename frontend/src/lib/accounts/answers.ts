import { asProblem, type FieldError, Problem, toProblem } from '#lib/api/problem.ts';
import type { AuthenticatorType, Provider } from './generated';

/** What allauth offers or asks for; the contract does not list `mfa_trust`. */
export type Flow = {
	id: string;
	is_pending?: boolean;
	types?: AuthenticatorType[];
	provider?: Provider;
};

/** A 401 of allauth: no failure, but what it takes to go on. */
export class NextStep extends Error {
	override name = 'NextStep';
	readonly flows: readonly Flow[];
	/** Signed in, and asked to prove it again. */
	readonly authenticated: boolean;

	constructor(flows: readonly Flow[], authenticated: boolean) {
		super('One more step is needed.');
		this.flows = flows;
		this.authenticated = authenticated;
	}

	/** The step that the server waits for. */
	get pending(): Flow | undefined {
		return this.flows.find((flow) => flow.is_pending);
	}
}

/** The 404 by which allauth hands out the secret for an authenticator app that is not there yet. */
export class NewSecret extends Error {
	override name = 'NewSecret';
	readonly secret: string;
	readonly url: string;

	constructor(secret: string, url: string) {
		super('No authenticator app yet.');
		this.secret = secret;
		this.url = url;
	}
}

type Answer = {
	data?: { flows?: Flow[] };
	meta?: { is_authenticated?: boolean; secret?: string; totp_url?: string };
	errors?: { message: string; param?: string }[];
};

/** allauth says no more than the status of these. */
const DETAILS: Record<number, string> = {
	403: 'This is not possible at the moment.',
	409: 'This is no longer open. Please start again.',
	429: 'Too many attempts. Please wait a while and try again.'
};

/** What allauth answered, other than success: a NextStep, a NewSecret or a Problem. */
export function toAnswer(error: unknown, response?: Response): unknown {
	if (!response) return toProblem(error);
	const { data, meta, errors } = (typeof error === 'object' && error ? error : {}) as Answer;
	if (response.status === 401 && data?.flows) {
		return new NextStep(data.flows, meta?.is_authenticated === true);
	}
	if (response.status === 404 && meta?.secret && meta.totp_url) {
		return new NewSecret(meta.secret, meta.totp_url);
	}
	// Our own errors of the same paths, such as a missing CSRF token, have their own shape.
	if (!Array.isArray(errors) && !(response.status in DETAILS)) return toProblem(error, response);
	return new Problem({
		title: 'That did not work',
		status: response.status,
		detail: DETAILS[response.status],
		errors: (errors ?? []).map(toFieldError)
	});
}

function toFieldError({ message, param }: { message: string; param?: string }): FieldError {
	return { field: param ?? '', message };
}

/** A Problem for a step that nobody waits for here. */
export function unexpected(error: unknown): Problem {
	if (!(error instanceof NextStep)) return asProblem(error);
	return new Problem({
		title: 'Please sign in again',
		status: 401,
		detail: 'This took too long. Please start again.'
	});
}
