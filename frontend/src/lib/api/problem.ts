/** One field that the server refused; `field` is the name of the input, or empty for the whole form. */
export type FieldError = { field: string; message: string };

/**
 * Every failed request, whatever failed, in the shape of RFC 9457.
 * `status` is 0 when no answer arrived: offline, or the server is gone.
 */
export class Problem extends Error {
	override name = 'Problem';
	readonly type: string;
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly errors: FieldError[];
	/** The one in the server's logs; empty when no answer arrived. */
	readonly requestId: string;

	constructor(init: {
		type?: string;
		title: string;
		status: number;
		detail?: string;
		errors?: FieldError[];
		requestId?: string;
	}) {
		super(init.detail || init.title);
		this.type = init.type ?? 'about:blank';
		this.title = init.title;
		this.status = init.status;
		this.detail = init.detail ?? '';
		this.errors = init.errors ?? [];
		this.requestId = init.requestId ?? '';
	}

	get offline() {
		return this.status === 0;
	}

	/** Somebody else changed the record after it was read. */
	get stale() {
		return this.type.endsWith('/stale-write');
	}

	/** Whether the same request may succeed later without any change. */
	get temporary() {
		return [0, 408, 429].includes(this.status) || this.status >= 500;
	}

	/** Messages for one input, in the server's order. */
	of(field: string): string[] {
		return this.errors.filter((error) => error.field === field).map((error) => error.message);
	}

	/** What to say above a form: everything that no input of it can show. */
	rest(shown: readonly string[]): string {
		const others = this.errors.filter((error) => !shown.includes(error.field));
		if (others.length) return others.map((error) => error.message).join(' ');
		return this.errors.length ? '' : this.message;
	}
}

const OFFLINE = {
	type: '/problems/offline',
	title: 'No connection',
	status: 0,
	detail: 'The server cannot be reached. Check your connection and try again.'
};

/** Turn whatever a request failed with into a Problem. Aborts stay aborts: nobody waits for them. */
export function toProblem(error: unknown, response?: Response): unknown {
	if (error instanceof Problem || isAbort(error)) return error;
	// fetch reports every failure of the network as a TypeError; anything else is a mistake of ours.
	if (!response) return error instanceof TypeError ? new Problem(OFFLINE) : error;
	const body =
		typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
	return new Problem({
		type: text(body.type),
		title: text(body.title) ?? `The server answered ${response.status}`,
		status: response.status,
		detail: text(body.detail),
		errors: Array.isArray(body.errors) ? body.errors.filter(isFieldError) : [],
		requestId: text(body.request_id)
	});
}

/** A Problem for anything that was thrown, also by our own code. */
export function asProblem(error: unknown): Problem {
	if (error instanceof Problem) return error;
	const detail = error instanceof Error ? error.message : String(error);
	return new Problem({ title: 'Something went wrong', status: 500, detail });
}

export function isAbort(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'AbortError';
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

function isFieldError(value: unknown): value is FieldError {
	const error = value as Partial<FieldError> | null;
	return typeof error?.field === 'string' && typeof error.message === 'string';
}
