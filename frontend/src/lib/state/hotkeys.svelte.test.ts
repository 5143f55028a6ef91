import { flushSync } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import { Hotkeys } from './hotkeys.svelte.ts';

const press = (key: string, more: object = {}) => ({
	key,
	ctrlKey: false,
	metaKey: false,
	altKey: false,
	isComposing: false,
	defaultPrevented: false,
	preventDefault: vi.fn(),
	target: { tagName: 'BODY' },
	...more
});

const one = (keys: string) => {
	const hotkeys = new Hotkeys();
	const run = vi.fn();
	const remove = hotkeys.add({ keys, label: 'Do it', run });
	return { hotkeys, run, remove };
};

describe('Hotkeys', () => {
	it('run and stop the key from doing anything else', () => {
		const { hotkeys, run } = one('/');
		const event = press('/');
		hotkeys.handle(event);
		expect(run).toHaveBeenCalledOnce();
		expect(event.preventDefault).toHaveBeenCalledOnce();
	});

	it.each([
		['typing in a field', { target: { tagName: 'INPUT' } }],
		['typing in a text area', { target: { tagName: 'TEXTAREA' } }],
		['choosing from a list', { target: { tagName: 'SELECT' } }],
		['editing rich text', { target: { tagName: 'DIV', isContentEditable: true } }],
		['composing a character', { isComposing: true }],
		['holding Ctrl', { ctrlKey: true }],
		['holding Command', { metaKey: true }],
		['in a dialog', { target: { tagName: 'BUTTON', closest: () => ({}) } }],
		['handled already', { defaultPrevented: true }]
	])('stay quiet while %s', (_, more) => {
		const { hotkeys, run } = one('j');
		hotkeys.handle(press('j', more));
		expect(run).not.toHaveBeenCalled();
	});

	it('leave Enter to a focused link', () => {
		const { hotkeys, run } = one('Enter');
		hotkeys.handle(press('Enter', { target: { tagName: 'A' } }));
		expect(run).not.toHaveBeenCalled();
		hotkeys.handle(press('Enter'));
		expect(run).toHaveBeenCalledOnce();
	});

	it('understand two keys in turn, within a second', () => {
		vi.useFakeTimers();
		const { hotkeys, run } = one('g r');
		hotkeys.handle(press('g'));
		vi.advanceTimersByTime(1500);
		hotkeys.handle(press('r'));
		expect(run).not.toHaveBeenCalled();
		hotkeys.handle(press('g'));
		hotkeys.handle(press('r'));
		expect(run).toHaveBeenCalledOnce();
		vi.useRealTimers();
	});

	it('can be added by an effect, which ends with its component', () => {
		const hotkeys = new Hotkeys();
		const stop = $effect.root(() => {
			$effect(() => hotkeys.add({ keys: 'j', label: 'Next', run: () => {} }));
		});
		flushSync();
		expect(hotkeys.all).toHaveLength(1);
		stop();
		expect(hotkeys.all).toEqual([]);
	});

	it('prefer the shortcut added last, and forget removed ones', () => {
		const { hotkeys, run } = one('Enter');
		const onTop = vi.fn();
		const remove = hotkeys.add({ keys: 'Enter', label: 'On top', run: onTop });
		hotkeys.handle(press('Enter'));
		expect([run.mock.calls.length, onTop.mock.calls.length]).toEqual([0, 1]);
		remove();
		hotkeys.handle(press('Enter'));
		expect(run).toHaveBeenCalledOnce();
	});
});
