import {
	asProblem,
	type Problem,
	type ReportAdd,
	type ReportReceipt,
	reportProblem
} from '#lib/api/index.ts';
import { uuid } from './uuid.ts';

type State = 'idle' | 'sending' | 'waiting' | 'sent' | 'refused';
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const RETRY_SECONDS = [3, 10, 30, 60];

/**
 * One report that a bad connection may neither lose nor double.
 *
 * It is written to storage before it is sent and removed when the server has taken or refused it.
 * Otherwise it waits, tries again by itself, and survives a closed tab: `resume` picks it up. The
 * server knows it again by its idempotency key, should only the answer have been lost.
 */
export class Outbox {
	state = $state<State>('idle');
	receipt = $state.raw<ReportReceipt>();
	problem = $state.raw<Problem>();
	#key: string;
	#store: Store | undefined;
	#tries = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(asset: string, store: Store | undefined) {
		this.#key = `report:${asset}`;
		this.#store = store;
	}

	/** What is still to be sent, if anything. */
	get pending(): ReportAdd | undefined {
		try {
			return JSON.parse(this.#store?.getItem(this.#key) ?? 'null') ?? undefined;
		} catch {
			return undefined;
		}
	}

	async send(report: ReportAdd): Promise<void> {
		const kept = this.pending;
		// The moment counts at which it was written, not when the connection came back.
		const stamped =
			kept && saysTheSame(kept, report)
				? kept
				: { ...report, occurred_at: new Date().toISOString(), idempotency_key: uuid() };
		this.#keep(stamped);
		await this.#attempt(stamped);
	}

	/** Send what an earlier visit left behind. */
	async resume(): Promise<void> {
		const report = this.pending;
		if (report && this.state !== 'sending' && this.state !== 'sent') await this.#attempt(report);
	}

	stop() {
		clearTimeout(this.#timer);
	}

	async #attempt(report: ReportAdd) {
		clearTimeout(this.#timer);
		this.state = 'sending';
		this.problem = undefined;
		try {
			this.receipt = await reportProblem({ body: report });
			this.#keep(undefined);
			this.state = 'sent';
		} catch (error) {
			const problem = asProblem(error);
			this.problem = problem;
			if (problem.temporary) this.#wait();
			else {
				this.#keep(undefined);
				this.state = 'refused';
			}
		}
	}

	#wait() {
		this.state = 'waiting';
		const seconds = RETRY_SECONDS[Math.min(this.#tries++, RETRY_SECONDS.length - 1)] ?? 60;
		this.#timer = setTimeout(() => this.resume(), seconds * 1000);
	}

	#keep(report: ReportAdd | undefined) {
		try {
			if (report) this.#store?.setItem(this.#key, JSON.stringify(report));
			else this.#store?.removeItem(this.#key);
		} catch {
			// Storage is full or blocked: the report then lives as long as the page.
			this.#store = memory(this.#key, report);
		}
	}
}

const saysTheSame = (kept: ReportAdd, report: ReportAdd) =>
	(Object.keys(report) as (keyof ReportAdd)[]).every((name) => kept[name] === report[name]);

function memory(key: string, report: ReportAdd | undefined): Store {
	const items = new Map(report ? [[key, JSON.stringify(report)]] : []);
	return {
		getItem: (name) => items.get(name) ?? null,
		setItem: (name, value) => void items.set(name, value),
		removeItem: (name) => void items.delete(name)
	};
}
