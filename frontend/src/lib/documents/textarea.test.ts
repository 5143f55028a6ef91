import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { bind, change, moved } from './textarea.ts';

const applied = (text: string, { at, removed, inserted }: ReturnType<typeof change>) =>
	text.slice(0, at) + inserted + text.slice(at + removed);

it.each([
	['', 'a', 1, { at: 0, removed: 0, inserted: 'a' }],
	['aa', 'aaa', 1, { at: 0, removed: 0, inserted: 'a' }],
	['aa', 'aaa', 3, { at: 2, removed: 0, inserted: 'a' }],
	['aaa', 'aa', 1, { at: 1, removed: 1, inserted: '' }],
	['one two', 'one 2', 5, { at: 4, removed: 3, inserted: '2' }],
	['😀', '😁', 2, { at: 0, removed: 2, inserted: '😁' }],
	['a😀', 'a', 1, { at: 1, removed: 2, inserted: '' }],
	['same', 'same', 2, { at: 2, removed: 0, inserted: '' }]
])('finds what made %j %j', (before, after, caret, expected) => {
	const found = change(before, after, caret);
	expect(applied(before, found)).toBe(after);
	if (before !== after) expect(found).toEqual(expected);
});

it('never splits a letter, and always finds a change that leads there', () => {
	const letters = ['a', 'b', '\n', '😀', '😁', 'é'];
	let seed = 7;
	const random = (below: number) => {
		seed = (seed * 48271) % 2147483647;
		return seed % below;
	};
	const some = (most: number) =>
		Array.from({ length: random(most) }, () => letters[random(letters.length)]);
	for (let turn = 0; turn < 2000; turn += 1) {
		const before = some(8);
		const at = random(before.length + 1);
		const inserted = some(4);
		const after = before.toSpliced(at, random(3), ...inserted).join('');
		const caret = before.slice(0, at).join('').length + inserted.join('').length;
		const found = change(before.join(''), after, caret);
		expect(applied(before.join(''), found)).toBe(after);
		expect(found.inserted.isWellFormed()).toBe(true);
		expect(before.join('').slice(0, found.at).isWellFormed()).toBe(true);
	}
});

it.each([
	[3, [{ insert: 'xy' }], 5],
	[0, [{ insert: 'xy' }], 0],
	[3, [{ retain: 3 }, { insert: 'xy' }], 3],
	[3, [{ retain: 5 }, { insert: 'xy' }], 3],
	[3, [{ delete: 2 }], 1],
	[3, [{ retain: 1 }, { delete: 5 }], 1],
	[6, [{ retain: 1 }, { delete: 2 }, { insert: 'abc' }, { retain: 1 }, { delete: 1 }], 6]
])('moves a caret at %i over %j', (position, delta, expected) => {
	expect(moved(position, delta)).toBe(expected);
});

/** What of a textarea the binding uses, without a browser. */
class Area extends EventTarget {
	value = '';
	selectionStart = 0;
	selectionEnd = 0;
	selectionDirection = 'none';
	scrollTop = 0;

	setSelectionRange(start: number, end: number) {
		[this.selectionStart, this.selectionEnd] = [start, end];
	}

	type(text: string) {
		this.value =
			this.value.slice(0, this.selectionStart) + text + this.value.slice(this.selectionEnd);
		this.setSelectionRange(this.selectionStart + text.length, this.selectionStart + text.length);
		this.dispatchEvent(new Event('input'));
	}

	press(key: string, shiftKey = false) {
		this.dispatchEvent(Object.assign(new Event('keydown'), { key, ctrlKey: true, shiftKey }));
	}
}

function bound() {
	const doc = new Y.Doc();
	const text = doc.getText('text');
	const area = new Area();
	const other = new Y.Doc();
	const theirs = other.getText('text');
	/** Both now have what either wrote. */
	const meet = () => {
		Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
	};
	const told: (number | null)[] = [];
	const unbind = bind(area as unknown as HTMLTextAreaElement, text, {
		hold: () => {},
		caret: (index) => told.push(index)
	});
	return { area, text, theirs, meet, told, unbind };
}

it('keeps the caret where it is while somebody else writes', () => {
	const { area, text, theirs, meet } = bound();
	area.type('world');
	area.setSelectionRange(2, 2);
	meet();
	theirs.insert(0, 'hello ');
	theirs.insert(11, '!');
	meet();
	expect(area.value).toBe('hello world!');
	expect(area.selectionStart).toBe(8);
	area.type('-');
	expect(text.toString()).toBe('hello wo-rld!');
});

it('undoes what was typed here, and nothing of the others', () => {
	const { area, theirs, meet } = bound();
	area.type('mine');
	meet();
	theirs.insert(4, ' theirs');
	meet();
	area.press('z');
	expect(area.value).toBe(' theirs');
	area.press('Z', true);
	expect(area.value).toBe('mine theirs');
});

it('tells where the caret is, and lets go', () => {
	const { area, text, told, unbind } = bound();
	area.type('abc');
	unbind();
	expect(told).toEqual([3, null]);
	area.type('d');
	text.insert(0, 'x');
	expect(text.toString()).toBe('xabc');
	expect(area.value).toBe('abcd');
});
