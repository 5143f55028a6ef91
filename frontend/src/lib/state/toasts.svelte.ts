export type Tone = 'info' | 'success' | 'warning' | 'error';

export type Toast = {
	readonly id: number;
	readonly text: string;
	readonly tone: Tone;
	readonly action?: { readonly label: string; readonly run: () => unknown };
};

type Options = { tone?: Tone; action?: Toast['action']; seconds?: number };

/** The messages of the one toast region of a page. */
export class Toasts {
	items = $state<Toast[]>([]);
	#timers = new Map<number, ReturnType<typeof setTimeout>>();
	#last = 0;

	/** Show `text`; errors and toasts with an action stay longer, for there is something to read or press. */
	show(text: string, { tone = 'info', action, seconds }: Options = {}): number {
		const id = ++this.#last;
		this.items.push({ id, text, tone, action });
		const stay = seconds ?? (action || tone === 'error' ? 10 : 5);
		this.#timers.set(
			id,
			setTimeout(() => this.dismiss(id), stay * 1000)
		);
		return id;
	}

	success(text: string, options?: Omit<Options, 'tone'>) {
		return this.show(text, { ...options, tone: 'success' });
	}

	error(text: string, options?: Omit<Options, 'tone'>) {
		return this.show(text, { ...options, tone: 'error' });
	}

	act(toast: Toast) {
		this.dismiss(toast.id);
		toast.action?.run();
	}

	dismiss(id: number) {
		clearTimeout(this.#timers.get(id));
		this.#timers.delete(id);
		this.items = this.items.filter((toast) => toast.id !== id);
	}
}

export const toasts = new Toasts();
