import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { News } from './news.svelte.ts';

type Handlers = {
	topics: string[];
	on: Record<string, (data: unknown) => void>;
	renew: () => void;
};

const followed = vi.hoisted(() => ({ current: undefined as unknown }));
vi.mock('#lib/live/follow.ts', () => ({
	follow: (wish: unknown) => {
		followed.current = wish;
		return () => undefined;
	}
}));
const answers = vi.hoisted(() => ({ unread: 2 }));
vi.mock('#lib/api/index.ts', () => ({
	listNotifications: async () => ({ unread: answers.unread }),
	markNotificationsRead: async () => ({ unread: 0 })
}));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('counts what is told, and believes the server', async () => {
	const news = new News();
	news.listen('7');
	const { topics, on, renew } = followed.current as Handlers;
	expect(topics).toEqual(['user:7']);
	renew();
	await vi.advanceTimersByTimeAsync(0);
	expect(news.unread).toBe(2);
	on.notification?.({ title: 'On its way' });
	expect([news.unread, news.changes]).toEqual([3, 1]);
	on['notifications-read']?.({ unread: 1 });
	expect([news.unread, news.changes]).toEqual([1, 2]);
	await news.readUpTo('some-id');
	expect(news.unread).toBe(0);
});
