import { untrack } from 'svelte';

export type Hotkey = {
	/** 'j', '?', '/', 'Enter', or two keys in turn: 'g r'. */
	readonly keys: string;
	readonly label: string;
	readonly run: () => unknown;
};

/** The part of a KeyboardEvent that decides. */
type Press = Pick<
	KeyboardEvent,
	'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'defaultPrevented' | 'preventDefault'
> & { target: unknown };

const SEQUENCE_MS = 1000;
const TYPING = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
/** Enter on these does what they say, whatever the page would do with it. */
const PRESSABLE = new Set(['A', 'BUTTON', 'SUMMARY']);

/** Keyboard shortcuts of the page: added by components while they are shown, listed by the help. */
export class Hotkeys {
	all = $state.raw<Hotkey[]>([]);
	#first = '';
	#pressedAt = 0;

	/** Add shortcuts; the answer removes them again, as `$effect` wants it. */
	add(...hotkeys: Hotkey[]): () => void {
		// An effect that adds shortcuts must not run again because of them.
		this.all = [...untrack(() => this.all), ...hotkeys];
		return () => {
			this.all = this.all.filter((hotkey) => !hotkeys.includes(hotkey));
		};
	}

	handle = (press: Press) => {
		if (press.defaultPrevented || press.isComposing || isBusy(press)) return;
		if (press.ctrlKey || press.metaKey || press.altKey) return;
		const now = Date.now();
		const pair = now - this.#pressedAt < SEQUENCE_MS ? `${this.#first} ${press.key}` : '';
		// The one added last wins: what is on top of the page hides what is below.
		const find = (keys: string) => this.all.findLast((hotkey) => hotkey.keys === keys);
		const hotkey = (pair && find(pair)) || find(press.key);
		this.#first = hotkey ? '' : press.key;
		this.#pressedAt = now;
		if (!hotkey) return;
		press.preventDefault();
		hotkey.run();
	};
}

function isBusy({ key, target }: Press): boolean {
	const element = target as Partial<HTMLElement> | null;
	if (element?.isContentEditable || TYPING.has(element?.tagName ?? '')) return true;
	if (key === 'Enter' && PRESSABLE.has(element?.tagName ?? '')) return true;
	return Boolean(element?.closest?.('dialog'));
}

export const hotkeys = new Hotkeys();
