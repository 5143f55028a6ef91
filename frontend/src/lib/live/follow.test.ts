import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeSource, fakeBrowser } from './fake-source.ts';
import { follow } from './follow.ts';

let page: EventTarget & { hidden: boolean };
const last = () => FakeSource.last;

beforeEach(() => {
	page = fakeBrowser();
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

it('hands events to their handlers, and asks for a fresh look at the start and after a reset', () => {
	const opened: string[] = [];
	const renew = vi.fn();
	const stop = follow<{ 'article.added': { article: string } }>({
		topics: ['news'],
		on: { 'article.added': ({ article }) => opened.push(article) },
		renew
	});
	expect(last().url).toBe('/events/?topic=news');
	last().say('ready', {}, 'e-1');
	expect(renew).toHaveBeenCalledTimes(1);
	last().say('article.added', { topic: 'news', data: { article: '7' } }, 'e-2');
	expect(opened).toEqual(['7']);
	last().say('ready', {}, 'e-2'); // the browser came back by itself
	expect(renew).toHaveBeenCalledTimes(1);
	last().say('reset', {}, 'e-9');
	expect(renew).toHaveBeenCalledTimes(2);
	stop();
	expect(last().readyState).toBe(FakeSource.CLOSED);
});

it('comes back after a refusal, later each time, where it was', () => {
	const renew = vi.fn();
	follow({ topics: ['a'], renew });
	last().say('ready', {}, 'e-5');
	last().refuse();
	vi.advanceTimersByTime(4000);
	expect(FakeSource.opened).toHaveLength(2);
	expect(last().url).toBe('/events/?topic=a&after=e-5');
	last().refuse();
	vi.advanceTimersByTime(3900);
	expect(FakeSource.opened).toHaveLength(2);
	vi.advanceTimersByTime(4100);
	expect(FakeSource.opened).toHaveLength(3);
	last().say('ready', {}, 'e-6');
	expect(renew).toHaveBeenCalledTimes(1);
});

it('lets go while nobody sees the page, and goes on from there', () => {
	const see = (hidden: boolean) => {
		page.hidden = hidden;
		page.dispatchEvent(new Event('visibilitychange'));
	};
	see(true);
	const stop = follow({ topics: ['a'] });
	expect(FakeSource.opened).toHaveLength(0);
	see(false);
	last().say('ready', {}, 'e-3');
	see(true);
	expect(last().readyState).toBe(FakeSource.CLOSED);
	see(false);
	expect(last().url).toBe('/events/?topic=a&after=e-3');
	see(true);
	stop();
	see(false);
	expect(FakeSource.opened).toHaveLength(2);
});

it('ends when the right is gone, and when it is stopped while waiting', () => {
	follow({ topics: ['a'] });
	last().say('closed', { reason: 'unauthorized' });
	expect(last().readyState).toBe(FakeSource.CLOSED);
	const stop = follow({ topics: ['b'] });
	last().refuse();
	stop();
	vi.advanceTimersByTime(600_000);
	expect(FakeSource.opened).toHaveLength(2);
});

it('keeps the list of who is in a topic', () => {
	let names: string[] = [];
	follow<object, { name: string }>({
		present: ['article:1'],
		people: (_, people) => {
			names = people.map(({ meta }) => meta.name);
		}
	});
	const say = (type: string, data: unknown) => last().say(type, { topic: 'article:1', data });
	const person = (user: string, name: string) => ({ user, meta: { name } });
	say('presence.here', [person('1', 'Ada'), person('2', 'Bob')]);
	expect(names).toEqual(['Ada', 'Bob']);
	say('presence.joined', person('3', 'Cyd'));
	say('presence.joined', person('3', 'Cyd'));
	say('presence.left', { user: '1' });
	expect(names).toEqual(['Bob', 'Cyd']);
});
