import * as Y from 'yjs';

/** Of a text without embedded objects. */
type Delta = { retain?: number; insert?: string; delete?: number }[];
type Change = { at: number; removed: number; inserted: string };

const isHigh = (code: number) => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number) => code >= 0xdc00 && code < 0xe000;

/** What made `after` of `before`, with the caret where it was left. Pairs of surrogates stay whole. */
export function change(before: string, after: string, caret: number): Change {
	const shorter = Math.min(before.length, after.length);
	// What stands behind the caret was there before: that tells which of two equal letters is new.
	const behind = Math.min(shorter, after.length - caret);
	let end = 0;
	while (end < behind && before.at(-1 - end) === after.at(-1 - end)) end += 1;
	let start = 0;
	while (start < shorter - end && before[start] === after[start]) start += 1;
	if (start && isHigh(before.charCodeAt(start - 1))) start -= 1;
	if (end && isLow(before.charCodeAt(before.length - end))) end -= 1;
	return {
		at: start,
		removed: before.length - end - start,
		inserted: after.slice(start, after.length - end)
	};
}

/** Where a position is after somebody else's change. */
export function moved(position: number, delta: Delta): number {
	let at = 0;
	let shift = 0;
	for (const { retain = 0, insert = '', delete: removed = 0 } of delta) {
		if (at < position) shift += insert.length;
		shift -= Math.min(Math.max(position - at, 0), removed);
		at += retain + removed;
	}
	return position + shift;
}

export type Bound = {
	/** While true, nothing of others reaches the text. */
	hold: (composing: boolean) => void;
	caret: (index: number | null) => void;
};

/** Let `area` show and edit `text`, until the returned function is called. */
export function bind(area: HTMLTextAreaElement, text: Y.Text, { hold, caret }: Bound): () => void {
	const history = new Y.UndoManager(text, { trackedOrigins: new Set([area]) });
	const listening = new AbortController();
	const { signal } = listening;
	area.value = text.toString();

	function typed() {
		const { at, removed, inserted } = change(text.toString(), area.value, area.selectionEnd);
		if (!removed && !inserted) return;
		text.doc?.transact(() => {
			text.delete(at, removed);
			text.insert(at, inserted);
		}, area);
	}

	function show(event: Y.YTextEvent, { origin }: Y.Transaction) {
		if (origin === area) return;
		const delta = event.delta as Delta;
		const { selectionStart, selectionEnd, selectionDirection, scrollTop } = area;
		area.value = text.toString();
		area.setSelectionRange(
			moved(selectionStart, delta),
			moved(selectionEnd, delta),
			selectionDirection
		);
		area.scrollTop = scrollTop;
	}

	/** The browser's own history knows nothing of what others wrote. */
	function step(event: Event, back: boolean) {
		event.preventDefault();
		if (back) history.undo();
		else history.redo();
	}

	text.observe(show);
	area.addEventListener('input', typed, { signal });
	area.addEventListener('compositionstart', () => hold(true), { signal });
	area.addEventListener(
		'compositionend',
		() => {
			typed(); // some browsers say so only afterwards
			hold(false);
		},
		{ signal }
	);
	area.addEventListener(
		'beforeinput',
		(event) => {
			if (event.inputType === 'historyUndo') step(event, true);
			if (event.inputType === 'historyRedo') step(event, false);
		},
		{ signal }
	);
	area.addEventListener(
		'keydown',
		(event) => {
			if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
			const key = event.key.toLowerCase();
			if (key === 'z') step(event, !event.shiftKey);
			if (key === 'y' && event.ctrlKey) step(event, false);
		},
		{ signal }
	);
	for (const type of ['input', 'keyup', 'pointerup', 'focus']) {
		area.addEventListener(type, () => caret(area.selectionEnd), { signal });
	}
	area.addEventListener('blur', () => caret(null), { signal });
	return () => {
		listening.abort();
		text.unobserve(show);
		history.destroy();
		caret(null);
		hold(false);
	};
}
